"""Fingerprints that survive what does not matter, and baselines made of them."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.baseline import Baseline, fingerprints, load
from qa.errors import BadConfiguration
from qa.finding import Diagnostic, Severity
from qa.report import Checked
from qa.text import Span


def names(text, *pieces, rule="elision"):
    return fingerprints(text, diagnostics(text, *pieces, rule=rule))


def diagnostics(text, *pieces, rule="elision"):
    found, last = [], 0
    for piece in pieces:
        start = text.index(piece, last)
        last = start + len(piece)
        found.append(Diagnostic(rule, rule, Severity.MAJOR, 0.9, Span(start, last), piece, "why"))
    return found


LINE = "Où il promet de entamer la réforme de suite."


@pytest.mark.parametrize(
    "text",
    [
        f"Une ligne de plus.\n\n{LINE}",
        f"{LINE}\nEncore une.",
        f"\r\n{LINE}\r\n",
        "OÙ IL PROMET de entamer la réforme de suite.",
        "Où : il promet,  de entamer (la réforme de suite)",
        "Tout un début de phrase, où il promet de entamer la réforme de suite.",
        "Où il promet de entamer la réforme de demain.",
    ],
)
def test_a_finding_is_known_again(text):
    assert names(text, "de entamer") == names(LINE, "de entamer")


@pytest.mark.parametrize(
    "text",
    ["Il promet de  entamer la grande réforme.", "Il refuse de entamer la réforme de suite."],
)
def test_a_finding_among_other_words_is_new(text):
    piece = "de  entamer" if "de  entamer" in text else "de entamer"
    assert names(text, piece) != names(LINE, "de entamer")


def test_the_rule_is_part_of_the_fingerprint():
    assert names(LINE, "de entamer") != names(LINE, "de entamer", rule="agreement")
    assert names(LINE, "de entamer")[0].startswith("elision:")


def test_findings_that_are_alike_are_counted():
    text = f"{LINE}\n{LINE}\n{LINE}"
    found = names(text, "de entamer", "de entamer", "de entamer")
    assert len(set(found)) == 3
    assert found[:2] == names(f"{LINE}\n{LINE}", "de entamer", "de entamer")


@given(st.text(max_size=200), st.data())
def test_fingerprints_of_a_file_differ_whatever_its_text(text, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    found = [
        Diagnostic("elision", "elision", Severity.MAJOR, 0.9, Span(a, b), text[a:b], "why") for a, b in pairwise(cuts)
    ]
    assert len(set(fingerprints(text, found))) == len(found)


def checked(path, text, *pieces):
    return Checked(str(path), text, "text", "fr", tuple(diagnostics(text, *pieces)))


def test_what_a_baseline_knows_is_not_reported(tmp_path):
    old = checked(tmp_path / "docs/a.txt", LINE, "de entamer")
    file = tmp_path / "baseline.json"
    file.write_text(Baseline(tmp_path).dump([old, checked(tmp_path / "clean.txt", "Bien.")]), encoding="utf-8")
    assert list(json.loads(file.read_text(encoding="utf-8"))["files"]) == ["docs/a.txt"]
    again = checked(tmp_path / "docs/a.txt", f"Neuf : de arriver.\n{LINE}", "de arriver", "de entamer")
    assert [each.text for each in load(file).without_known(again).diagnostics] == ["de arriver"]
    elsewhere = checked(tmp_path / "docs/b.txt", LINE, "de entamer")
    assert load(file).without_known(elsewhere) == elsewhere


def test_a_baseline_does_not_depend_on_the_working_folder(tmp_path, monkeypatch):
    (tmp_path / "docs").mkdir()
    monkeypatch.chdir(tmp_path)
    from_above = Baseline(Path()).dump([checked("docs/a.txt", LINE, "de entamer")])
    monkeypatch.chdir(tmp_path / "docs")
    assert Baseline(Path("..")).dump([checked("a.txt", LINE, "de entamer")]) == from_above


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"version": 2, "files": {}}', '{"version": 1, "files": 3}'])
def test_what_is_no_baseline_is_named(tmp_path, text):
    file = tmp_path / "b.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadConfiguration, match=r"b\.json: (not a baseline|a baseline of version 2)"):
        load(file)
    with pytest.raises(BadConfiguration, match=r"--write-baseline makes it"):
        load(tmp_path / "none.json")
