"""Applying repairs, and making sure that they did what they said and nothing else.

Repairs are applied in rounds: what overlaps waits for the next one, and what a repair brings to light is repaired in
turn.  After each round the text is read again and compared with what the repairs announced (after Black, which
checks its own output): the visible text must be the old one with the edits, and numbers, addresses, code and
placeholders must be as they were unless the rule is about them.  A repair that fails is refused, and its place stays
as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qa.checker import Options, Result, check_document
from qa.finding import Diagnostic, Edit, Safety
from qa.placement import Placed, Places
from qa.protected import MARKUP, announced, harmed
from qa.readers import read
from qa.rewrite import apply
from qa.text import Document

MOST_ROUNDS = 10

_TRUST = {Safety.SAFE: 0, Safety.REVIEW: 1, Safety.SHOW: 2}
_BLANKS = re.compile(r"[ \t\n\r\f]+")


@dataclass(frozen=True, slots=True)
class Refused:
    """A repair that was not applied, and why."""

    diagnostic: Diagnostic
    reason: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """What came of a text.

    `applied` are the diagnostics that were repaired, round by round, each in the coordinates of the text it was
    found in; `rest` is the check of `text` itself, and `refused` those of its diagnostics whose repair was refused.
    """

    text: str
    applied: tuple[Diagnostic, ...]
    refused: tuple[Refused, ...]
    rounds: int
    rest: Result


def fix(text: str, *, syntax: str = "text", options: Options | None = None, level: Safety = Safety.SAFE) -> Fixed:
    """Apply the first repair of every diagnostic that may be trusted up to `level`; what is only shown never.

    The outcome is at rest: fixing it again applies nothing.  Rules whose repairs do not come to rest within ten rounds,
    or lead back to a text that was there before, are left out from the start and their repairs refused.
    Raises UnknownLanguage, UnknownRule.
    """
    options = options or Options()
    restless: frozenset[str] = frozenset()
    while True:
        run = _Run(text, syntax, options, level, restless)
        more = run.finish()
        if not more:
            return run.outcome()
        restless |= more


@dataclass(frozen=True, slots=True)
class Applied:
    """A text after repairs that somebody chose, and those of them that were not applied."""

    text: str
    refused: tuple[Refused, ...]


def apply_chosen(text: str, chosen: Sequence[Diagnostic], *, syntax: str = "text") -> Applied:
    """Apply the first repair of each of these diagnostics of the text, once, verified like those of `fix`.

    A repair that is only shown is refused, and so is one that touches another: it can be chosen again afterwards.
    """
    run = _Run(text, syntax, Options(), Safety.REVIEW, frozenset())
    accepted, after = run.round_of(chosen)
    done = {id(each) for each in accepted}
    return Applied(after.text, tuple(Refused(each, run.reason(each)) for each in chosen if id(each) not in done))


class _Run:
    """One attempt at bringing a text to rest."""

    def __init__(self, text: str, syntax: str, options: Options, level: Safety, restless: frozenset[str]) -> None:
        self._syntax, self._options, self._level, self._restless = syntax, options, level, restless
        self._document = read(text, syntax)
        self._applied: list[Diagnostic] = []
        self._refused: dict[tuple[str, ...], str] = {}  # why, by what a diagnostic is known by
        self._rounds = 0

    def finish(self) -> set[str]:
        """Work until nothing is left to apply; gives the rules that prevent it."""
        seen = {self._document.text: 0}
        while True:
            self._rest = check_document(self._document, self._options)
            if self._rest.language:  # decided once, not anew in each round
                self._options = replace(self._options, language=self._rest.language)
            accepted, after = self.round_of(self._rest.diagnostics)
            if not accepted:
                return set()
            self._applied += accepted
            self._document = after
            self._rounds += 1
            if after.text in seen:
                return {each.rule for each in self._applied[seen[after.text] :]}
            if self._rounds == MOST_ROUNDS:
                return {each.rule for each in accepted}
            seen[after.text] = len(self._applied)

    def outcome(self) -> Fixed:
        """What has come of the text."""
        reasons = ((each, self._refused.get(_key(self._document, each))) for each in self._rest.diagnostics)
        refused = tuple(Refused(each, reason) for each, reason in reasons if reason)
        return Fixed(self._document.text, tuple(self._applied), refused, self._rounds, self._rest)

    def reason(self, diagnostic: Diagnostic) -> str:
        """Why the last round left a repair out."""
        if not diagnostic.fixes:
            return "it has no repair"
        if diagnostic.safety is Safety.SHOW:
            return "its repair is only shown"
        return self._refused.get(_key(self._document, diagnostic), "it touches another repair")

    def round_of(self, diagnostics: Sequence[Diagnostic]) -> tuple[list[Diagnostic], Document]:
        """The repairs of a round, of those of these diagnostics that are trusted, and the text after them."""
        document = self._document
        wanted = []
        for diagnostic in diagnostics:
            if not diagnostic.fixes or _TRUST[diagnostic.safety] > min(_TRUST[self._level], _TRUST[Safety.REVIEW]):
                continue
            if _key(document, diagnostic) in self._refused:
                continue
            if diagnostic.rule in self._restless:
                self._refuse(diagnostic, "its repairs do not come to rest")
            else:
                wanted.append(diagnostic)
        places = Places(document)
        kept = []
        for diagnostic in _apart(wanted):
            placed = places.place(diagnostic)
            allowed = announced(diagnostic)
            if placed.edits:
                harm = harmed(document.blocks[placed.block], placed.edits, allowed)
            else:  # what it changes, nobody sees
                harm = None if MARKUP in allowed else MARKUP
            if harm:
                self._refuse(diagnostic, f"it would change {harm}")
            else:
                kept.append(placed)
        accepted = self._largest(kept)
        after = self._attempt(accepted) if accepted else None
        return [each.diagnostic for each in accepted], after or document

    def _largest(self, placed: list[Placed]) -> list[Placed]:
        """The repairs that do together what they say, found by halving; one that fails alone is refused."""
        if not placed or self._attempt(placed) is not None:
            return placed
        if len(placed) == 1:
            self._refuse(placed[0].diagnostic, "the text would not read as it announces")
            return []
        middle = len(placed) // 2
        first, second = self._largest(placed[:middle]), self._largest(placed[middle:])
        # Where both halves are right and both together are not, the second waits for the next round.
        return [*first, *second] if self._attempt([*first, *second]) is not None else first

    def _attempt(self, placed: Sequence[Placed]) -> Document | None:
        """The document with some repairs, or None if it is not what they announced."""
        edits = [edit for each in placed for edit in each.diagnostic.fixes[0].edits]
        after = read(apply(self._document.text, edits), self._syntax)
        return after if _as_announced(self._document, after, placed) else None

    def _refuse(self, diagnostic: Diagnostic, reason: str) -> None:
        self._refused[_key(self._document, diagnostic)] = reason


def _apart(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics whose repairs do not touch one before them; the others wait for the next round."""
    kept: list[Diagnostic] = []
    end = -1
    for diagnostic in sorted(diagnostics, key=_hull):
        first, last = _hull(diagnostic)
        if first > end:
            kept.append(diagnostic)
            end = last
    return kept


