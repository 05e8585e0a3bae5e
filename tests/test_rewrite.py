"""Repairs are written into the text nodes they belong to; markup stays, and what a page shows is the repaired text."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.finding import Edit
from qa.readers import read
from qa.rewrite import apply, minimise, to_block, to_file
from qa.text import Block, Document, Span


def edited(text: str, old: str, new: str, syntax: str = "html") -> str:
    """The file after `old` was replaced by `new` in the visible text of its first block."""
    document = read(text, syntax)
    block = document.blocks[0]
    start = block.text.index(old)
    return apply(text, to_file(block, Edit(Span(start, start + len(old)), new), document.syntax))


@pytest.mark.parametrize(
    ("text", "old", "new", "written"),
    [
        ("<p>un <b>un</b> mot</p>", "un un", "un", "<p>un<b></b> mot</p>"),
        ("<p>de <b>l'</b>été</p>", "de l'été", "d'un été", "<p>d'un <b></b>été</p>"),
        ("<p>le<code>x</code>est</p>", "lex", "le x", "<p>le <code>x</code>est</p>"),
        ("<p>le<code>x</code>est</p>", "xest", "x est", "<p>le<code>x</code> est</p>"),
        ("<p>(<b> mot</b></p>", "( mot", "(mot", "<p>(<b>mot</b></p>"),
        ("<p>mot <b> ,</b> et</p>", "mot ,", "mot,", "<p>mot<b>,</b> et</p>"),
        ("<p>mot\n  , et</p>", "mot ,", "mot,", "<p>mot, et</p>"),
        ("<p>l&#39;&eacute;t&eacute;</p>", "été", "Été", "<p>l&#39;Ét&eacute;</p>"),
        ("<p>l&#39;&eacute;t&eacute;</p>", "l'", "le ", "<p>le &eacute;t&eacute;</p>"),
        ("<p>a &amp;nbsp; b</p>", " &nbsp; ", " ", "<p>a b</p>"),
        ("<p>a et b</p>", "et", "& <", "<p>a &amp; &lt; b</p>"),
        ("<p>&NotEqualTilde;</p>", "\u0338", "x", "<p>≂x</p>"),  # one entity, two characters
        ("<p>&NotEqualTilde;</p>", "\u2242", "", "<p>\u0338</p>"),
        ('<img alt="a b">', "a b", 'a "b"', '<img alt="a &quot;b&quot;">'),
    ],
)
def test_html_is_edited_in_its_text_nodes(text, old, new, written):
    assert edited(text, old, new) == written


@pytest.mark.parametrize(
    ("text", "old", "new", "written"),
    [
        ("un **un** mot", "un un", "un", "un**** mot"),
        ("le`x`est", "lex", "le x", "le `x`est"),
        ("[le mot](x) mot", "mot mot", "mot", "[le mot](x)"),
        ("> un\n> un mot", "un un", "un", "> un mot"),
        ("l\\*été", "l*été", "l'été", "l'été"),
        ("| a\\|b |\n|---|\n", "a|b", "ab", "| ab |\n|---|\n"),
        ("[texte] (url)", "] (", "](", "[texte](url)"),
        ("mot &eacute;t&eacute;", "été", "étés", "mot &eacute;t&eacute;s"),
    ],
)
def test_markdown_is_edited_in_its_text(text, old, new, written):
    assert edited(text, old, new, "markdown") == written


def test_an_insertion_goes_outside_of_elements_that_meet():
    (block,) = read("<p>un<b>mot</b><i>ici</i></p>", "html").blocks
    inserted = [
        apply("<p>un<b>mot</b><i>ici</i></p>", to_file(block, Edit(Span(at, at), " "), "html")) for at in (0, 2, 5, 8)
    ]
    assert inserted == [
        "<p> un<b>mot</b><i>ici</i></p>",
        "<p>un <b>mot</b><i>ici</i></p>",
        "<p>un<b>mot</b> <i>ici</i></p>",
        "<p>un<b>mot</b><i>ici</i> </p>",
    ]


@given(st.text("abc", max_size=8), st.text("abc", max_size=8), st.integers(0, 8), st.integers(0, 8))
def test_a_minimal_edit_does_the_same(text, new, start, length):
    start = min(start, len(text))
    edit = Edit(Span(start, min(start + length, len(text))), new)
    small = minimise(text, edit)
    assert apply(text, [small]) == apply(text, [edit])
    old = text[small.span.start : small.span.end]
    assert not (old and small.text and (old[0] == small.text[0] or old[-1] == small.text[-1]))


def test_overlapping_edits_are_refused():
    with pytest.raises(ValueError, match="overlap"):
        apply("abc", [Edit(Span(0, 2), "x"), Edit(Span(1, 3), "y")])


PARTS = st.sampled_from(
    [
        *["mot", "le ", " été", "a", "l'", "«", " ", "\n  ", "&amp;", "&eacute;", "&NotEqualTilde;", "\u00a0x"],
        *["<b>", "</b>", "<a href='x'>", "</a>", "<code>", "</code>", "<p>", "</p>", "<br>", "<li>", "<!-- c -->"],
        "<img alt='une image'>",
    ]
)
NEW = st.lists(st.sampled_from(["x", "le", " ", "é", "<", "&", "&amp;", "'", '"']), max_size=4).map("".join)


def squeezed(text: str) -> str:
    return " ".join(text.split(" ")).strip(" ") if "  " not in text else squeezed(text.replace("  ", " "))


def markup(text: str, document: Document) -> str:
    """The file without what its blocks show, and without white space."""
    pieces = sorted(
        (piece.file_start, piece.file_start + piece.file_length)
        for block in document.blocks
        for piece in (*block.source.pieces, *block.dropped)
    )
    kept, last = [], 0
    for start, end in pieces:
        kept.append(text[last:start])
        last = end
    return "".join("".join([*kept, text[last:]]).split())


def visible_edit(block: Block, edits: tuple[Edit, ...], syntax: str) -> str:
    """The block's text after edits of the file, by way of `to_block`."""
    return apply(block.text, [to_block(block, edit, syntax) for edit in edits])


