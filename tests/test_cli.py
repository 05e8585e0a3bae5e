"""The command line from outside: each folder of tests/cli is one call.

`cmd.toml` gives the arguments, the exit status and perhaps standard input; `in/` is the folder it runs in; `out.txt` is
what came out, `err.txt` what was said on standard error (nothing, if there is no such file), and `out/` the files that
were written or changed.  Figures that depend on measurements are hidden.  `QA_UPDATE=1 pytest` writes the expectations.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from qa import __version__

ROOT = Path(__file__).parents[1]
CASES = sorted(path.parent for path in (Path(__file__).parent / "cli").glob("*/cmd.toml"))
UPDATE = bool(os.environ.get("QA_UPDATE"))


def qa(*arguments, cwd=None, stdin=b"", **environment):
    """Run the command in a process of its own, with no terminal and no settings of the user's."""
    ours = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "100", "PYTHONUTF8": "1"}
    environment = {**ours, **environment}
    command = [sys.executable, "-m", "qa", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, input=stdin, env=environment, capture_output=True, timeout=120)


def stable(output: bytes) -> str:
    """The output without what changes from one measurement to the next."""
    text = output.decode("utf-8")
    text = re.sub(r"qa\|rules:[^\s\"<]*", "qa|SIGNATURE", text)
    text = re.sub(r'("confidence": )[\d.]+', r"\1CONFIDENCE", text)
    return re.sub(r"\d+%( ·)", r"NN%\1", text)


def snapshot(file: Path, got: str) -> None:
    if UPDATE and got:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(got, encoding="utf-8")
    elif UPDATE:
        file.unlink(missing_ok=True)
    assert got == (file.read_text(encoding="utf-8") if file.is_file() else ""), file


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_case(case, tmp_path):
    command = tomllib.loads((case / "cmd.toml").read_text(encoding="utf-8"))
    work = tmp_path / "in"
    work.mkdir()
    if (case / "in").is_dir():  # a folder without files is not kept by git
        shutil.copytree(case / "in", work, dirs_exist_ok=True)
    before = contents(work)
    done = qa(*command["args"], cwd=work, stdin=command.get("stdin", "").encode("utf-8"))
    assert done.returncode == command["status"], done.stderr.decode()
    snapshot(case / "out.txt", stable(done.stdout))
    snapshot(case / "err.txt", stable(done.stderr))
    changed = {path: data for path, data in contents(work).items() if before.get(path) != data}
    for path, data in changed.items():
        snapshot(case / "out" / path, stable(data))
    assert set(changed) == set(contents(case / "out"))


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_every_failure_is_said_in_one_sentence():
    for case in CASES:
        if (case / "err.txt").is_file():
            for line in (case / "err.txt").read_text(encoding="utf-8").splitlines():
                assert re.match(r"qa: |\d+ (would be )?repaired, \d+ left\.$", line), case.name


def test_the_version_is_the_signature():
    said = qa("--version").stdout.decode()
    assert re.fullmatch(
        rf"qa\|rules:\d+@[0-9a-f]{{8}}\|lexicon:[0-9a-f]{{8}}\|model:off\|v:{re.escape(__version__)}\n", said
    )


@pytest.mark.parametrize(
    "command",
    [[], ["check"], ["fix"], ["gate"], ["serve"], ["lsp"], ["rules"], ["eval"], ["archive"], ["archive", "scan"]],
)
def test_help_names_every_option_and_keeps_its_brackets(command):
    done = qa(*command, "--help")
    assert done.returncode == 0
    assert b"--help" in done.stdout
    assert done.stdout.count(b"[") == done.stdout.count(b"]")


def test_settings_and_options_have_the_same_names():
    from qa.config import SETTINGS, key_of

    said = qa("check", "--help", COLUMNS="200").stdout.decode()
    for name in SETTINGS:
        offered = f"--{key_of(name)} " in said
        assert offered == (name not in ("words", "words_file", "languages")), name


@pytest.fixture
def many(tmp_path):
    for number in range(30):
        text = f"Voici le numéro {number}.\n" + "Elle ouvre la la porte.\n" * (number % 3)
        (tmp_path / f"{number:02}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "bad.txt").write_bytes(b"\xff\xfe\x00")
    return tmp_path


@pytest.mark.parametrize("format", ["json", "html", "sarif"])
def test_several_processes_give_the_same_report(many, format):
    arguments = ["check", *sorted(path.name for path in many.iterdir()), "--lang", "fr", "--format", format]
    one = qa(*arguments, "--select", "repeated-word", cwd=many)
    several = qa(*arguments, "--select", "repeated-word", "--jobs", "3", cwd=many)
    assert (one.returncode, stable(one.stdout), one.stderr) == (
        several.returncode,
        stable(several.stdout),
        several.stderr,
    )
    assert one.stdout.count(b"la la") >= 30


FIX = ["--lang", "fr", "--select", "number-slot"]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")],
)
def test_a_repair_keeps_encoding_mark_and_line_ends(tmp_path, encoding, mark):
    text = "Un début\r\n\r\nIl y a 50 {} habitants,\ndit-on.\r\n"
    file = tmp_path / "a.txt"
    file.write_bytes(mark + text.format("XNUMX").encode(encoding))
    file.chmod(0o640)
    assert qa("fix", "a.txt", *FIX, cwd=tmp_path).returncode == 0
    assert file.read_bytes() == mark + text.format("000").replace("50 ", "50\u202f").encode(encoding)
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    done = qa("fix", "-", *FIX, stdin=mark + text.format("XNUMX").encode(encoding))
    assert done.stdout == file.read_bytes()


