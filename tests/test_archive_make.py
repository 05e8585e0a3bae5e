"""The made archive: what the truth says is what the pages hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from archive_runs import finding, row, write_run

from qa.archive.record import made
from qa.archive.schema import block_hash
from qa.devtools.archive_forms import Truth, as_html, as_markdown
from qa.devtools.archive_make import make
from qa.devtools.archive_pages import Page, pages
from qa.devtools.archive_stock import Piece, Stock
from qa.devtools.archive_verify import verify
from qa.readers import read

DATA = Path(__file__).parents[1] / ".." / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the corpora are not here (../shared/data)")


@pytest.fixture(scope="module")
def stock():
    """Few sentences of each kind to choose from: to damage them is what takes the time."""
    return Stock(DATA, pool=3, clean=50)


@pytest.fixture(scope="module")
def archive(stock):
    """Some pages of French and German."""
    return [page for page in pages(stock, 150, 7) if page.language in ("fr", "de")]


@needs_data
@pytest.mark.parametrize(("syntax", "form"), [("html", as_html), ("markdown", as_markdown)])
def test_what_was_planted_stands_on_the_page(archive, syntax, form):
    planted = 0
    for page in archive:
        blocks = {block_hash(block.text): block.text for block in read(form(page), syntax).blocks}
        for each in page.planted:
            assert blocks[each.block] == each.paragraph
            assert each.paragraph[each.start : each.end] != each.original
            planted += 1
    assert planted > 20


@needs_data
def test_pages_have_the_sentences_they_are_made_of(archive):
    for page in archive:
        shown = " ".join(block.text for block in read(as_html(page), "html").blocks)
        for block in page.blocks:
            assert " ".join(piece.text for piece in block) in shown


@needs_data
def test_an_archive_follows_from_its_seed(stock, tmp_path):
    told = make(60, tmp_path / "a", stock, seed=3)
    assert make(60, tmp_path / "b", stock, seed=3) == told
    for name in ("pages.jsonl.zst", "pages.parquet", "pages.warc.gz", "truth.parquet", "truth.json"):
        same = (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        assert same, name


@needs_data
def test_a_stock_is_the_same_again(stock):
    again = Stock(DATA, pool=3, clean=50)
    assert again.clean("fr") == stock.clean("fr")
    assert again.damaged("number-slot", "fr") == stock.damaged("number-slot", "fr")


def test_markup_is_that_of_the_syntax():
    import datetime

    piece = Piece("Le chat & le chien.", bold=((3, 7),))
    page = Page("p00000001", "news.example", "fr", datetime.date(2020, 1, 2), ((Piece("Titre"),), (piece,)), ())
    assert "<p>Le <b>chat</b> &amp; le chien.</p>" in as_html(page)
    assert as_markdown(page) == "# Titre\n\nLe **chat** & le chien.\n"
    assert json.loads(json.dumps(page.url)) == "https://news.example/fr/2020/01/p00000001"
    assert made({"id": page.id, "url": page.url}, {}, "x", "y", "auto").site == "news.example"


@needs_data
def test_a_scan_that_finds_everything_and_nothing_else_is_verified(stock, tmp_path):
    made_pages = list(pages(stock, 400, 5))
    rows = [
        row(
            page.id,
            *[
                finding(
                    each.rule,
                    each.paragraph[each.start : each.end],
                    before=each.paragraph[max(0, each.start - 60) : each.start],
                    start=each.start,
                    block=each.block,
                    boundary=each.weakness.startswith(("element", "glued")),
                )
                for each in page.planted
            ],
            site=page.site,
            language=page.language,
            date=page.date,
        )
        for page in made_pages
    ]
    run = write_run(tmp_path / "run", rows)
    with Truth(tmp_path / "truth.parquet") as truth:
        for page in made_pages:
            for each in page.planted:
                truth.write(each)
    verdict = verify(run, tmp_path / "truth.parquet", findings=1000, pages=0)
    planted = sum(len(page.planted) for page in made_pages)
    assert verdict.planted == planted > 50
    assert verdict.audit.true_defects.value == planted
    assert all(each.recall == 1 for each in verdict.rates if each.weakness in ("number-slot", "glued-element"))
    assert {weakness for _, _, weakness in verdict.causes[:2]} == {"glued-element", "number-slot"}
    # What nobody planted is told as wrong.
    extra = [{**each, "findings": [*each["findings"], finding("elision", "de x", start=900)]} for each in rows]
    wrong = verify(write_run(tmp_path / "more", extra), tmp_path / "truth.parquet", findings=50, pages=0)
    assert wrong.audit.precision.high < 0.5
