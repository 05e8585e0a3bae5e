"""The policy: which findings block, which warn, and what `qa gate` makes of it."""

from __future__ import annotations

import json

import pytest
from test_cli import qa

from qa.config import discover
from qa.errors import BadConfiguration
from qa.finding import Diagnostic, Severity
from qa.gate import Gate, Policy, judge
from qa.text import Span


def finding(severity="major", confidence=0.95, rule="elision", category=None):
    return Diagnostic(rule, category or rule, Severity(severity), confidence, Span(0, 1), "x", "why")


def codes(verdict):
    return [(str(each.gate), each.code) for each in verdict.reasons]


def test_a_clean_text_passes():
    verdict = judge([], 500)
    assert (verdict.gate, verdict.reasons, verdict.score) == (Gate.PASS, (), 0)


def test_the_gravest_reason_decides_and_comes_first():
    verdict = judge([finding("minor"), finding("critical")], 10_000)
    assert verdict.gate is Gate.BLOCK
    assert codes(verdict) == [("block", "severity"), ("warn", "severity")]
    assert [each.findings for each in verdict.reasons] == [(1,), (0, 1)]


def test_what_is_only_worth_knowing_passes():
    assert judge([finding("info")] * 50, 100).gate is Gate.PASS


def test_a_doubtful_finding_warns_and_does_not_block_or_score():
    verdict = judge([finding("critical", confidence=0.6)], 100)
    assert (verdict.gate, verdict.score) == (Gate.WARN, 0)
    assert judge([finding("critical", confidence=0.6)], 100, Policy(confidence=0.6)).gate is Gate.BLOCK


def test_the_score_is_penalties_for_a_thousand_words():
    found = [finding("critical"), finding("major"), finding("minor"), finding("info")]
    assert judge(found, 1000).score == 31
    assert judge(found, 2000).score == 15.5


def test_one_slip_does_not_block_a_short_text_and_two_do():
    assert judge([finding()], 5).gate is Gate.WARN
    assert codes(judge([finding(), finding()], 5))[0] == ("block", "score")
    assert judge([finding(), finding()], 5, Policy(block_score=0)).gate is Gate.WARN


def test_the_same_findings_weigh_less_in_a_longer_text():
    found = [finding()] * 5
    assert judge(found, 1000).gate is Gate.BLOCK  # 25 for a thousand words, which is the limit
    assert judge(found, 1001).gate is Gate.WARN


@pytest.mark.parametrize("name", ["leftover", "untranslated", "category:untranslated"])
def test_categories_and_rules_block_by_name(name):
    found = [finding("minor", rule="leftover", category="untranslated")]
    assert codes(judge(found, 9999, Policy(block_categories=(name,))))[0] == ("block", "category")
    assert judge(found, 9999, Policy(block_categories=("elision",))).gate is Gate.WARN


def test_nothing_warns_where_the_policy_says_never():
    policy = Policy(block_severity="never", warn_severity="never", block_score=0)
    assert judge([finding("critical")] * 9, 100, policy).gate is Gate.PASS
    assert (
        judge([finding("critical")] * 9, 100, Policy(block_severity="never", block_score=0, warn_score=5)).gate
        == "warn"
    )


@pytest.mark.parametrize("wish", ["pass", "warn", "block"])
def test_what_was_not_judged_is_the_policys_business(wish):
    policy = Policy(unjudged=wish)
    assert judge([], 0, policy, unjudged=["language unknown"]).gate == wish
    assert judge([], 0, policy, incomplete=True).gate == wish


def test_the_policy_is_read_from_the_configuration(tmp_path):
    text = '[gate]\nblock-severity = "major"\nblock-categories = ["elision"]\nblock-score = 3\nconfidence = 0.5\n'
    (tmp_path / "qa.toml").write_text(text, encoding="utf-8")
    expected = Policy(block_severity="major", block_categories=("elision",), block_score=3.0, confidence=0.5)
    assert discover(tmp_path).gate == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[gate]\nblock_score = 3", r"gate: unknown key 'block_score': did you mean 'block-score'\?"),
        ("gate = 3", "gate is a table"),
        ("[gate]\nblock-severity = 'grave'", "gate.block-severity is one of critical"),
        ("[gate]\nconfidence = 2", "gate.confidence is a number from 0 to 1, not 2"),
        ("[gate]\nblock-score = -1", "gate.block-score is a number from 0 on"),
        ("[gate]\nblock-score = nan", "gate.block-score is a number from 0 on"),
        ("[gate]\nwarn-categories = ['elison']", "unknown rule 'elison'"),
    ],
)
def test_what_is_wrong_in_a_policy_is_named(tmp_path, text, message):
    (tmp_path / "qa.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadConfiguration, match=message):
        discover(tmp_path)


BAD = "Il y a 50 XNUMX soldats en Pologne.\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "bad.txt").write_text(BAD, encoding="utf-8")
    (tmp_path / "good.txt").write_text("Il y a du monde en Pologne.\n", encoding="utf-8")
    return tmp_path


def test_the_command_blocks_with_its_reasons(folder):
    done = qa("gate", "good.txt", "bad.txt", "--lang", "fr", cwd=folder)
    assert (done.returncode, done.stderr) == (1, b"")
    said = done.stdout.decode().splitlines()
    assert said[:3] == ["pass good.txt", "block bad.txt", "  block: 1 finding of severity critical."]
    assert "    1:8 number-slot 50 XNUMX" in said


def test_the_command_lets_pass_and_warns(folder):
    assert qa("gate", "good.txt", "--lang", "fr", cwd=folder).returncode == 0
    (folder / "qa.toml").write_text("[gate]\nblock-severity = 'never'\nblock-score = 0\n", encoding="utf-8")
    done = qa("gate", "bad.txt", "--lang", "fr", cwd=folder)
    assert (done.returncode, done.stdout.decode().split("\n")[0]) == (0, "warn bad.txt")


def test_a_file_that_cannot_be_read_is_no_pass(folder):
    done = qa("gate", "good.txt", "nowhere.txt", "--lang", "fr", cwd=folder)
    assert (done.returncode, done.stderr) == (2, b"qa: nowhere.txt: no such file or directory\n")


def test_a_language_that_is_not_known_is_the_policys_business(folder):
    (folder / "odd.txt").write_text("Qwrt zxcv.\n", encoding="utf-8")
    done = qa("gate", "odd.txt", cwd=folder)
    assert (done.returncode, done.stdout.decode().split("\n")[0]) == (0, "warn odd.txt")
    (folder / "qa.toml").write_text("[gate]\nunjudged = 'block'\n", encoding="utf-8")
    assert qa("gate", "odd.txt", cwd=folder).returncode == 1


def test_known_findings_do_not_block(folder):
    qa("check", "bad.txt", "--lang", "fr", "--baseline", "known.json", "--write-baseline", cwd=folder)
    assert qa("gate", "bad.txt", "--lang", "fr", "--baseline", "known.json", cwd=folder).returncode == 0


def test_the_answer_as_json(folder):
    done = qa("gate", "--format", "json", "bad.txt", "good.txt", "--lang", "fr", cwd=folder)
    bad, good = json.loads(done.stdout)["files"]
    assert (bad["gate"], bad["reasons"][0]["code"], good["gate"], good["reasons"]) == ("block", "severity", "pass", [])
    assert bad["reasons"][0]["fingerprints"][0].startswith("number-slot:")
    assert qa("gate", "--format", "xml", cwd=folder).returncode == 2
