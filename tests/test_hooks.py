"""What others run: the hooks of pre-commit, in a real repository, and the steps of the action for GitHub."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WRONG = "Elle ouvre la la porte, et elle sort sans un mot de la maison de son frère.\n"
BLOCKED = "Il y a 50 XNUMX mots de plus.\n"
RIGHT = WRONG.replace("la la", "la")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
CHECK, VERDICT = (step for step in ACTION["runs"]["steps"] if step.get("name") in ("Check", "Verdict"))


def git(*arguments, cwd):
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=cwd, check=True, capture_output=True, timeout=60)


def commit(folder: Path) -> None:
    if not (folder / ".git").exists():
        git("init", "--quiet", cwd=folder)
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--allow-empty", "--message=as it is", cwd=folder)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """This project as a repository that pre-commit can install from."""
    folder = tmp_path_factory.mktemp("qa")
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder)
    # One language is enough here, and packed in a fifth of the time.
    folders = [path.name for path in (ROOT / "qa" / "languages").iterdir() if path.is_dir()]
    others = [name for name in folders if name not in ("fr", "en")]
    shutil.copytree(ROOT / "qa", folder / "qa", ignore=shutil.ignore_patterns("__pycache__", "weights", *others))
    commit(folder)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("pre-commit")


def pre_commit(repository: Path, home: Path):
    """Run the hooks as a commit would, and without a network.

    pip builds and installs the project as it does everywhere; what it needs it finds installed already.
    """
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PRE_COMMIT_HOME": str(home),
        "VIRTUALENV_NO_DOWNLOAD": "1",
        "VIRTUALENV_NO_PERIODIC_UPDATE": "1",
        "PIP_NO_INDEX": "1",
        "PIP_NO_COMPILE": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it as a yes to --no-build-isolation
        "PYTHONPATH": os.pathsep.join(dict.fromkeys([sysconfig.get_path("purelib"), *filter(_packages, sys.path)])),
        "PRE_COMMIT_COLOR": "never",
    }
    command = [sys.executable, "-m", "pre_commit", "run"]
    return subprocess.run(
        command, cwd=repository, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300
    )


def _packages(path: str) -> bool:
    return path.endswith("site-packages")


@pytest.mark.parametrize(
    ("hook", "text", "status", "after"),
    [
        ("qa", WRONG, 1, WRONG),
        ("qa", RIGHT, 0, RIGHT),
        ("qa-gate", RIGHT, 0, RIGHT),
        ("qa-gate", BLOCKED, 1, BLOCKED),
        ("qa-fix", BLOCKED, 1, "Il y a 50\u202f000 mots de plus.\n"),
    ],
)
def test_a_commit_meets_the_hook(hook, text, status, after, published, home, tmp_path):
    revision = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=published, capture_output=True, text=True
    ).stdout.strip()
    hooks = {"repo": str(published), "rev": revision, "hooks": [{"id": hook}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [hooks]}), encoding="utf-8")
    (tmp_path / "qa.toml").write_text('lang = "fr"\n', encoding="utf-8")
    commit(tmp_path)
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    (tmp_path / "a.py").write_text("# la la\n", encoding="utf-8")  # no text
    git("add", "--all", cwd=tmp_path)
    done = pre_commit(tmp_path, home)
    assert done.returncode == status, done.stdout + done.stderr
    assert ("repeated-word" in done.stdout) == (text == WRONG)
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == after


def test_the_action_is_what_github_expects():
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.github-actions",
        ROOT / "action.yml",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_input_is_written_into_a_script():
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


@pytest.fixture
def runner(tmp_path):
    """Run a step of the action as a runner of GitHub would."""
    work, temporary = tmp_path / "work", tmp_path / "temp"
    work.mkdir()
    qa = temporary / "qa" / "bin" / "qa"
    qa.parent.mkdir(parents=True)
    qa.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m qa "$@"\n', encoding="utf-8")
    qa.chmod(qa.stat().st_mode | stat.S_IEXEC)

    def run(step, **values):
        outputs = tmp_path / "outputs"
        outputs.write_text("")
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "RUNNER_TEMP": str(temporary)}
        environment |= {"GITHUB_OUTPUT": str(outputs), **values}
        assert set(step["env"]) == set(values)
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, timeout=120)
        return done, dict(line.split("=", 1) for line in outputs.read_text().splitlines())

    run.work = work
    return run


def test_the_action_annotates_and_reports(runner):
    (runner.work / "a b.md").write_text(WRONG, encoding="utf-8")
    (runner.work / "c.md").write_text(RIGHT, encoding="utf-8")
    done, outputs = runner(CHECK, QA_PATHS="a b.md\nc.md\n", QA_OPTIONS="--lang=fr\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("::error file=a b.md,line=1,endLine=1,col=12,endColumn=17,")
    assert outputs["status"] == "1"
    report = json.loads(Path(outputs["sarif"]).read_text(encoding="utf-8"))
    assert [result["ruleId"] for result in report["runs"][0]["results"]] == ["repeated-word"]


def test_an_input_is_no_command(runner):
    done, outputs = runner(CHECK, QA_PATHS="$(touch hacked); touch hacked", QA_OPTIONS="--lang=fr")
    assert done.returncode == 0
    assert outputs["status"] == "2"
    assert not (runner.work / "hacked").exists()


def test_what_cannot_be_done_leaves_no_report(runner):
    done, outputs = runner(CHECK, QA_PATHS=".", QA_OPTIONS="--lang=xx")
    assert done.returncode == 0
    assert outputs == {"status": "2"}
    assert "unknown language 'xx'" in done.stderr


@pytest.mark.parametrize(
    ("status", "fail", "verdict"),
    [("0", "true", 0), ("1", "true", 1), ("1", "false", 0), ("2", "true", 2), ("2", "false", 2)],
)
def test_the_verdict_is_that_of_the_check(runner, status, fail, verdict):
    done, _ = runner(VERDICT, QA_STATUS=status, QA_FAIL=fail)
    assert done.returncode == verdict
