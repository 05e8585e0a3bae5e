"""Samples, audits, comparisons and repairs of an archive's runs."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest
from archive_runs import finding, row, scanned, write_run
from test_cli import qa

from qa.archive.report.audit import audit, read_sample
from qa.archive.report.compare import compared
from qa.archive.report.mend import difference
from qa.archive.report.sample import About, allotted, draw, write
from qa.errors import QaError
from qa.rewrite import apply

PAGES = {
    "fr/slots.txt": "Il y avait 50 XNUMX livres dans la bibliothèque de la ville.\n",
    "fr/elision.md": "# Le titre\n\nElle promet de entamer la réforme de l'école.\n",
    "fr/page.html": '<html lang="fr"><p>Le test lit « %  s » et <b>Elle promet de entamer la réforme.</b></p></html>\n',
    "fr/clean.txt": "Le jardin de la ville est ouvert toute la journée.\n",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """A folder of pages, and the run over it."""
    folder = tmp_path_factory.mktemp("archive")
    for name, text in PAGES.items():
        file = folder / "site" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode("utf-8"))
    (folder / "site/fr/marked.txt").write_bytes(b"\xef\xbb\xbf" + "Elle promet de entamer la réforme.\r\n".encode())
    rows = [{"id": f"r{n}", "text": PAGES["fr/slots.txt"], "language": "fr"} for n in range(3)]
    (folder / "rows.jsonl").write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
    return folder, scanned(folder / "run", folder / "site", folder / "rows.jsonl", language="fr")


def contents(folder):
    return {file: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.rglob("*") if file.is_file()}


# Samples


def test_small_strata_are_taken_whole():
    assert allotted({"a": 1000, "b": 3, "c": 1000}, 100) == {"a": 48, "b": 3, "c": 49}
    assert allotted({"a": 5}, 100) == {"a": 5}
    assert allotted({}, 100) == {}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Two rules, one of them rare."""
    rows = [
        row(f"p{n}", finding(start=n), *[finding("elision", f"de {n}", category="elision")] * (n % 10 == 0))
        for n in range(200)
    ]
    return write_run(tmp_path_factory.mktemp("sampled") / "run", rows)


def test_a_sample_follows_from_its_seed(run):
    first, again, other = draw(run, 50, 0, 1), draw(run, 50, 0, 1), draw(run, 50, 0, 2)
    assert write(first, "jsonl") == write(again, "jsonl")
    assert {each["id"] for each in first.findings} != {each["id"] for each in other.findings}


def test_a_sample_has_of_every_rule(run):
    drawn = draw(run, 50, 0, 1)
    rules = [each["rule"] for each in drawn.findings]
    assert (rules.count("elision"), rules.count("number-slot")) == (20, 30)
    weights = {each["rule"]: each["weight"] for each in drawn.findings}
    assert weights == {"elision": 1.0, "number-slot": round(200 / 30, 3)}
    assert len({each["id"] for each in drawn.findings}) == 50


def test_sampled_pages_show_what_was_found(archive):
    _, run = archive
    pages = {each["record"].rpartition("/")[2]: each for each in draw(run, 0, 100, 1).pages}
    assert len(pages) == 8
    assert pages["slots.txt"]["text"] == "Il y avait ⟦50 XNUMX⟧ livres dans la bibliothèque de la ville."
    assert pages["elision.md"]["text"] == "Le titre\n\nElle promet ⟦de entamer⟧ la réforme de l'école."
    assert "⟦" not in pages["clean.txt"]["text"]


# Audits


def labelled(right, wrong, rule="a"):
    return [{"id": n, "rule": rule, "label": "right" if n < right else "wrong"} for n in range(right + wrong)]


def test_an_audit_of_everything_is_certain():
    found = audit(About("run", 1, 10, 1000, {"a": 10}), labelled(7, 3), [])
    assert (found.true_defects.low, found.true_defects.value, found.true_defects.high) == (7, 7, 7)
    assert found.recall is None


def test_where_all_is_right_all_may_be_right():
    found = audit(About("run", 1, 10, 1000, {"a": 100, "b": 100}), [*labelled(20, 0), *labelled(20, 0, "b")], [])
    assert (found.true_defects.high, found.precision.high) == (200, 1)
    assert found.true_defects.low < 198