def test_a_clean_file_is_not_touched(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("Tout va bien.\n", encoding="utf-8")
    before = file.stat()
    qa("fix", "a.txt", "--lang", "fr", cwd=tmp_path)
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_folder_is_repaired_by_several_processes_alike(tmp_path):
    for copy in ("one", "several"):
        for number in range(12):
            (tmp_path / copy).mkdir(exist_ok=True)
            text = f"Texte {number}.\n\nIl y a 5{number} XNUMX habitants.\n"
            (tmp_path / copy / f"{number}.txt").write_text(text, encoding="utf-8")
    one = qa("fix", *FIX, cwd=tmp_path / "one")
    several = qa("fix", *FIX, "--jobs", "3", cwd=tmp_path / "several")
    assert (one.returncode, one.stdout, one.stderr) == (several.returncode, several.stdout, several.stderr)
    assert contents(tmp_path / "one") == contents(tmp_path / "several")
    assert "XNUMX" not in str(contents(tmp_path / "one"))


@pytest.mark.skipif(shutil.which("patch") is None, reason="`patch` is not installed")
@pytest.mark.parametrize("text", ["{}", "Un.\r\n\r\n{}\r\n\r\nDeux.\r\n", "\n\n{}\nfin"])
def test_patch_applies_the_difference(tmp_path, text):
    file = tmp_path / "a.txt"
    file.write_bytes(text.format("Il y a 50 XNUMX habitants.").encode("utf-8"))
    done = qa("fix", "a.txt", "--diff", *FIX, cwd=tmp_path)
    assert b"XNUMX" in file.read_bytes()
    patched = subprocess.run(["patch", "-p0", "--binary"], cwd=tmp_path, input=done.stdout, capture_output=True)
    assert patched.returncode == 0, patched
    assert file.read_bytes().decode("utf-8") == text.format("Il y a 50\u202f000 habitants.")


def test_rules_are_listed_and_explained():
    from qa.rules import registry

    listed = qa("rules").stdout.decode()
    assert all(name in listed for name in registry())
    rule = registry()["repeated-word"]
    explained = " ".join(qa("rules", rule.id).stdout.decode().split())
    for part in [rule.summary, rule.category, rule.mqm, *(example.text for example in rule.examples)]:
        assert " ".join(re.sub("[⟦⟧]", "", part).split()) in explained


def test_the_reader_of_the_report_may_go_away(many):
    arguments = [sys.executable, "-m", "qa", "check", *sorted(path.name for path in many.iterdir()), "--lang", "fr"]
    with subprocess.Popen(arguments, cwd=many, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        said = process.stderr.read().decode()
    assert "Traceback" not in said


def test_nothing_dear_is_loaded_to_check_a_text(tmp_path):
    (tmp_path / "a.txt").write_text("Elle ouvre la la porte.\n", encoding="utf-8")
    program = (
        "import sys; from qa.cli import app; "
        "app(['check', 'a.txt', '--lang', 'fr', '--select', 'repeated-word'], standalone_mode=False); "
        "print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    loaded = set(done.stderr.split())
    assert "typer" in loaded
    assert not loaded & {
        "babel",
        "duckdb",
        "ftfy",
        "langdetect",
        "markdown_it",
        "numpy",
        "pathspec",
        "pyarrow",
        "pydantic",
        "rich",
        "wcwidth",
    }


class Terminal(io.StringIO):
    """Standard error as if somebody watched it."""

    def isatty(self):
        return True


def test_long_work_shows_its_progress_to_who_watches(monkeypatch):
    from qa.cli import _output

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(_output, "_PATIENCE", -1.0)
    monkeypatch.setattr(sys, "stderr", Terminal())
    assert list(_output.tracked(iter(range(5)), 5, "Checking")) == list(range(5))
    assert "Checking" in sys.stderr.getvalue()


def test_short_work_and_work_unwatched_show_none(monkeypatch):
    from qa.cli import _output

    monkeypatch.setattr(sys, "stderr", Terminal())
    assert list(_output.tracked(iter(range(5)), 5, "Checking")) == list(range(5))
    assert sys.stderr.getvalue() == ""
    monkeypatch.setattr(_output, "_PATIENCE", -1.0)
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert list(_output.tracked(iter(range(5)), 5, "Checking")) == list(range(5))
    assert sys.stderr.getvalue() == ""


@pytest.mark.parametrize(
    ("wish", "terminal", "environment", "expected"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", True, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_follows_the_wish_the_environment_and_the_terminal(monkeypatch, wish, terminal, environment, expected):
    from qa.cli._output import colour

    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert colour(wish, terminal=terminal) == expected


def test_a_report_appears_only_when_it_is_whole(tmp_path):
    from qa.cli._output import destination

    file = tmp_path / "report.txt"
    file.write_text("old", encoding="utf-8")
    with pytest.raises(ZeroDivisionError), destination(file) as stream:
        stream.write("half")
        raise ZeroDivisionError
    assert file.read_text(encoding="utf-8") == "old"
    with destination(file) as stream:
        stream.write("whole")
    assert file.read_text(encoding="utf-8") == "whole"
    assert [path.name for path in tmp_path.iterdir()] == ["report.txt"]
