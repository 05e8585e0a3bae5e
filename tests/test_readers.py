"""Readers: every visible character is where its map says, and what is visible is what a page shows.

The exactness is tested on random markup for every reader; the meaning on examples; the inline level of Markdown
against markdown-it-py, which knows no offsets but knows Markdown.
"""

from __future__ import annotations

import html
import re
from itertools import pairwise

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from qa.readers import SYNTAXES, read, syntax_of
from qa.rewrite import apply
from qa.text import MASK, Block, Document, Span

BLANKS = " \t\n\r\f\v\u2028\u2029"


def shows(source: str, shown: str) -> bool:
    """Whether a stretch of a file can be what shows `shown`, by the means the readers know."""
    if source == shown:
        return True
    if shown == " ":  # a run of white space, with the marks of a quotation between two lines
        return not source.strip(BLANKS + ">")
    if source.startswith("&"):
        return html.unescape(source) == shown
    return source in (f"\\{shown}", shown * 2)  # an escape; the doubled quote of a YAML string


def check_exact(document: Document) -> None:
    """Every character has its place, in order, and no place is used twice."""
    text, places = document.text, []
    for block in document.blocks:
        assert block.text.strip()
        position = 0
        for piece in block.source.pieces:
            assert piece.text_start == position
            assert piece.text_length > 0
            position += piece.text_length
            end = piece.file_start + piece.file_length
            assert shows(text[piece.file_start : end], block.text[piece.text_start : position])
            places.append((piece.file_start, end))
        assert position == len(block.text)
        files = [piece.file_start for piece in block.source.pieces]
        assert files == sorted(files)
        check_marks(block, text)
        for piece in block.dropped:
            assert not text[piece.file_start : piece.file_start + piece.file_length].strip(BLANKS)
            places.append((piece.file_start, piece.file_start + piece.file_length))
    starts = [block.source.pieces[0].file_start for block in document.blocks]
    assert starts == sorted(starts)
    places.sort()
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
    assert all(0 <= span.start <= span.end <= len(text) for span, _ in document.skipped)


def check_marks(block: Block, text: str) -> None:
    """Boundaries lie between the characters beside them; opaque spans are apart and in order."""
    last = 0
    for boundary in block.boundaries:
        assert last <= boundary.position <= len(block.text)
        last = boundary.position
        assert boundary.start <= boundary.end <= len(text)
        assert not any(
            piece.file_start < boundary.end and boundary.start < piece.file_start + piece.file_length
            for piece in block.source.pieces
        )
        if boundary.position:
            assert block.source.end_of(boundary.position - 1) <= boundary.start
        if boundary.position < len(block.text):
            assert boundary.end <= block.source.start_of(boundary.position)
    for before, after in pairwise(block.opaque):
        assert before.end < after.start
    assert all(len(span) and span.end <= len(block.text) for span in block.opaque)
    assert len(block.prose) == len(block.text)


def rewritten(document: Document) -> str:
    """The file with every block's text put where the block stands."""
    from qa.finding import Edit

    edits = []
    for block in document.blocks:
        for piece in block.source.pieces:
            span = Span(piece.file_start, piece.file_start + piece.file_length)
            shown = block.text[piece.text_start : piece.text_start + piece.text_length]
            exact = piece.text_length == piece.file_length and shown != " "
            edits.append(Edit(span, shown if exact else document.text[span.start : span.end]))
    return apply(document.text, edits)