def test_an_audit_weighs_rules_by_what_they_found():
    about = About("run", 1, 1000, 100_000, {"a": 1000, "b": 10})
    found = audit(about, [*labelled(50, 50), *labelled(10, 0, "b")], [])
    assert found.true_defects.value == pytest.approx(510, abs=1)
    assert found.precision.low < 0.505 < found.precision.high
    assert found.true_defects.high - found.true_defects.low < 220


def test_pages_read_in_full_tell_what_was_overlooked():
    pages = [{"record": n, "words": 100, "overlooked": n % 2} for n in range(200)]
    found = audit(About("run", 1, 1000, 100_000, {"a": 1000}), labelled(100, 0), pages)
    assert found.overlooked is not None and found.all_defects is not None and found.recall is not None
    assert found.overlooked.value == pytest.approx(500)
    assert found.overlooked.low < 500 < found.overlooked.high
    assert found.recall.value == pytest.approx(2 / 3, abs=0.01)


def test_what_is_not_labelled_counts_for_nothing():
    rows = [*labelled(5, 0), {"id": 9, "rule": "a", "label": ""}, {"id": 10, "rule": "a", "label": "Unsure"}]
    found = audit(About("run", 1, 10, 1000, {"a": 100, "b": 50}), rows, [{"record": "x", "words": 5, "overlooked": ""}])
    assert (found.labelled, found.unsure, found.pages) == (5, 1, 0)
    # Nothing is known of the other rule: its findings may all be right or all be wrong.
    assert found.true_defects.high - found.true_defects.low > 45


@pytest.mark.parametrize(
    ("findings", "pages", "why"),
    [
        ([], [], "nothing is labelled"),
        ([{"id": 1, "rule": "a", "label": "perhaps"}], [], "none of right, wrong, unsure"),
        ([{"id": 1, "rule": "z", "label": "right"}], [], "not one of the sample's"),
        (labelled(1, 0), [{"record": "x", "words": 5, "overlooked": "two"}], "is a number of defects"),
    ],
)
def test_labels_that_say_nothing_are_refused(findings, pages, why):
    with pytest.raises(QaError, match=why):
        audit(About("run", 1, 10, 1000, {"a": 10}), findings, pages)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_labels_go_there_and_back(run, tmp_path, form):
    drawn = draw(run, 40, 0, 1)
    for name, text in write(drawn, form).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    about, findings, pages = read_sample(str(tmp_path))
    assert about == drawn.about
    assert [each["id"] for each in findings] == [each["id"] for each in drawn.findings]
    assert pages == []


# Comparisons


def test_what_was_cured_and_what_appeared(tmp_path):
    kept, moved = finding(), finding("elision", "de entamer", start=10)
    old = [row("a", kept, moved, finding("agreement", "un solution")), row("gone", kept)]
    new = [row("a", kept, {**moved, "start": 50}, finding("mojibake", "Ã©")), row("new", kept)]
    with compared(write_run(tmp_path / "old", old), write_run(tmp_path / "new", new)) as found:
        assert (found.both, found.gone, found.new, found.appeared) == (1, 1, 1, 1)
        assert {(each["change"], each["page"][-3:], each["rule"]) for each in found.differences()} == {
            ("cured", "e/a", "agreement"),
            ("appeared", "e/a", "mojibake"),
            ("page gone", "one", "number-slot"),
            ("new page", "new", "number-slot"),
        }
        for each in found.rules:
            assert each.before - each.cured - each.gone + each.appeared + each.new == each.after


def test_of_alike_defects_each_counts(tmp_path):
    old = write_run(tmp_path / "old", [row("a", *[finding(start=n) for n in range(3)])])
    new = write_run(tmp_path / "new", [row("a", finding(start=7))])
    with compared(old, new) as found:
        assert [(each.cured, each.appeared) for each in found.rules] == [(2, 0)]


# Repairs


def test_the_difference_of_two_texts_makes_one_the_other():
    for old, new in [
        ("a b c", "a b c"),
        ("", "a"),
        ("Il promet de entamer de entamer.", "Il promet d'entamer d'entamer."),
        ("x  y z z z", "x y zz"),
        ("ab", "ba"),
    ]:
        assert apply(old, difference(old, new)) == new