def _hull(diagnostic: Diagnostic) -> tuple[int, int]:
    spans = [edit.span for edit in diagnostic.fixes[0].edits]
    return min(span.start for span in spans), max(span.end for span in spans)


def _as_announced(before: Document, after: Document, placed: Sequence[Placed]) -> bool:
    """Whether the visible text is what the repairs make of the old one.

    White space may differ in length, as the page may show it, and the text may fall into other blocks.  What becomes
    of a block whose markup is repaired cannot be told before; all around it must be as it was.
    """
    if after.syntax != before.syntax:
        return False
    edits: dict[int, list[Edit]] = {}
    free = set()
    for each in placed:
        edits.setdefault(each.block, []).extend(each.edits)
        if MARKUP in announced(each.diagnostic):
            free.add(each.block)
    runs: list[list[str]] = [[]]
    for number, block in enumerate(before.blocks):
        if number in free:
            runs.append([])
        else:
            runs[-1].append(apply(block.text, edits.get(number, ())))
    return _in_order(
        [_squeezed(" ".join(run)) for run in runs], _squeezed(" ".join(block.text for block in after.blocks))
    )


def _in_order(runs: Sequence[str], text: str) -> bool:
    """Whether the text is these runs, with anything between two of them."""
    if len(runs) == 1:
        return text == runs[0]
    first, *middle, last = runs
    if not text.startswith(first):
        return False
    position = len(first)
    for run in middle:
        position = text.find(run, position)
        if position < 0:
            return False
        position += len(run)
    return text.endswith(last) and len(text) - len(last) >= position


def _squeezed(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" ")


def _key(document: Document, diagnostic: Diagnostic) -> tuple[str, ...]:
    """What a diagnostic is known by when its place has moved."""
    start, end = diagnostic.span.start, diagnostic.span.end
    suggestion = diagnostic.suggestions[0] if diagnostic.suggestions else ""
    return diagnostic.rule, suggestion, document.text[max(0, start - 20) : end + 20]
