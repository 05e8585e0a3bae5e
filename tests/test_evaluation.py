"""The measure of the gold spans, and M2 export."""

from __future__ import annotations

import importlib.util
import json
import random
from pathlib import Path

import pytest

from qa.errors import UnreadableFile
from qa.evaluation import Gold, GoldSpan, Tally, read_gold, score, table, total
from qa.finding import Diagnostic, Severity
from qa.m2 import of_diagnostics, of_gold
from qa.text import Span

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples"
SCORER = ROOT.parent / "shared/gold/score.py"


def found(start, end, *suggestions, category="case", severity=Severity.MAJOR, text=""):
    return Diagnostic("case", category, severity, 0.9, Span(start, end), text, "why", (), suggestions)


def gold(*spans):
    return Gold(
        Path("x.txt"),
        "fr",
        tuple(GoldSpan(Span(a, b), tuple(fixes), category, level) for a, b, fixes, category, level in spans),
    )


TEXT = "Elle ouvre la la porte de entrée, puis le ferme ."
REFERENCE = gold(
    (11, 16, ["la"], "repeated-word", "must"),
    (23, 32, ["d'entrée", "d’entrée"], "elision", "must"),
    (39, 41, ["la"], "agreement", "should"),
    (47, 48, [""], "spacing", "may"),
)


def test_a_repair_may_cover_more_or_less_than_the_gold_span():
    findings = [found(14, 17, "", category="repeated-word"), found(20, 27, "e d'en")]
    verdicts = score(REFERENCE, TEXT, findings).verdicts
    assert verdicts[0].detected and verdicts[0].repaired_first
    assert verdicts[1].detected and not verdicts[1].repaired_first
    wide = score(REFERENCE, TEXT, [found(17, 32, "porte d’entrée")]).verdicts[1]
    assert wide.repaired_first


def test_a_later_repair_counts_as_any():
    verdict = score(REFERENCE, TEXT, [found(23, 32, "à entrée", "d'entrée")]).verdicts[1]
    assert (verdict.repaired, verdict.repaired_first) == (True, False)


def test_findings_may_repair_a_span_together():
    reference = gold((0, 7, ["b d"], "other", "must"))
    apart = score(reference, "a b c d", [found(0, 2, ""), found(4, 6, "")])
    assert apart.verdicts[0].repaired_first


def test_an_empty_finding_detects_what_it_lies_in_or_at():
    assert score(REFERENCE, TEXT, [found(32, 32, ",")]).verdicts[1].detected
    assert not score(REFERENCE, TEXT, [found(33, 33, ",")]).verdicts[1].detected


def test_false_alarms_are_loud_findings_away_from_every_gold_span():
    findings = [
        found(0, 4, "Il"),
        found(39, 41, "la"),  # should: right, though not counted as gold
        found(47, 48, ""),  # may
        found(5, 10, "", category="typography"),
        found(5, 10, "", severity=Severity.INFO),
    ]
    scored = score(REFERENCE, TEXT, findings)
    assert [alarm.span.start for alarm in scored.false_alarms] == [0]
    assert len(scored.findings) == 3
    tallies = total([scored])
    assert tallies["all"] == Tally(gold=2, findings=3, false_alarms=1, words=11)
    assert tallies["category case"].per_thousand == pytest.approx(1000 / 11)
    assert total([scored], ["must", "should"])["all"].detected == 1


def test_figures_follow_from_the_counts():
    tally = Tally(gold=10, detected=5, repaired=4, repaired_first=3, findings=8, false_alarms=2, words=4000)
    assert (tally.recall, tally.repair_any, tally.repair_first) == (0.5, 0.4, 0.3)
    assert (tally.precision, tally.per_thousand) == (0.75, 0.5)
    assert tally.f_half == pytest.approx(1.25 * 0.75 * 0.5 / (0.25 * 0.75 + 0.5))
    assert Tally().f_half == Tally().precision == Tally().recall == 0.0


def test_the_table_has_a_line_for_each_part():
    lines = list(table(total([score(REFERENCE, TEXT, [found(11, 16, "la", category="repeated-word")])])))
    assert [line.split()[0] for line in lines[1:]] == ["all", "lang", "category", "category"]
    assert "50.0%" in lines[1] and "100.0%" in lines[1]


def test_gold_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "a.gold.json").write_text("{}", encoding="utf-8")
    with pytest.raises(UnreadableFile, match=r"a\.gold\.json: not a gold file"):
        list(read_gold(tmp_path))


# --- the same figures as the scorer of the gold texts ---


