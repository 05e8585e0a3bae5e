"""Names of files and namespaces: what they are made of, which the page itself knows, and where one was cut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import tomli

from qa.finding import Safety
from qa.language import Language
from qa.page import Page
from qa.rules._suspects import joined
from qa.text import Span

_DATA = Path(__file__).parents[1] / "data" / "identifiers.toml"
_LONGEST = 80  # code points of one identifier

_LOWER = re.compile(r"\. [a-z]")
_UPPER = re.compile(r"\. [A-Z]")
_BEFORE = re.compile(r" \.[A-Za-z]")
_PART = re.compile(r"[A-Za-z_][\w-]*")
_GLUED = re.compile(r"\.[A-Za-z_]")
_STEP = re.compile(r"( ?)\.( ?)([A-Za-z_]\w*)")
_NET = re.compile(r"(?<![\w.])\. NET\b")
_CAMEL = re.compile(r"[A-Z][a-z0-9]+[A-Z]\w*")


class Identifier(NamedTuple):
    """An identifier that was cut: its place, how it is written, and how sure that is."""

    span: Span
    text: str
    confidence: float
    safety: Safety


class Known(NamedTuple):
    """The data of `identifiers.toml`, ready to look up."""

    extensions: frozenset[str]
    formats: frozenset[str]
    stems: frozenset[str]
    infixes: frozenset[str]
    dotted: Mapping[str, str]  # lower case -> as written
    roots: frozenset[str]
    segments: Mapping[str, str]  # lower case -> as written
    unmistakable: frozenset[str]
    domains: frozenset[str]
    subdomains: frozenset[str]
    folders: frozenset[str]
    versioned: frozenset[str]


@cache
def known() -> Known:
    """What is known of identifiers in any language."""
    data: dict[str, Any] = tomli.loads(_DATA.read_text(encoding="utf-8"))
    segments = {segment.lower(): segment for segment in reversed(data.pop("segments"))}
    dotted = {name.lower(): name for name in data.pop("dotted")}
    return Known(segments=segments, dotted=dotted, **{key: frozenset(value) for key, value in data.items()})


class Words(NamedTuple):
    """What the language says against a name: words that are also extensions, abbreviations with a full stop."""

    words: frozenset[str]
    abbreviations: frozenset[str]


def words(language: Language) -> Words:
    """From the language's `split-identifier.toml`."""
    facts = language.facts("split-identifier")
    return Words(frozenset(facts["words"]), frozenset(facts["abbreviations"]))


class Names(NamedTuple):
    """Dotted names that stand whole on a page, by lower case.

    `code` are those that stand in code; `capital`: the last part of one is capitalised.
    """

    written: Mapping[str, str]
    code: frozenset[str]
    capital: bool


def names(page: Page) -> Names:
    """The dotted names of the page, in code or in prose.

    In prose a missing space after a full stop looks like one ("end.The"), and an abbreviation too ("e.g."): there all
    parts have two letters or more, and the last is lower case or a known extension.
    """
    found: dict[str, str] = {}
    code: set[str] = set()
    for name in _dotted(page.derive(joined).text):
        parts = name.split(".")
        if all(len(part) > 1 for part in parts) and (parts[-1].islower() or len(parts) > 2):
            found.setdefault(name.lower(), name)
    for block in page.blocks:
        for span in block.opaque:
            for name in _dotted(block.text[span.start : span.end]):
                if all(name.split(".")):
                    found.setdefault(name.lower(), name)
                    code.add(name.lower())
    return Names(found, frozenset(code), any(name.rsplit(".", 1)[1][0].isupper() for name in found.values()))


def _dotted(text: str) -> Iterator[str]:
    """The runs with a dot inside."""
    last = 0
    for match in _GLUED.finditer(text):
        if match.start() >= last:
            start, last = _around(text, match.start())
            yield text[start:last]


def apart(found: Iterable[Identifier]) -> Iterator[Identifier]:
    """What overlaps nothing that begins before it, the longer first, in order."""
    last = 0
    for each in sorted(found, key=lambda each: (each.span.start, -each.span.end, -each.confidence)):
        if each.span.start >= last:
            yield each
            last = each.span.end


def cut(prose: str, page: Page) -> Iterator[Identifier]:
    """The names of files and namespaces that a space cuts."""
    yield from _namespaces(prose)
    yield from _files(prose, page)
    yield from _before(prose, page)