MARKUP = st.sampled_from(
    [
        *[
            "mot",
            "le ",
            " été",
            "a",
            "B.",
            "«",
            "l'",
            "x_y",
            "3 000",
            " ",
            "  ",
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            "\t",
            "\u00a0",
        ],
        *[
            "*",
            "**",
            "_",
            "`",
            "``",
            "~~",
            "[",
            "]",
            "(",
            ")",
            "](x)",
            '](x "t")',
            "![",
            "[r]",
            "\\",
            "|",
            "# ",
            "> ",
            "- ",
        ],
        *[
            "1. ",
            "    ",
            "---\n",
            "===\n",
            "```\n",
            "|-|-|\n",
            "[r]: x\n",
            "[^1]",
            "[^1]: ",
            "title: a\n",
            "> [!NOTE]\n",
        ],
        *[
            "<b>",
            "</b>",
            "<a href=\"x\" title='T &amp; u'>",
            "</a>",
            "<p>",
            "</p>",
            "<br>",
            "<li>",
            "<ul>",
            "</ul>",
            "<td>",
        ],
        *[
            "<tr>",
            "<table>",
            "<code>",
            "</code>",
            "<pre>",
            "</pre>",
            "<script>",
            "</script>",
            "<title>",
            "</title>",
            "<svg>",
        ],
        *[
            '<img alt="une image">',
            "<span lang=de>",
            "<div translate=no>",
            "</div>",
            "</span>",
            "<!--",
            "-->",
            "<?",
            "<!x",
        ],
        *[
            "&amp;",
            "&eacute",
            "&#39;",
            "&#x1F600;",
            "&NotEqualTilde;",
            "&nope;",
            "&",
            "<",
            ">",
            "=",
            '"',
            "'",
            "{{a}}",
            "$x_1$",
        ],
        *["https://a.b/c_d.", "a@b.fr", "\x00", "\ud800", "👩‍👩‍👧", "e\u0301", "\u202eabc", "\x85", "\u2028", "\ufeff"],
    ]
)
TEXTS = st.lists(MARKUP, max_size=24).map("".join) | st.text(max_size=40)


@settings(max_examples=600, deadline=None)
@given(TEXTS, st.sampled_from(SYNTAXES))
@example("a <b> b</b> <!-- c -->  c", "html")
@example("> a\n> `b\n> c` d\n", "markdown")
def test_every_character_is_where_the_map_says(text, syntax):
    document = read(text, syntax)
    assert document.text == text
    check_exact(document)
    assert rewritten(document) == text


# ── What is visible ─────────────────────────────────────────────────────────────────────────────────────────────


def texts(text: str, syntax: str) -> list[str]:
    return [block.text for block in read(text, syntax).blocks]


def kinds(text: str, syntax: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in read(text, syntax).blocks]


def marks(block: Block, text: str) -> list[tuple[int, str]]:
    return [(b.position, text[b.start : b.end]) for b in block.boundaries]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<p>Un <b>mot</b>.</p>", ["Un mot."]),
        ("<p>Un\n   <b> mot </b> .</p>", ["Un mot ."]),
        ("<p>a<p>b<li>c<li>d", ["a", "b", "c", "d"]),
        ("<table><tr><td>a<td>b<tr><th>c</table>", ["a", "b", "c"]),
        ("<dl><dt>a<dd>b</dl>c", ["a", "b", "c"]),
        ("a<br>b<br/>c<hr>d", ["a", "b", "c", "d"]),
        ("a<!-- b -->c<!-->d", ["acd"]),
        ("a<script>if (x<b) y()</script>b<style>p{}</style>c", ["abc"]),
        ("a<template>b</template><noscript>c</noscript><svg><text>d</text></svg>e", ["a", "e"]),
        ("<p>a</p><pre>code\n  here</pre><p>b</p>", ["a", "b"]),
        ("<p>&eacute;t&eacute; &amp;nbsp; &lt;b&gt; &ampx; &#233;&#xe9; &nope;", ["été &nbsp; <b> &x; éé &nope;"]),
        ("&#0;&#128;&#xD800;&#1;&#99999999;", ["\ufffd€\ufffd&#1;&#99999999;"]),
        ("a < b, c </ b> d <3", ["a < b, c </ b> d <3"]),
        ("<p>a <b c='d' e=\"f>g\">h</b>", ["a h"]),
        ('a <b c="d>e</b> f', ["a e f"]),  # a quote that never closes is a character
        ("un <a href='x", ["un <a href='x"]),
        ("<title>a &amp; <b></title><textarea>c <i></textarea>", ["a & <b>", "c <i>"]),
        ("<select><option>a<option>b</select>", ["a", "b"]),
        ("&nbsp;<p>\u00a0</p>", []),
        ("<P>A<BR>B</P>", ["A", "B"]),
        ("x<x-y>a</x-y>b", ["xab"]),
        ("<p>a <!-- never closed", ["a"]),
    ],
)
def test_html_shows(text, shown):
    assert texts(text, "html") == shown


