"""Paragraphs and pages that were seen before: checked once, with the outcome that checking again would have.

Most rules look at one paragraph at a time, some ask the page (its vocabulary, its source language).  `Memo` keeps
what a rule found in a paragraph only where the rule did not ask: then it depends on nothing but the paragraph and
the language, and any page that has the paragraph may use it.  So what is remembered never changes a result, and it
may be forgotten at any time.
"""

from __future__ import annotations

import marshal
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Generic, TypeVar, cast

from qa.checker import find, work
from qa.finding import Finding
from qa.page import Page
from qa.rule import Rule
from qa.text import Block

V = TypeVar("V")
_ROOM = 50_000  # paragraphs that are remembered: 13 MiB (measured with tracemalloc; findings come on top)
_SHORT = 40  # characters below which a paragraph is as soon checked as looked up


class Watch:
    """Stands in for a page, and notes whether a rule asks it for more than its language."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.asked = False
        self.language = page.language
        self.source_language = page.source_language
        self.languages = page.languages

    def __getattr__(self, name: str) -> Any:
        self.asked = True
        return getattr(self._page, name)


class Recent(Generic[V]):
    """The values of the keys that were asked for or kept last."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._values: OrderedDict[bytes, V] = OrderedDict()

    def get(self, key: bytes) -> V | None:
        """The value of a key, if it is still known."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def keep(self, key: bytes, value: V) -> None:
        """Remember a value, and forget the one that was of no use for longest."""
        self._values[key] = value
        if len(self._values) > self._room:
            self._values.popitem(last=False)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rules that asked nothing found in a paragraph, and which rules must be run on every page."""

    found: dict[str, tuple[Finding, ...]]
    asking: frozenset[str]


class Memo:
    """What the rules found in the paragraphs seen last.  Valid for one set of options."""

    def __init__(self, room: int = _ROOM) -> None:
        self._blocks: Recent[_Known] = Recent(room)
        self._askers: dict[frozenset[str], frozenset[str]] = {}  # equal sets are kept once

    def find(self, page: Page, rules: Sequence[Rule]) -> Iterator[tuple[Block, Finding]]:
        """What `qa.checker.find` gives."""
        if all(rule.gate is not None for rule in rules):
            yield from find(page, rules)  # a paragraph with nothing behind any gate is done sooner than looked up
            return
        for block, todo in work(page, rules):
            if len(block.text) < _SHORT:
                yield from ((block, finding) for rule in todo for finding in rule.find(block, page))
            elif (known := self._blocks.get(key := _key(block, page))) is None:
                yield from ((block, finding) for finding in self._first(key, block, page, todo))
            else:
                for rule in todo:
                    asks = rule.gate is not None or rule.id in known.asking
                    found = rule.find(block, page) if asks else known.found.get(rule.id, ())
                    yield from ((block, finding) for finding in found)

    def _first(self, key: bytes, block: Block, page: Page, rules: Sequence[Rule]) -> Iterator[Finding]:
        """What the rules find in a paragraph that is new; what may be told again is kept."""
        watch = Watch(page)
        kept: dict[str, tuple[Finding, ...]] = {}
        asking = set()
        for rule in rules:
            watch.asked = rule.gate is not None  # the gate has asked
            findings = tuple(rule.find(block, cast(Page, watch)))
            if watch.asked:
                asking.add(rule.id)
            elif findings:
                kept[rule.id] = findings
            yield from findings
        names = frozenset(asking)
        self._blocks.keep(key, _Known(kept, self._askers.setdefault(names, names)))


def _key(block: Block, page: Page) -> bytes:
    """Everything a rule can know of a paragraph and the language of its page; not where in the file it stands."""
    start = block.source.pieces[0].file_start if block.source.pieces else 0
    parts = (
        page.language.code,
        page.source_language,
        page.languages,
        block.kind,
        block.text,
        tuple((at, length, file - start, size) for at, length, file, size in block.source.pieces),
        tuple((at, opens, name, begin - start, end - start) for at, opens, name, begin, end in block.boundaries),
        tuple((span.start, span.end) for span in block.opaque),
        block.language,
        block.group >= 0,
        tuple((at, length, file - start, size) for at, length, file, size in block.dropped),
    )
    # Version 2: later ones write equal values differently, by how often they are referred to.
    return blake2b(marshal.dumps(parts, 2), digest_size=16).digest()