@settings(max_examples=800, deadline=None)
@given(st.lists(PARTS, max_size=14).map("".join), st.integers(0, 9), st.integers(0, 40), st.integers(0, 8), NEW)
@example("<p>le <b> été</b></p>", 0, 2, 1, "")
@example("le <a> <b> été</b></a>", 0, 1, 3, "<")
def test_a_page_shows_the_edited_text(text, number, start, length, new):
    document = read(text, "html")
    if not document.blocks:
        return
    number %= len(document.blocks)
    block = document.blocks[number]
    start = min(start, len(block.text))
    edit = Edit(Span(start, min(start + length, len(block.text))), new)
    edits = to_file(block, edit, "html")
    written = apply(text, edits)
    wanted = apply(block.text, [edit])
    assert squeezed(visible_edit(block, edits, "html")) == squeezed(wanted)
    after = read(written, "html")
    expected = [each.text for each in document.blocks]
    expected[number] = wanted
    assert [each.text for each in after.blocks] == [squeezed(each) for each in expected if each.strip()]
    if wanted.strip():
        assert markup(written, after) == markup(text, document)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["mot", "le ", " été", "**gras**", "*em*", "`code`", "[lien](x)", "&eacute;", "\n", "\n> ", " "]
        )
    ),
    st.integers(0, 40),
    st.integers(0, 8),
    st.text("xé", max_size=3),
)
def test_markdown_marks_are_never_touched(parts, start, length, new):
    text = "".join(parts)
    document = read(text, "markdown")
    for block in document.blocks:
        at = min(start, len(block.text))
        edits = to_file(block, Edit(Span(at, min(at + length, len(block.text))), new), "markdown")
        free = {
            offset
            for piece in (*block.source.pieces, *block.dropped)
            for offset in range(piece.file_start, piece.file_start + piece.file_length)
        }
        assert all(offset in free for edit in edits for offset in range(edit.span.start, edit.span.end))
        assert squeezed(visible_edit(block, edits, "markdown")) == squeezed(
            block.text[:at] + new + block.text[at + length :]
        )
