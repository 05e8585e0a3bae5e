"""Input that nobody writes, and that comes all the same: no crash, no hang, every offset exact."""

from __future__ import annotations

import gc
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_readers import check_exact

import qa
from qa.errors import UnreadableFile
from qa.files import decode
from qa.readers import SYNTAXES, read
from qa.rewrite import apply

# Each is repeated by the thousand.
FLOODS = {
    "lone tag opener": "<",
    "tag without an end": "<a ",
    "attribute without an end": '<a b="',
    "quotes that swallow tags": '<a b=">" ',
    "mixed quotes": "<a b='\">",
    "comment without an end": "<!-- a ",
    "comment": "<!---->",
    "processing instruction": "<?x ",
    "declaration": "<!x ",
    "character data": "<![CDATA[",
    "nested blocks": "<div>",
    "nested inline": "<b>",
    "crossed": "<b>a</i>",
    "stray end tags": "</b>",
    "paragraphs under inline": "<b><p>",
    "lists in lists": "<ul><li>",
    "tables in tables": "<table><tr><td>",
    "definitions": "<dt>a<dd>",
    "code": "<code>a",
    "language": "<span lang=de>a",
    "script": "<script>",
    "title": "<title>a",
    "drawing": "<svg>",
    "code block": "<pre>",
    "image": '<img alt="a">',
    "many attributes": "<a b=c title='d' ",
    "ampersand": "&",
    "reference without an end": "&amp",
    "unknown reference": "&nope;",
    "long number": "&#99999999",
    "surrogate reference": "&#xD800;",
    "star": "*a ",
    "stars": "**a",
    "closing stars": "a**",
    "crossed emphasis": "*a _b",
    "underscores": "_a",
    "emphasis of both kinds": "*_",
    "backtick": "`a",
    "backticks of two lengths": "``a`",
    "bracket": "[",
    "bracket and text": "[a",
    "closing bracket": "]",
    "empty brackets": "[]",
    "brackets in brackets": "[[a]",
    "image bracket": "![",
    "link without an end": "[a](",
    "link in a link": "[a](b",
    "link title without an end": '[a](b "',
    "link in angles": "[a](<b",
    "links": "[a](b)",
    "images": "![a](b 'c')",
    "reference": "[a][",
    "references": "[a]: b\n",
    "footnotes": "[^1]: a\n",
    "backslash": "\\",
    "quotation": ">",
    "quotations": "> a\n",
    "lazy quotation": "> a\nb\n",
    "list in a list": "- ",
    "list": "- a\n",
    "numbers": "1. a\n",
    "quoted list": "> - a\n",
    "headings": "# a\n",
    "underlined": "a\n=\n",
    "rules": "---\n",
    "fences": "```\n",
    "bars": "|",
    "rows": "|a\n|-\n",
    "escaped bars": "`\\|",
    "dollars": "$a",
    "braces": "{{a",
    "address": "http://a)",
    "addresses": "www.a@",
    "mail": "a@",
    "lines": "a\n",
    "blank lines": " \n",
    "returns": "\r",
    "line ends of all kinds": "a\r\nb\rc\nd\x85e\u2028f\v",
    "tabs": "\t",
    "spaces": " ",
    "right to left": "\u202eשלום ",
    "joined emoji": "👩‍👩‍👧",
    "combining marks": "e\u0301\u0302",
    "lone surrogate": "\ud800",
    "NUL": "a\0",
    "Chinese": "漢字。",
    "mixture": "*[`<&_![](\\",
}