def _files(prose: str, page: Page) -> Iterator[Identifier]:
    """ "Web. config": a space after the dot."""
    data, against = known(), page.language.derive(words)
    for match in _LOWER.finditer(prose):
        dot = match.start()
        end = _PART.match(prose, dot + 2)
        start, _ = _around(prose, dot)
        left = prose[start:dot]
        if not end or not _PART.match(left):
            continue
        ending = end.group().split("-")[0]
        stop = end.start() + len(ending)
        start, left = _with_infix(prose, start, left)
        name = f"{left}.{ending}"
        whole = data.dotted.get(name.lower()) or page.derive(names).written.get(name.lower())
        if whole:
            yield Identifier(Span(start, stop), whole, 0.98, Safety.SAFE)
        elif ending in against.words or left in against.abbreviations or min(map(len, left.split("."))) < 2:
            continue  # "e.g. properties"
        elif ending in data.extensions and (len(ending) > 2 or _like_a_file(left)):
            yield Identifier(Span(start, stop), name, 0.96, Safety.SAFE)
        elif ending in data.formats or ending in data.domains:
            sure = _like_a_file(left)
            yield Identifier(Span(start, stop), name, 0.93 if sure else 0.7, Safety.SAFE if sure else Safety.REVIEW)


def _like_a_file(left: str) -> bool:
    """Whether a word before a dot is called as files are."""
    return left.lower() in known().stems or not left.isalpha() or bool(_CAMEL.fullmatch(left))


def _with_infix(prose: str, start: int, left: str) -> tuple[int, str]:
    """Take in what stands before "min" and the like, "jquery. min. js", and the first label of a host."""
    while len(left) < _LONGEST and prose[max(0, start - 2) : start] == ". ":
        first, _ = _around(prose, start - 2)
        before = prose[first : start - 2]
        infix = left.split(".")[0].lower() in known().infixes
        if not before or not (infix or (left[0].islower() and before in known().subdomains)):
            break
        start, left = first, f"{before}.{left}"
    return start, left


def _before(prose: str, page: Page) -> Iterator[Identifier]:
    """Names that are known whole: "Node .js", with a space before the dot, and "Site. Master", with a capital.

    Before the dot the space may be right ("a file .po" is no "file.po"): a plain word there needs the name in code.
    """
    for match in _BEFORE.finditer(prose):
        for name in _known_whole(prose, page, match.start(), match.start() + 2):
            left = prose[name.span.start : match.start()]
            sure = name.text.lower() in page.derive(names).code or name.text.lower() in known().dotted
            if name.text.startswith(left) and (sure or _like_a_file(left)):
                yield name
    if ". NET" in prose or page.derive(names).capital:
        for match in _UPPER.finditer(prose):
            for name in _known_whole(prose, page, match.start(), match.start() + 2):
                if name.text.endswith(prose[match.start() + 2 : name.span.end]):  # else a sentence ends and one begins
                    yield name
        for match in _NET.finditer(prose):
            yield Identifier(Span(*match.span()), ".NET", 0.95, Safety.SAFE)


def _known_whole(prose: str, page: Page, dot: int, after: int) -> Iterator[Identifier]:
    start, _ = _around(prose, dot)
    end = _PART.match(prose, after)
    if end and start < dot:
        name = f"{prose[start:dot]}.{end.group()}".lower()
        whole = known().dotted.get(name) or page.derive(names).written.get(name)
        if whole:
            yield Identifier(Span(start, end.end()), whole, 0.97, Safety.SAFE)


def _namespaces(prose: str) -> Iterator[Identifier]:
    """ "System. Data. SqlClient": step by step down from a root, each step across a space to a known name."""
    data = known()
    for root in data.roots:
        start = prose.find(root)
        while start >= 0:
            stop = start + len(root)
            if not (start and (prose[start - 1].isalnum() or prose[start - 1] in "._")):
                yield from _down(prose, start, stop, root)
            start = prose.find(root, stop)


def _down(prose: str, start: int, stop: int, root: str) -> Iterator[Identifier]:
    data, parts, spaced, sure = known(), [root], False, False
    while stop - start < _LONGEST and (step := _STEP.match(prose, stop)):
        before, after, part = step.groups()
        segment = data.segments.get(part.lower())
        if before or after:
            ending = part in data.extensions or part in data.formats
            if not segment and not ending and not _CAMEL.fullmatch(part):
                break
            spaced = True
            sure = sure or len(parts) > 1 or part[0].islower() or part in data.unmistakable or bool(_CAMEL.match(part))
        parts.append(segment or part)
        stop = step.end()
    if spaced and sure:
        yield Identifier(Span(start, stop), ".".join(parts), 0.97, Safety.SAFE)


def _around(text: str, position: int) -> tuple[int, int]:
    """The run of letters, digits, `_`, `-` and inner dots around a position."""
    start = end = position
    while start and position - start < _LONGEST and (text[start - 1].isalnum() or text[start - 1] in "_-."):
        start -= 1
    while end < len(text) and end - position < _LONGEST and (text[end].isalnum() or text[end] in "_-."):
        end += 1
    while end > position and text[end - 1] in ".-":
        end -= 1
    return start, end