@pytest.fixture(scope="module")
def scorer():
    if not SCORER.is_file():
        pytest.skip("../shared/gold/score.py is not here")
    spec = importlib.util.spec_from_file_location("scorer", SCORER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def record(finding):
    return {
        "start": finding.span.start,
        "end": finding.span.end,
        "category": finding.category,
        "severity": str(finding.severity),
        "suggestions": list(finding.suggestions),
    }


def guesses(text, reference, rng):
    """Findings of every quality on and beside the gold spans, apart from each other."""
    last = 0
    for span in sorted(reference.spans, key=lambda span: span.span):
        start = span.span.start + rng.randint(-6, 6)
        end = span.span.end + rng.randint(-6, 6)
        if start < last or end < start or end > len(text):
            continue
        if rng.random() < 0.2:
            end = start
        last = end
        head, tail = text[min(start, span.span.start) : span.span.start], text[span.span.end : end]
        inner = text[start:end].replace(text[span.span.start : span.span.end], rng.choice([*span.fixes, "x"]))
        options = [inner, text[start:end], "", head + rng.choice([*span.fixes, "y"]) + tail]
        suggestions = rng.sample(options, rng.randint(0, 3))
        category = rng.choice(["case", "typography", "elision"])
        yield found(start, end, *suggestions, category=category, severity=rng.choice(list(Severity)))


def test_verdicts_agree_with_the_scorer_whatever_is_found(scorer):
    (reference,) = read_gold(SAMPLE)
    text = reference.path.read_text(encoding="utf-8")
    raw = json.loads((SAMPLE / "trump-poutine.fr.gold.json").read_text(encoding="utf-8"))["spans"]
    rng = random.Random(7)
    repaired = 0
    for _ in range(300):
        findings = list(guesses(text, reference, rng))
        verdicts, alarms, loud = scorer.score_doc(text, raw, list(map(record, findings)))
        scored = score(reference, text, findings)
        mine = [(v.detected, v.repaired, v.repaired_first) for v in scored.verdicts]
        assert mine == [(detected, anyhow, first) for _, detected, anyhow, first in verdicts]
        assert list(map(record, scored.false_alarms)) == alarms
        assert list(map(record, scored.findings)) == loud
        repaired += sum(first for *_, first in mine)
    assert repaired > 300  # the guesses were worth judging


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it leaves its report open
def test_the_command_agrees_with_the_scorer_figure_for_figure(scorer, tmp_path, capsys, monkeypatch):
    from qa.cli import app

    text = SAMPLE / "trump-poutine.fr.txt"
    report = tmp_path / "report.json"
    arguments = ["check", str(text), "--lang", "fr", "--format", "json", "--exit-zero", "-o", str(report)]
    assert app(arguments, standalone_mode=False) == 0
    monkeypatch.setattr("sys.argv", ["score.py", str(SAMPLE), str(report)])
    scorer.main()
    theirs = {}
    for line in capsys.readouterr().out.splitlines()[1:]:
        name, figures = line[:28].strip(), line[28:].split()
        theirs[name.replace("ALL", "all").replace("cat ", "category ")] = figures
    assert app(["eval", str(SAMPLE), "--format", "json"], standalone_mode=False) == 0
    mine = json.loads(capsys.readouterr().out)["figures"]
    assert theirs and set(theirs) <= set(mine)
    for name, figures in theirs.items():
        tally = mine[name]
        percentages = [f"{tally[key]:.1%}" for key in ("recall", "repair@any", "repair@1")]
        assert figures[:4] == [str(tally["gold"]), *percentages]
        if figures[4:]:
            whole = [f"{tally['precision']:.1%}", f"{tally['f0.5']:.3f}", f"{tally['false_alarms_per_1000_words']:.2f}"]
            assert figures[4:] == whole


# --- M2 ---


def test_m2_says_what_is_missing_unneeded_and_replaced():
    findings = [
        found(11, 16, "la", category="repeated-word"),
        found(23, 32, "d'entrée", category="elision"),
        found(39, 41, category="agreement"),
        found(47, 49, ".", category="spacing"),
    ]
    assert list(of_diagnostics(TEXT + "\n\nFin du texte\n", findings)) == [
        "S Elle ouvre la la porte de entrée, puis le ferme .",
        "A 3 4|||U:repeated-word||||||REQUIRED|||-NONE-|||0",
        "A 5 7|||R:elision|||d'entrée,|||REQUIRED|||-NONE-|||0",
        "A 8 9|||UNK|||le|||REQUIRED|||-NONE-|||0",
        "A 9 11|||R:spacing|||ferme.|||REQUIRED|||-NONE-|||0",
        "",
        "S Fin du texte",
        "A -1 -1|||noop|||-NONE-|||REQUIRED|||-NONE-|||0",
        "",
    ]


def test_m2_insertions_stand_between_tokens():
    assert list(of_diagnostics("a c", [found(1, 1, " b", category="missing-word")]))[1] == (
        "A 1 1|||M:missing-word|||b|||REQUIRED|||-NONE-|||0"
    )


def test_m2_of_gold_has_an_annotator_for_each_accepted_repair():
    lines = list(of_gold(TEXT, REFERENCE))
    assert lines[1:-1] == [
        "A 3 4|||U:repeated-word||||||REQUIRED|||-NONE-|||0",
        "A 5 7|||R:elision|||d'entrée,|||REQUIRED|||-NONE-|||0",
        "A 3 4|||U:repeated-word||||||REQUIRED|||-NONE-|||1",
        "A 5 7|||R:elision|||d’entrée,|||REQUIRED|||-NONE-|||1",
    ]


@pytest.mark.parametrize("seed", range(40))
def test_m2_edits_carry_out_the_repairs(seed):
    rng = random.Random(seed)
    words = [rng.choice(["le", "la", "une", "porte,", "d'eau", "«mot»"]) for _ in range(12)]
    text = " ".join(words)
    findings, last = [], 0
    while last < len(text) - 8:
        start = last + rng.randint(0, 4)
        end = start + rng.randint(0, 5)
        findings.append(found(start, end, rng.choice(["", " ", "x", "a b", " y ", text[start:end].upper()])))
        last = end + rng.randint(0, 3)
    repaired, at = "", 0
    for finding in findings:
        repaired += text[at : finding.span.start] + finding.suggestions[0]
        at = finding.span.end
    repaired += text[at:]
    head, *edits = of_diagnostics(text, findings)
    tokens = head.split()[1:]
    for edit in reversed([edit for edit in edits if edit]):
        place, _, new = edit.removeprefix("A ").split("|||")[:3]
        start, end = map(int, place.split())
        if start >= 0:
            tokens[start:end] = new.split()
    assert tokens == repaired.split()