def test_html_kinds_and_attributes():
    page = """<!doctype html><html lang="fr"><head><title>Le titre</title>
<meta name="description" content="Une description"><meta name="author" content="Personne"></head>
<body><h2>Tête</h2><p>Un <img src=x alt="une image" title='son titre'> mot</p>
<ul><li>point <p>suite</p></ul><table><caption>légende</caption><tr><td>c1<td>c2<tr><td>c3</table>
<input placeholder="nom" value="non"><input type="submit" value="oui"><a aria-label="là" href="alt">ici</a>
<img alt=sans></body></html>"""
    assert kinds(page, "html") == [
        ("title", "Le titre"),
        ("attribute", "Une description"),
        ("heading", "Tête"),
        ("paragraph", "Un mot"),
        ("attribute", "une image"),
        ("attribute", "son titre"),
        ("list-item", "point"),
        ("list-item", "suite"),
        ("caption", "légende"),
        ("table-cell", "c1"),
        ("table-cell", "c2"),
        ("table-cell", "c3"),
        ("attribute", "nom"),
        ("attribute", "oui"),
        ("attribute", "là"),
        ("paragraph", "ici"),
    ]
    groups = [block.group for block in read(page, "html").blocks if block.kind == "table-cell"]
    assert groups[0] == groups[1] != groups[2]
    assert read(page, "html").language == "fr"


def test_html_languages():
    page = (
        '<html lang="fr-CA"><body><p>un</p><div lang="de"><p>zwei</p><p lang="fr">trois</p></div>'
        '<p>quatre <i lang="en">five</i> et six</p><p><span lang="it">sette</span></p><p lang="">huit</p>'
    )
    document = read(page, "html")
    assert document.language == "fr-CA"
    assert [block.language for block in document.blocks] == [None, "de", None, None, "it", None]
    assert document.blocks[3].prose == f"quatre {MASK * 4} et six"


def test_html_opaque():
    text = (
        '<p>le <code>x y</code> et <kbd>z</kbd>, <span translate="no">Nom</span>, <b class="a notranslate">N</b> '
        "<i translate=no>a <u translate=yes>b</u></i> https://a.b/c, d@e.fr."
    )
    (block,) = read(text, "html").blocks
    assert block.text == "le x y et z, Nom, N a b https://a.b/c, d@e.fr."
    assert block.prose == f"le {MASK * 3} et {MASK}, {MASK * 3}, {MASK} {MASK * 2}b {MASK * 13}, {MASK * 6}."


def test_html_boundaries():
    text = '<p>Un <b>mot</b><i> ici</i> <img src="x"> là</p>'
    (block,) = read(text, "html").blocks
    assert block.text == "Un mot ici là"
    assert marks(block, text) == [
        (3, "<b>"), (6, "</b>"), (6, "<i>"), (10, "</i>"), (11, '<img src="x">'), (11, ""),
    ]  # fmt: skip
    assert [(b.opens, b.element) for b in block.boundaries][:2] == [(True, "b"), (False, "b")]


def test_unclosed_code_ends_with_its_block():
    first, second = read("<p>le <code>x</p><p>prose</p>", "html").blocks
    assert first.prose == f"le {MASK}"
    assert second.prose == "prose"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("# Titre *un* #\n\nTexte\n=====\n", ["Titre un", "Texte"]),
        ("a\nb\n\nc", ["a b", "c"]),
        ("a  \nb\\\nc", ["a", "b", "c"]),
        ("- a\n  b\n- c\n\n  d\n1. e", ["a b", "c", "d", "e"]),
        ("> a\n> b\nc\n\n> > d", ["a b c", "d"]),
        ("> [!NOTE]\n> a\n\n> [! NOTE] b", ["a", "[! NOTE] b"]),
        ("- [ ] a\n- [x] b", ["a", "b"]),
        ("| a | b \\| c |\n|:--|--:|\n| `d\\|e` | |\n", ["a", "b | c", "d|e"]),
        ("```\ncode\n```\n\n    code\n\na", ["a"]),
        ("[a *b*](c 'd') ![e *f*](g) h", ["a b h", "d", "e f"]),
        ("[a][r], [r], [a][], [b]\n\n[r]: x 't'", ["a, r, [a][], [b]"]),
        ("[texte] (url) [texte](url", ["[texte] (url) [texte](url"]),
        ("**a ** **b**c** *d", ["a ** bc *d"]),
        ("`a` ``b ` c`` `d", ["a b ` c `d"]),
        ("<https://a.b> <c@d.e> \\<f\\>", ["https://a.b c@d.e <f>"]),
        ("a <b>b</b> <br> c <!-- d --> &eacute; &copy e", ["a b", "c é &copy e"]),
        ("<div>\na <b>b</b>\n</div>\n\nc", ["a b", "c"]),
        ("> <p>a\n> b</p>", ["a b"]),
        ("a[^1] b\n\n[^1]: mot\n[^2]: x", ["a b", "mot", "x"]),
        ("## Titre {#ancre}\n\n[a](b){:target=\"c\"} d", ["Titre", "a d"]),
        ("---\ntitle: \"Un \\\"titre\\\"\"\nother: x\n---\na", ['Un "titre"', "a"]),
        ("---\ndescription: 'l''été'\nsummary: [a]\n---\na", ["l'été", "a"]),
        ("---\nun texte\n---\n", ["un texte"]),
        ("a  b\t c", ["a b c"]),
        ("x_y_z a\\\\b 2\\*3", ["x_y_z a\\b 2*3"]),
        (":::note\na\n:::\n", ["a"]),
        ("~~a~~ ~b~", ["a ~b~"]),
    ],
)  # fmt: skip
def test_markdown_shows(text, shown):
    assert texts(text, "markdown") == shown
    crlf = text.replace("\n", "\r\n")
    assert texts(crlf, "markdown") == shown
    check_exact(read(text, "markdown"))
    check_exact(read(crlf, "markdown"))


