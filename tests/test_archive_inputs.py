"""What a scan reads: every format gives the same pages, whole files or damaged ones."""

from __future__ import annotations

import datetime

import archive_files as make
import pytest
from archive_files import FINDINGS, PAGES, compressed, scanned

from qa.archive.inputs import Reading
from qa.archive.inputs.sitemap import Note, note_of
from qa.archive.record import date_of
from qa.errors import QaError

FILES = {
    "a.jsonl": make.jsonl(),
    "a.ndjson.gz": compressed(make.jsonl(), ".gz"),
    "a.jsonl.zst": compressed(make.jsonl(), ".zst"),
    "a.csv": make.table(),
    "a.csv.xz": compressed(make.table(), ".xz"),
    "a.tsv": make.table(separator="\t"),
    "semicolons.csv": b"\xef\xbb\xbf" + make.table(separator=";"),
    "a.parquet": make.parquet(),
    "a.warc": make.warc(),
    "a.warc.gz": compressed(make.warc(), ".gz"),
    "a.xml": make.wxr(),
    "a.wxr.gz": compressed(make.wxr(), ".gz"),
}


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_same_pages(tmp_path, name):
    file = tmp_path / name
    file.write_bytes(FILES[name])
    found = scanned(file, out=tmp_path / "out")
    assert [len(row["findings"]) for row in found] == FINDINGS
    assert [row["url"] for row in found] == [page["url"] for page in PAGES]
    assert [row["site"] for row in found] == [f"journal{number % 2}.example" for number in range(7)]
    assert [row["date"] for row in found] == [datetime.date(2021, 3, number + 1) for number in range(7)]
    assert {(row["status"], row["language"]) for row in found} == {("checked", "fr")}
    assert len({row["record"] for row in found}) == 7
    assert {row["source"] for row in found} == {str(file)}
    assert len(list((tmp_path / "out" / "shards").iterdir())) == 3


def test_offsets_are_those_of_the_record_and_contexts_those_of_the_paragraph(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(make.jsonl())
    row = scanned(tmp_path / "a.jsonl", out=tmp_path / "out")[2]
    first, second = row["findings"]
    text = PAGES[2]["text"]
    for finding in (first, second):
        assert text[finding["start"] : finding["end"]] == finding["text"]
        assert (finding["before"] + finding["text"]).startswith("Elle ouvre la")
        assert finding["after"].endswith("porte du jardin.")
        assert not finding["boundary"]
    assert first["block"] == second["block"]
    assert first["start"] < second["start"]


def test_pages_of_a_folder_and_what_the_sitemap_says_of_them(tmp_path):
    site = tmp_path / "site"
    for name in ("news/a.html", "news/b/index.html", "loose.md", "notes.txt", ".hidden.md"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text("Elle ouvre la <b>la porte</b>." if name.endswith("html") else "La la porte.")
    (site / "picture.png").write_bytes(b"\x89PNG")
    (site / "sitemap.xml").write_text(
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<url><loc>https://journal.example/news/a</loc><lastmod>2020-05-01T10:00:00+02:00</lastmod></url>"
        "<url><loc>https://journal.example/news/b/</loc></url></urlset>"
    )
    found = {row["record"].removeprefix(f"{site}/"): row for row in scanned(site, out=tmp_path / "out")}
    assert set(found) == {"news/a.html", "news/b/index.html", "loose.md", "notes.txt"}
    assert (found["news/a.html"]["url"], found["news/a.html"]["date"]) == (
        "https://journal.example/news/a",
        datetime.date(2020, 5, 1),
    )
    assert (found["news/b/index.html"]["url"], found["news/b/index.html"]["date"]) == (
        "https://journal.example/news/b/",
        None,
    )
    assert found["loose.md"]["url"] is None
    assert found["news/a.html"]["findings"][0]["boundary"]


@pytest.mark.parametrize(
    ("file", "address"),
    [
        ("a.html", "a.html"),
        ("a.html", "a"),
        ("x/index.html", "x"),
        ("index.html", ""),
        ("www.site.example/x/a.html", "x/a"),
    ],
)
def test_a_file_of_a_mirror_is_the_page_of_an_address(file, address):
    note = Note(f"https://site.example/{address}", None)
    assert note_of(file, {address: note}) is note
    assert note_of(file, {"else": note}) is None


def test_columns_are_mapped_by_the_user(tmp_path):
    pages = [{"nummer": 7, "inhalt": "La la porte.", "stand": 1600000000, "wo": "https://a.example/x"}]
    (tmp_path / "a.jsonl").write_bytes(make.jsonl(pages))
    reading = Reading({"id": "nummer", "text": "inhalt", "date": "stand", "url": "wo"})
    (row,) = scanned(tmp_path / "a.jsonl", out=tmp_path / "out", reading=reading)
    assert (row["record"], row["site"], row["date"]) == ("7", "a.example", datetime.date(2020, 9, 13))
    with pytest.raises(QaError, match=r"which column is the text\? .* of nummer, inhalt"):
        scanned(tmp_path / "a.jsonl", out=tmp_path / "other")
    with pytest.raises(QaError, match="no column 'x' for text"):
        scanned(tmp_path / "a.jsonl", out=tmp_path / "third", reading=Reading({"text": "x"}))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2021-03-04", "2021-03-04"),
        ("2021-03-04T23:59:59Z", "2021-03-04"),
        ("Thu, 04 Mar 2021 10:00:00 +0000", "2021-03-04"),
        (1614816000, "2021-03-04"),
        (1614816000000, "2021-03-04"),
        (datetime.datetime(2021, 3, 4, 5), "2021-03-04"),
        ("gestern", None),
        (True, None),
        (10**30, None),
        (float("nan"), None),
        (None, None),
    ],
)
def test_dates_are_understood_or_left_out(value, day):
    assert date_of(value) == (day and datetime.date.fromisoformat(day))


