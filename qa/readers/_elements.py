"""What the names of HTML elements mean to a reader of the visible text."""

from __future__ import annotations

from typing import NamedTuple


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


# Elements that never have content.
VOID = _names("area base br col embed hr img input link meta param source track wbr")

# Elements without any place of their own on the page.
_UNSEEN = _names("area base br link meta param script source style track")

# Elements whose content is not marked up: only the end tag ends them.  Nobody reads the first ones.
RAW = _names("script style iframe noembed noframes xmp")
RAW_TEXT = _names("title textarea")

# Elements whose content is no text of the page: not shown, drawn, or a block of code.
SILENT = _names("template noscript svg pre object audio video canvas datalist applet")

# Inline elements whose content is shown but is no prose.
CODE = _names("code kbd samp var tt math")

HEADINGS = _names("h1 h2 h3 h4 h5 h6")

# Elements that begin and end a block, with the kind of the text in them; "" is that of the element around.
KINDS = {
    **dict.fromkeys(HEADINGS, "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "list-item"),
    **dict.fromkeys(("td", "th"), "table-cell"),
    **dict.fromkeys(("caption", "figcaption", "legend", "summary"), "caption"),
    **dict.fromkeys(("title",), "title"),
    **dict.fromkeys(("p", "div", "center", "label", "button", "textarea"), ""),
    **dict.fromkeys(
        _names(
            "address article aside blockquote body colgroup details dialog dir dl fieldset figure footer form "
            "frameset head header hgroup html main menu nav ol optgroup option pre search section select table tbody "
            "tfoot thead tr ul template noscript hr"
        ),
        "paragraph",
    ),
}

# Which open elements a start tag ends (the HTML standard's implied end tags), and what shields them.
_ENDS_P = _names(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form header "
    "hgroup hr main menu nav ol p pre search section summary table ul"
)
_SCOPE = frozenset(("td", "th", "caption", "button", "object", "template"))
_ITEMS = frozenset(("ol", "ul", "menu", "dir"))
_TABLE = frozenset(("table",))
IMPLIED: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    **dict.fromkeys(_ENDS_P, (("p",), _SCOPE)),
    **dict.fromkeys(HEADINGS, (("p", *sorted(HEADINGS)), _SCOPE)),
    "li": (("li", "p"), _ITEMS),
    "dt": (("dt", "dd", "p"), frozenset(("dl",))),
    "dd": (("dt", "dd", "p"), frozenset(("dl",))),
    "td": (("td", "th", "caption", "p"), _TABLE),
    "th": (("td", "th", "caption", "p"), _TABLE),
    "tr": (("tr", "caption", "p"), _TABLE),
    "tbody": (("tr", "tbody", "thead", "tfoot", "caption", "p"), _TABLE),
    "tfoot": (("tr", "tbody", "thead", "tfoot", "caption", "p"), _TABLE),
    "thead": (("tr", "tbody", "thead", "tfoot", "caption", "p"), _TABLE),
    "option": (("option",), frozenset(("select",))),
    "optgroup": (("option", "optgroup"), frozenset(("select",))),
    "body": (("head",), frozenset()),
}


class Element(NamedTuple):
    """An element by name, with all that a reader asks of it."""

    name: str
    kind: str  # the kind of the text in it; "": that of the element around
    cuts: bool  # whether it begins and ends a block
    marks: bool  # whether it begins and ends an inline element that a reader can see
    void: bool
    raw: bool
    silent: bool
    code: bool
    ends: tuple[str, ...]
    shields: frozenset[str]

    @property
    def changes(self) -> bool:
        """Whether the text in it is to be taken otherwise than the text around it."""
        return bool(self.kind) or self.silent or self.code


def element_of(name: str) -> Element:
    """The element of a lower-case name; an unknown one is inline and changes nothing."""
    known = ELEMENTS.get(name)
    return known or Element(name, "", False, True, False, False, False, False, (), frozenset())


def _element(name: str) -> Element:
    ends, shields = IMPLIED.get(name, ((), frozenset()))
    return Element(
        name,
        KINDS.get(name, ""),
        name in KINDS or name == "br",
        name not in KINDS and name not in _UNSEEN,
        name in VOID,
        name in RAW or name in RAW_TEXT,
        name in SILENT or name in RAW,
        name in CODE,
        ends,
        shields,
    )


_INLINE = _names(
    "a abbr acronym b bdi bdo big cite data del dfn em font i ins mark q rp rt ruby s small span strike strong sub sup "
    "time u"
)
ELEMENTS = {name: _element(name) for name in {*VOID, *RAW, *RAW_TEXT, *SILENT, *CODE, *KINDS, *IMPLIED, *_INLINE}}