def test_copies_are_repaired_and_the_input_is_not_touched(archive, tmp_path):
    folder, run = archive
    before = contents(folder)
    done = qa("archive", "fix", run, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr.decode()
    assert contents(folder) == before
    copies = tmp_path / "out" / "pages" / "site" / "fr"
    assert sorted(file.name for file in copies.iterdir()) == ["elision.md", "marked.txt", "page.html", "slots.txt"]
    assert (copies / "slots.txt").read_text(encoding="utf-8").startswith("Il y avait 50\u202f000 livres")
    assert (copies / "marked.txt").read_bytes() == b"\xef\xbb\xbf" + "Elle promet d'entamer la réforme.\r\n".encode()
    records = [json.loads(line) for line in (tmp_path / "out" / "records.jsonl").read_text().splitlines()]
    assert [each["id"] for each in records] == ["r0", "r1", "r2"]
    assert all("50\u202f000" in each["text"] for each in records)


def test_a_patch_makes_the_original_the_copy(archive, tmp_path):
    folder, run = archive
    assert qa("archive", "fix", run, "--out", tmp_path / "out").returncode == 0
    patches = [json.loads(line) for line in (tmp_path / "out" / "patches.jsonl").read_text().splitlines()]
    assert len(patches) == 7
    for each in patches:
        if each["source"].endswith(".jsonl"):
            continue
        text = Path(each["source"]).read_bytes().decode("utf-8-sig")
        assert hashlib.sha256(text.encode()).hexdigest() == each["sha256"]
        for edit in reversed(each["edits"]):
            assert text[edit["start"] : edit["end"]] == edit["text"]
            text = text[: edit["start"]] + edit["replacement"] + text[edit["end"] :]
        copy = tmp_path / "out" / "pages" / each["source"][len(str(folder)) + 1 :]
        assert copy.read_bytes().decode("utf-8-sig") == text


def test_a_changed_input_is_not_repaired(tmp_path):
    page = tmp_path / "page.txt"
    page.write_text(PAGES["fr/slots.txt"], encoding="utf-8")
    run = scanned(tmp_path / "run", page, language="fr")
    page.write_text("Il y avait autre chose.\n", encoding="utf-8")
    done = qa("archive", "fix", run, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr.decode().count("\n")) == (2, 1)
    assert "has changed since it was scanned" in done.stderr.decode()


def test_repairs_go_into_no_input_and_no_full_folder(archive, tmp_path):
    folder, run = archive
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").touch()
    for out, why in [(folder / "site/out", "lies in an input"), (tmp_path / "full", "is not empty")]:
        done = qa("archive", "fix", run, "--out", out)
        assert (done.returncode, why in done.stderr.decode()) == (2, True)


# The commands


def test_from_scan_to_report(archive, tmp_path):
    _, run = archive
    sample = tmp_path / "sample"
    assert qa("archive", "sample", run, "--out", sample, "--pages", 2).returncode == 0
    with (sample / "findings.csv").open(encoding="utf-8", newline="") as file:
        rows = [{**each, "label": "right"} for each in csv.DictReader(file)]
    with (sample / "findings.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    again = qa("archive", "sample", run, "--out", sample)
    assert (again.returncode, "perhaps with labels" in again.stderr.decode()) == (2, True)
    done = qa("archive", "audit", sample)
    assert (done.returncode, "precision     100.0%" in done.stdout.decode()) == (0, True), done.stderr
    done = qa(
        "archive", "report", run, "-o", tmp_path / "r.html", "--csv", tmp_path / "csv", "--xlsx", tmp_path / "r.xlsx"
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert f"labelled {len(rows)} findings" in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert (tmp_path / "csv" / "causes.csv").is_file() and (tmp_path / "r.xlsx").is_file()


def test_exit_codes(archive, tmp_path):
    _, run = archive
    assert qa("archive", "diff", run, run).returncode == 0
    empty = write_run(tmp_path / "empty", [row("x")])
    fresh = write_run(tmp_path / "fresh", [row("x", finding())])
    assert qa("archive", "diff", empty, fresh).returncode == 1
    for command in (["report", tmp_path], ["sample", tmp_path, "--out", tmp_path / "s"], ["diff", tmp_path, run]):
        done = qa("archive", *command)
        assert (done.returncode, done.stderr.decode().count("\n")) == (2, 1), done.stderr.decode()
    assert qa("archive", "audit", tmp_path).returncode == 2