def test_a_broken_record_costs_itself_alone(tmp_path):
    good = make.jsonl(PAGES[:1])
    lines = [b"{not json\n", b"[1]\n", b'{"id": "n", "text": null}\n', b'{"id": "s", "text": "\\ud800 la la"}\n']
    (tmp_path / "a.jsonl").write_bytes(good + b"\n" + b"".join(lines) + good)
    found = scanned(tmp_path / "a.jsonl", out=tmp_path / "out")
    assert [row["status"] for row in found] == [
        "checked",
        "quarantined",
        "quarantined",
        "skipped",
        "checked",
        "checked",
    ]
    assert found[1]["reason"].startswith("no JSON: ")
    assert found[1]["record"] == f"{tmp_path / 'a.jsonl'}#1"
    assert found[3]["reason"] == "no text"
    quarantine = (tmp_path / "out" / "quarantine.jsonl").read_text()
    assert quarantine.count("\n") == 2
    assert '"reason": "no JSON object"' in quarantine


def test_rows_of_a_table_that_do_not_fit_are_quarantined(tmp_path):
    (tmp_path / "a.csv").write_bytes(b'id,text\n1,"La la\nporte."\n2\n3,caf\xe9\n4,\n')
    found = scanned(tmp_path / "a.csv", out=tmp_path / "out")
    assert [(row["status"], row["reason"]) for row in found] == [
        ("checked", None),
        ("quarantined", "1 columns, where the header has 2"),
        ("quarantined", "column 'text' is not UTF-8"),
        ("skipped", "no text"),
    ]


def test_an_undecodable_page_is_quarantined(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"caf\xe9 au lait")
    (row,) = scanned(tmp_path / "in", out=tmp_path / "out")
    assert (row["status"], row["reason"]) == ("quarantined", "not UTF-8: 0xE9 at byte 3 begins no character")


@pytest.mark.parametrize("name", ["a.ndjson.gz", "a.jsonl.zst", "a.csv.xz", "a.warc.gz", "a.wxr.gz"])
def test_of_a_file_that_was_cut_off_the_rest_is_reported_as_lost(tmp_path, name):
    pages = [{**page, "text": page["text"] + f" {number * 7919 % 1000003}"} for number in range(300) for page in PAGES]
    whole = {"jsonl": make.jsonl, "ndjson": make.jsonl, "csv": make.table, "warc": make.warc, "wxr": make.wxr}
    data = compressed(whole[name.split(".")[1]](pages), "." + name.split(".")[-1])
    (tmp_path / name).write_bytes(data[: len(data) * 3 // 4])
    *read, last = scanned(tmp_path / name, out=tmp_path / "out", limits=make.Limits(records=500))
    assert 900 < len(read) < len(pages)
    assert all(row["status"] == "checked" for row in read[:-1])
    assert (last["record"], last["status"]) == (str(tmp_path / name), "quarantined")
    assert last["reason"].startswith("the file is damaged, and what follows was not read: ")


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl.gz", "a.csv.zst", "a.warc.gz", "a.xml"])
def test_a_file_that_is_something_else_is_reported_as_damaged(tmp_path, name):
    (tmp_path / name).write_bytes(b"This is not what the name says." * 100)
    (row,) = scanned(tmp_path / name, out=tmp_path / "out")
    assert row["reason"].startswith("the file is damaged")


def test_what_cannot_be_scanned_is_said_in_a_sentence(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"PK")
    with pytest.raises(QaError, match="no format we know"):
        scanned(tmp_path / "a.docx", out=tmp_path / "out")
    with pytest.raises(QaError, match="no such file"):
        scanned(tmp_path / "gone.jsonl", out=tmp_path / "out")
    with pytest.raises(QaError, match="nothing matches"):
        scanned(tmp_path / "*.jsonl", out=tmp_path / "out")


def test_raw_html_of_web_archives_has_its_boundaries(tmp_path):
    pages = [{**PAGES[0], "text": "Elle ouvre la <b>la porte</b>."}]
    (tmp_path / "a.warc").write_bytes(make.warc(pages))
    (main,) = scanned(tmp_path / "a.warc", out=tmp_path / "main")
    (raw,) = scanned(tmp_path / "a.warc", out=tmp_path / "raw", reading=Reading(raw_html=True))
    assert not main["findings"][0]["boundary"]
    assert raw["findings"][0]["boundary"]
    assert raw["characters"] == len(make.html(pages[0]))


def test_nested_and_mixed_inputs(tmp_path):
    deep = tmp_path / "in" / "deep"
    deep.mkdir(parents=True)
    for name in ("a.jsonl", "a.parquet", "a.warc.gz"):
        (deep / name).write_bytes(FILES[name])
    (tmp_path / "in" / "page.md").write_text("La **la porte**.")
    found = scanned(tmp_path / "in", str(deep / "*.jsonl"), out=tmp_path / "out")
    assert len(found) == 1 + 3 * 7  # a file that is named twice is read once