def seconds(text: str, syntax: str) -> float:
    """Processor time of one reading, without the garbage collector, whose visits are not ours."""
    gc.disable()
    try:
        begun = time.process_time()
        read(text, syntax)
        return time.process_time() - begun
    finally:
        gc.enable()


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_flood_is_read_exactly_and_in_linear_time(flood, syntax):
    check_exact(read(flood * (3_000 // len(flood)), syntax))
    size = 5_000
    small, large = flood * (size // len(flood)), flood * (4 * size // len(flood))
    once = seconds(small, syntax)
    # Four times the text takes four times as long; quadratic time would be sixteen.  The rest is the clock's.
    for _ in range(3):
        if seconds(large, syntax) < 9 * once + 0.03:
            return
        once = max(once, seconds(small, syntax))
    pytest.fail("reading takes more than linear time")


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_one_long_line(syntax):
    line = "Une phrase sur une ligne qui ne finit pas, avec un mot <b>gras</b> et un mot **gras**. "
    small, large = line * 2_000, line * 8_000
    assert seconds(large, syntax) < 9 * seconds(small, syntax) + 0.1


def test_a_line_of_fifty_million_characters():
    text = "mot " * 12_500_000
    (block,) = read(text, "text").blocks
    assert len(block.text) == len(text) - 1


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_a_hundred_thousand_nested_tags(depth):
    text = "<div><b>" * (depth // 2) + "mot" + "</b></div>" * (depth // 2)
    (block,) = read(text, "html").blocks
    assert block.text == "mot"
    check_exact(read(text, "html"))


@pytest.mark.parametrize("nested", ["> " * 5_000, "- " * 5_000, "1. " * 5_000])
def test_deep_markdown(nested):
    document = read(f"début\n\n{nested}mot\n\nfin\n", "markdown")
    check_exact(document)
    assert document.blocks[0].text == "début"
    ((span, reason),) = document.skipped
    assert reason == "nested deeper than 40 levels"
    assert span.start <= document.text.index("mot") < span.end


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\x00", b"\x00" * 100, b"caf\xe9", b"\xed\xa0\x80", bytes(range(256)), b"\xfe\xff\xd8\x00", b"\xc0\x80"],
)
def test_bytes_that_are_no_text_are_refused(data):
    with pytest.raises(UnreadableFile):
        decode(data)


# ── The whole checker ───────────────────────────────────────────────────────────────────────────────────────────


def check_diagnostics(text: str, result: qa.Result) -> None:
    """Every diagnostic stands where it says, and its repairs change nothing outside its span."""
    last = 0
    for diagnostic in result.diagnostics:
        start, end = diagnostic.span.start, diagnostic.span.end
        assert last <= start <= end <= len(text)
        last = start
        assert diagnostic.text == text[start:end]
        for fix, suggestion in zip(diagnostic.fixes, diagnostic.suggestions, strict=True):
            assert all(start <= edit.span.start and edit.span.end <= end for edit in fix.edits)
            assert apply(text, fix.edits) == text[:start] + suggestion + text[end:]


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
def test_a_flood_is_checked(flood):
    text = "Le la mot,avec 50 XNUMX. " + flood * 40 + " de le mot mot ."
    for syntax in SYNTAXES:
        check_diagnostics(text, qa.check(text, syntax=syntax, options=qa.Options(language="fr", min_confidence=0)))


DEFECTS = st.sampled_from(
    [
        *[
            "le ",
            "de le ",
            "l' ",
            "mot mot ",
            "50 XNUMX ",
            ",mot",
            " .",
            "{ 0 }",
            "% s",
            "Web. config ",
            "leL'été ",
            "(Les ",
        ],
        *[
            "<b>",
            "</b>",
            "<p>",
            "**",
            "`",
            "[a](b)",
            "&amp;",
            "&nbsp;",
            "\n",
            "\r\n",
            "\ud800",
            "\0",
            "\u202e",
            "é",
            "👩‍👧",
        ],
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(DEFECTS, max_size=20).map("".join) | st.text(max_size=60), st.sampled_from(SYNTAXES))
def test_any_text_is_checked(text, syntax):
    check_diagnostics(text, qa.check(text, syntax=syntax, options=qa.Options(language="fr", min_confidence=0)))
