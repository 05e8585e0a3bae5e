"""Front matter: the settings at the head of a Markdown page, of which a reader sees titles and descriptions.

Neither YAML nor TOML is parsed: a value is read only where it stands on one line and can be nothing but a string.
"""

from __future__ import annotations

import re

from qa.readers._build import Builder
from qa.readers._emit import show

# The fence, and a setting or a comment: otherwise it is a rule drawn across the page.
_OPENING = re.compile(r"(---|\+\+\+)[ \t]*(?:\r\n?|\n)(?=[ \t]*[\w.-]+[ \t]*[:=]|[ \t]*#)")
_CLOSING = {
    "---": re.compile(r"(?:^|(?<=\r))(?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)", re.MULTILINE),
    "+++": re.compile(r"(?:^|(?<=\r))\+\+\+[ \t]*(?=[\r\n]|\Z)", re.MULTILINE),
}
_LINE = re.compile(r"[^\r\n]+")
_FIELD = re.compile(
    r"(title|linktitle|subtitle|sidebar_label|description|summary|excerpt)[ \t]*[:=][ \t]*(?=\S)", re.IGNORECASE
)
_ATTRIBUTES = frozenset(("description", "summary", "excerpt"))
_QUOTED = re.compile(r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^']|'')*)')[ \t]*(?:#.*)?$""")
_ESCAPE = re.compile(r"""\\(["\\/])|'(')""")
# What a string without quotes cannot begin with or hold.
_NO_STRING = re.compile(r"""[\[\]{}>|*&!%#`@,?"'-]|.*(?:: |:$| #)""")


def front_matter(text: str, builder: Builder) -> int:
    """Hand the titles and descriptions to the builder; gives where the page itself begins."""
    opening = _OPENING.match(text)
    closing = _CLOSING[opening.group(1)].search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return 0
    for line in _LINE.finditer(text, opening.end(), closing.start()):
        field = _FIELD.match(text, *line.span())
        if field:
            _value(text, field.end(), line.end(), builder)
            builder.cut("attribute" if field.group(1).lower() in _ATTRIBUTES else "title")
    return closing.end()


def _value(text: str, start: int, end: int, builder: Builder) -> None:
    """Show a value, if it is a string."""
    quoted = _QUOTED.match(text, start, end)
    if quoted and quoted.lastindex:
        start, end = quoted.span(quoted.lastindex)
        for escape in _ESCAPE.finditer(text, start, end):
            show(builder, text, start, escape.start())
            start = escape.end()
            builder.unit(escape.group(escape.lastindex or 0), escape.start(), start)
    elif _NO_STRING.match(text, start, end):
        return
    show(builder, text, start, end)