def test_markdown_kinds():
    text = (
        "---\ntitle: t\ndescription: d\n---\n# a\n\nb ![c](d)\n\n- e\n\n  > f\n\n"
        "| g | h |\n|---|---|\n| i |\n\n<h3>j</h3>\n"
    )
    assert kinds(text, "markdown") == [
        ("title", "t"),
        ("attribute", "d"),
        ("heading", "a"),
        ("paragraph", "b"),
        ("attribute", "c"),
        ("list-item", "e"),
        ("paragraph", "f"),
        ("table-cell", "g"),
        ("table-cell", "h"),
        ("table-cell", "i"),
        ("heading", "j"),
    ]
    groups = [block.group for block in read(text, "markdown").blocks if block.kind == "table-cell"]
    assert groups[0] == groups[1] != groups[2]


def test_markdown_boundaries_and_opaque():
    text = "le**mot**`code`[lien](x), $a_1$ {{ page.x }}\n<span lang=en>the</span>"
    (block,) = read(text, "markdown").blocks
    assert block.text == "lemotcodelien, $a_1$ {{ page.x }} the"
    assert marks(block, text)[:6] == [(2, "**"), (5, "**"), (5, "`"), (9, "`"), (9, "["), (13, "](x)")]
    assert [b.element for b in block.boundaries[:6:2]] == ["strong", "code", "a"]
    assert block.prose == f"lemot{MASK * 4}lien, {MASK * 5} {MASK * 12} {MASK * 3}"


def test_money_is_no_formula():
    for text in ("de $5 à $10", "US$ 5 et US$ 6", "$5-$6", "a $b c$ d"):
        assert read(text, "markdown").blocks[0].prose == text


REFERENCE = MarkdownIt("commonmark", {"maxNesting": 40}).enable(["table", "strikethrough"])
INLINE = st.lists(
    st.sampled_from(
        [
            *[
                *"aé«.() \n*_`[]\\",
                "**",
                "***",
                "__",
                "``",
                "](x)",
                "[r]",
                "![",
                "![i](x)",
                '](x "t")',
                "&amp;",
                "&nope;",
            ],
            *[
                "<a@b.c>",
                "<http://x.y>",
                "a<b>",
                "</b>",
                " ~~",
                "~~ ",
                "> ",
                "- ",
                "1. ",
                "# ",
                "\n\n",
                "| ",
                "|-|",
                "\t",
            ],
        ]
    ),
    max_size=14,
).map(lambda parts: "x" + "".join(parts) + ".\n\n[r]: http://r\n")


def squeezed(parts: list[str]) -> list[str]:
    return [part for part in (re.sub(r"[ \t\n]+", " ", part).strip() for part in parts) if part]


