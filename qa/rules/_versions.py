"""Versions and network addresses in which a translator took the dot for a decimal one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from qa.finding import Safety
from qa.language import Language
from qa.rules._identifiers import Identifier, known
from qa.text import Span

_COMMA = re.compile(r",[0-9]")
_NUMBER = re.compile(r"(?<![\w.,])v?[0-9]{1,2},[0-9]{1,2}(?:[.,][0-9]{1,5}){0,3}(?![\w]|[.,][0-9])")
_HEAD = re.compile(r"[\w.#+-]+$")
_ADDRESS = re.compile(r"(?<![\w.,])[0-9]{1,3}(?:[.,][0-9]{1,3}){3}(?![\w]|[.,][0-9])")
_PRIVATE = ("127.0.0.1", "192.168.", "10.0.", "172.16.", "255.255.", "0.0.0.0")


class Measures(NamedTuple):
    """What the language says about numbers: words before a version, and what follows a number that counts."""

    version: frozenset[str]
    after: re.Pattern[str]
    joined: re.Pattern[str]  # a list of whole numbers: "7,8 and 10"


def measures(language: Language) -> Measures:
    """From the language's `split-identifier.toml`."""
    facts = language.facts("split-identifier")
    counted = "|".join(map(re.escape, sorted(facts["measures"], key=len, reverse=True)))
    joining = "|".join(map(re.escape, facts["joining"]))
    units = r"[%‰€$£°×]|[kMGTmµcdn]?(?:[Hh]z|bit|[BboOWVAgms])(?:/s)?(?!\w)"
    return Measures(
        frozenset(word.lower() for word in facts["version"]),
        re.compile(rf"[ \u00a0\u202f-]?(?:{units}|(?:{counted})\b)"),
        re.compile(rf",? (?:{joining}) [0-9]{{1,2}}(?![\w,.]*[0-9])"),
    )


def decimal_commas(prose: str, language: Language) -> Iterator[Identifier]:
    """The versions and addresses with a comma, in order."""
    for match in _COMMA.finditer(prose):
        start = match.start()
        while start and match.start() - start < 20 and (prose[start - 1].isalnum() or prose[start - 1] in ".,"):
            start -= 1
        if prose.find(",", start) < match.start():
            continue  # a later comma of the same number
        if address := _ADDRESS.match(prose, start):
            yield from _network(address)
        elif number := _NUMBER.match(prose, start):
            yield from _version(prose, number, language)


def _network(address: re.Match[str]) -> Iterator[Identifier]:
    """ "192.168,0.1": four numbers below 256, with a dot among the commas or of a well-known net."""
    dotted = address.group().replace(",", ".")
    small = all(int(part) < 256 and part == str(int(part)) for part in dotted.split("."))
    if small and ("." in address.group() or dotted.startswith(_PRIVATE)):
        yield Identifier(Span(*address.span()), dotted, 0.95, Safety.SAFE)


def _version(prose: str, number: re.Match[str], language: Language) -> Iterator[Identifier]:
    """A number behind the name of a thing that has versions, unless it counts something or begins a list."""
    facts = language.derive(measures)
    marked = number.group().startswith("v")
    before = prose[max(0, number.start() - 24) : number.start()]
    head = _HEAD.search(before[:-1]) if before.endswith((" ", "\u00a0")) else None
    if not marked and not (head and _has_versions(head.group(), facts)):
        return
    if facts.after.match(prose, number.end()) or _counts(number.group(), prose, number.end(), facts):
        return
    yield Identifier(Span(*number.span()), number.group().replace(",", "."), 0.95, Safety.SAFE)


def _has_versions(head: str, facts: Measures) -> bool:
    names = (head.lstrip("."), head.rsplit("-", 1)[-1])
    return any(name in known().versioned for name in names) or head.lower() in facts.version


def _counts(number: str, prose: str, end: int, facts: Measures) -> bool:
    """Whether "7,8" begins a list of whole versions: "7,8 and 10", "7,8,10"."""
    return number.count(",") > 1 or bool(facts.joined.match(prose, end))
