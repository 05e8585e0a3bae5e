"""The made archive: what the truth says is what the pages hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.archive.record import made
from qa.archive.schema import block_hash
from qa.devtools.archive_make import Page, Piece, Stock, as_html, as_markdown, make, pages
from qa.readers import read

DATA = Path(__file__).parents[1] / ".." / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the corpora are not here (../shared/data)")


@pytest.fixture(scope="module")
def archive():
    """Some pages of French and German, with few damaged sentences to choose from."""
    stock = Stock(DATA, pool=4, clean=100)
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
def test_an_archive_follows_from_its_seed(tmp_path):
    told = make(60, tmp_path / "a", Stock(DATA, pool=2, clean=50), seed=3)
    assert make(60, tmp_path / "b", Stock(DATA, pool=2, clean=50), seed=3) == told
    for name in ("pages.jsonl.zst", "pages.parquet", "pages.warc.gz", "truth.parquet", "truth.json"):
        same = (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
        assert same, name


def test_markup_is_that_of_the_syntax():
    import datetime

    piece = Piece("Le chat & le chien.", bold=((3, 7),))
    page = Page("p00000001", "news.example", "fr", datetime.date(2020, 1, 2), ((Piece("Titre"),), (piece,)), ())
    assert "<p>Le <b>chat</b> &amp; le chien.</p>" in as_html(page)
    assert as_markdown(page) == "# Titre\n\nLe **chat** & le chien.\n"
    assert json.loads(json.dumps(page.url)) == "https://news.example/fr/2020/01/p00000001"
    assert made({"id": page.id, "url": page.url}, {}, "x", "y", "auto").site == "news.example"