@settings(max_examples=600, deadline=None)
@given(INLINE)
def test_markdown_shows_what_markdown_it_shows(text):
    # There it departs from the specification; behind "](<" it even loses what follows.
    assume("][[" not in text and "](.\n" not in text and "](<" not in text)
    shown = [""]
    for token in REFERENCE.parse(text):
        for child in token.children or ():
            if child.type in ("text", "text_special", "code_inline"):
                shown[-1] += child.content
            elif child.type == "softbreak":
                shown[-1] += " "
            elif child.type == "hardbreak":
                shown.append("")
        if token.type == "inline":
            shown.append("")
    ours = [block.text for block in read(text, "markdown").blocks if block.kind != "attribute"]
    assert squeezed(ours) == squeezed(shown)


def test_plain_text_is_read_line_by_line():
    assert texts("Un titre\nUne ligne.\n\n  Une autre. \r\n\tFin\r\u00a0\n", "text") == [
        "Un titre",
        "Une ligne.",
        "Une autre.",
        "Fin",
    ]


WRAPPED = """Les lignes de ce paragraphe ont été coupées à une largeur fixe par un
programme de courrier ou par un auteur soigneux, si bien que la phrase
court de l'une à l'autre et qu'aucune ne se lit sans la suivante."""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_broken_by_a_width_are_joined(end):
    text = f"Un titre\n\n{WRAPPED}\n\nUne fin.\n".replace("\n", end)
    assert texts(text, "text") == ["Un titre", WRAPPED.replace("\n", " "), "Une fin."]
    check_exact(read(text, "text"))


@pytest.mark.parametrize(
    "text",
    [
        "Une phrase qui tient sur sa ligne et qui se termine ici.\nUne autre, et elle aussi se termine à la ligne.",
        "Un vers assez long pour une ligne de courrier, je crois\nEt un bref\nUn autre long, comme le premier",
        "- un premier point de la liste, assez long pour compter\n- un deuxième point de la liste, aussi long que lui",
    ],
)
def test_other_lines_stay_apart(text):
    assert texts(text, "text") == text.split("\n")


# ── Which syntax ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "syntax"),
    [
        ("Une phrase. Puis une autre.", "text"),
        ("- Oui, dit-il.\n- Non.\n- Si.", "text"),
        ("Le n° 5 * 3 * 2, soit [30] (environ).", "text"),
        ("a < b et c > d", "text"),
        ("le &lt;nom&gt; d&#39;un", "text"),
        ("l`ami d`un autre", "text"),
        ("de $5 à $10", "text"),
        ("# Titre\n\nTexte", "markdown"),
        ("Un [lien](https://exemple.fr) ici", "markdown"),
        ("Lancez `make test` ici", "markdown"),
        ("lancez`make test` ici", "markdown"),
        ("Un mot **gras** ici", "markdown"),
        ("```\ncode\n```", "markdown"),
        ("a | b\n--- | ---\nc | d", "markdown"),
        ("---\r\ntitle: a\r\n---\r\nb", "markdown"),
        ("# Titre\n\n<p>a</p>", "markdown"),
        ("<!doctype html><p>a", "html"),
        ("\n<!-- x --><html><body># a", "html"),
        ("<div><p>Un</p></div>", "html"),
        ("Un <b>mot</b> ici", "html"),
        ("Tapez <b> pour le gras", "text"),
    ],
)
def test_the_content_tells_the_syntax(text, syntax):
    assert read(text, "auto").syntax == syntax


@pytest.mark.parametrize(
    ("name", "syntax"),
    [
        *[
            ("a.md", "markdown"),
            ("b/A.MARKDOWN", "markdown"),
            ("a.html", "html"),
            ("a.HTM", "html"),
            ("a.xhtml", "html"),
        ],
        *[("a.txt", "auto"), ("a", "auto"), ("<stdin>", "auto")],
    ],
)
def test_the_name_tells_the_syntax(name, syntax):
    assert syntax_of(name) == syntax


def test_long_lines_are_paragraphs_in_a_text_with_markdown():
    line = "Une phrase avec un mot **gras** et d'autres mots, " * 3 + "qui se termine ici."
    text = f"{line}\n{line}\n"
    assert len(read(text, "auto").blocks) == 2
    assert len(read(text, "markdown").blocks) == 1


def test_lone_surrogates_are_no_prose():
    (block,) = read("mot \ud800 `x`\udfff", "markdown").blocks
    assert block.prose == f"mot {MASK} {MASK * 2}"


def test_an_unknown_syntax_is_refused():
    with pytest.raises(ValueError, match="no such syntax: 'pdf'"):
        read("", "pdf")
