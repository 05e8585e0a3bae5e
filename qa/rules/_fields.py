"""Placeholders of programs that were written as prose: "% s", "{ 0 }", "$ {name}", "[9 ]", leaked markers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from qa.language import Language
from qa.page import Page
from qa.rules._residue import Residue, residue

_ENDS = r"""(?=$|[\s"”»)\],;:!?]|['’](?!\w)|\.(?:$|["”»]))"""
_PERCENT = r"%(?<![0-9]%)(?<![0-9][ \u00a0\u202f]%)"  # "5 % d'eau" is a share

_NUMBERED = re.compile(rf"{_PERCENT} ?([0-9]{{1,2}}) ?\$ ?([sdifux@])(?![\w])")
_PLAIN = re.compile(rf"{_PERCENT}(?<![\w%]%) (s|d|@|ld|lu|f){_ENDS}")
_LOOSE = re.compile(rf"{_PERCENT}(?<![\w%]%) (i|u|c|x){_ENDS}")
_NAMED = re.compile(rf"{_PERCENT} ?\( ?([A-Za-z_]\w*) ?\) ?([sd])(?![\w'’])")
_RUBY = re.compile(rf"{_PERCENT} ?\{{ ?([A-Za-z_]\w*) ?\}}")
_ESCAPED = re.compile(r"% (?<=[A-Za-z/=_-]% )([0-9][0-9A-F])(?=[\w/%.-])")
_PRINTF = re.compile(r"%(?:[0-9]\$)?[sdiu@]\b")

_INDEX = re.compile(r"(?<![=∈∉⊂∖\\^_{(,])(?<![=∈∉⊂∖\\^_{] )\{(?: ?([0-9]{1,2}) | ([0-9]{1,2}))\}(?!\})")
_DOLLAR = re.compile(r"\$(?: \{ ?([A-Za-z_][\w.]*) ?|\{(?: ([A-Za-z_][\w.]*) ?|([A-Za-z_][\w.]*) ))\}")
_DOUBLE = re.compile(r"\{ \{ ?([A-Za-z_][\w.]*) ?\} ?\}|\{\{ ?([A-Za-z_][\w.]*) ?\} \}")
_BRACED = re.compile(r"(?<![{$%\\_^])\{(?: ([A-Za-z_]\w*) ?|([A-Za-z_]\w*) )\}(?!\})")
_REFERENCE = re.compile(r"\[(?: ([0-9]{1,3}) ?|([0-9]{1,3}) )\](?!\()")

_MARKERS = re.compile(
    r"⟦[^⟦⟧\n]{0,12}⟧|⟪[^⟪⟫\n]{0,12}⟫|(?<!\w)__[A-Z]{2,8}_?[0-9]+__(?!\w)|@@[A-Z]{0,8}[0-9]+@@|\[\[[A-Z]{0,8}[0-9]+\]\]"
    r"|<unk>|⁇"
)
_XLIFF = re.compile(
    r"""<(?:x|g|ph|it|bx|ex|bpt|ept|mrk) (?:r?id|i|ctype)=["'][^"'<>\n]{1,40}["'] ?/?>|</(?:bpt|ept|mrk)>"""
)
_PIECES = re.compile(r"(?<=\w)@@ (?=\w)")
_SENTENCEPIECE = re.compile(r" ?▁")


def fields(prose: str, page: Page) -> Iterator[Residue]:
    """The broken placeholders of a text."""
    if "%" in prose:
        yield from _percent(prose, page)
    if "{" in prose:
        yield from _braces(prose, page)
    if "[" in prose:
        for match in _REFERENCE.finditer(prose):
            yield residue(match, f"[{_group(match)}]", "A space stands inside of a reference.", 0.88)
    yield from _leaked(prose)


def _percent(prose: str, page: Page) -> Iterator[Residue]:
    used = page.derive(_uses_printf)
    message = "A space breaks the placeholder “{}”."
    for match in _NUMBERED.finditer(prose):
        whole = f"%{match[1]}${match[2]}"
        if whole != match.group():
            yield residue(match, whole, message.format(whole), 0.98)
    for pattern, sure in ((_PLAIN, 0.97 if used else 0.9), (_LOOSE, 0.9 if used else 0.0)):
        for match in pattern.finditer(prose) if sure else ():
            yield residue(match, f"%{match[1]}", message.format(f"%{match[1]}"), sure)
    for pattern, form in ((_NAMED, "%({}){}"), (_RUBY, "%{{{}}}")):
        for match in pattern.finditer(prose):
            whole = form.format(*match.groups())
            if whole != match.group():
                yield residue(match, whole, message.format(whole), 0.96)
    for match in _ESCAPED.finditer(prose):
        yield residue(match, f"%{match[1]}", "A space breaks the escaped character of an address.", 0.93)


def _uses_printf(page: Page) -> bool:
    """Whether whole placeholders of the kind "%s" stand on the page, in code or in prose."""
    return any(_PRINTF.search(block.text) for block in page.blocks if "%" in block.text)


def _braces(prose: str, page: Page) -> Iterator[Residue]:
    message = "A space breaks the placeholder “{}”."
    for pattern, form, sure in ((_INDEX, "{{{}}}", 0.93), (_DOLLAR, "${{{}}}", 0.96), (_DOUBLE, "{{{{{}}}}}", 0.95)):
        for match in pattern.finditer(prose):
            whole = form.format(_group(match))
            yield residue(match, whole, message.format(whole), sure)
    for match in _BRACED.finditer(prose):
        whole = f"{{{_group(match)}}}"
        if whole in page.derive(_braced):
            yield residue(match, whole, message.format(whole), 0.93)
    if "," in prose:
        for match in page.language.derive(_keywords).finditer(prose):
            name, space, word = match["name"], match["space"], match["word"].lower()
            whole = f"{{{name},{space}{page.language.facts('broken-placeholder')['keywords'][word]},"
            if whole != match.group():
                yield residue(match, whole, "A keyword of a message format was translated.", 0.93)


def _braced(page: Page) -> frozenset[str]:
    """The placeholders in braces that stand whole on the page."""
    return frozenset(name for block in page.blocks if "{" in block.text for name in re.findall(r"\{\w+\}", block.text))


@cache
def _nothing() -> re.Pattern[str]:
    return re.compile(r"(?!)")


def _keywords(language: Language) -> re.Pattern[str]:
    """ "{count, plural," with its keyword translated."""
    words = language.facts("broken-placeholder").get("keywords", {})
    if not words:
        return _nothing()
    either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(rf"\{{ ?(?P<name>[A-Za-z_]\w*) ?,(?P<space> ?)(?P<word>{either}) ?,", re.IGNORECASE)


def _leaked(prose: str) -> Iterator[Residue]:
    for match in _MARKERS.finditer(prose) if any(map(prose.__contains__, "⟦⟪_@[<⁇")) else ():
        yield residue(match, None, f"A marker of the translation system leaked: {match.group()}", 0.97)
    for match in _XLIFF.finditer(prose):
        yield residue(match, "", "A tag of a translation file leaked.", 0.95)
    for match in _PIECES.finditer(prose):
        yield residue(match, "", "A mark between pieces of a word leaked.", 0.95)
    for match in _SENTENCEPIECE.finditer(prose):
        text = " " if match.start() and not prose[match.start() - 1].isspace() else ""
        yield residue(match, text, "A mark between pieces of words leaked.", 0.95)


def _group(match: re.Match[str]) -> str:
    """The one group that matched."""
    return next(group for group in match.groups() if group is not None)
