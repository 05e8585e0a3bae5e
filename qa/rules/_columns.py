"""What rules ask of every word of a page, answered with one look-up a word.

Most words of most pages are ordinary, and finding that out question by question, word by word, is what a check spends
its time on.  So a question is put once to each *spelling*: its answer is a number below 256, the word's *class*.  The
classes that a spelling has for all questions stand side by side in a few bytes, which are remembered; those of a
page's words are joined, and every n-th byte of the whole is the *column* of one question: a byte for each word, to be
searched at the speed of memory.
"""

from __future__ import annotations

import operator
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress, repeat

from qa.function_words import SUBJECT
from qa.language import Language, codes, language
from qa.lexicon import languages
from qa.memory import LIMIT
from qa.page import Page

#: Gives the class of each of these spellings: of many at once, since a call costs as much as most answers.
Ask = Callable[[Sequence[str]], bytes]
#: Gives the classes of the spellings of a language; the other languages that are looked for may matter.
Question = Callable[[Language, tuple[str, ...]], Ask]

_SET = re.compile(rb"[^\0]")


def foreign_languages(page: Page) -> tuple[str, ...]:
    """The other languages that are looked for: the candidates that have a lexicon and closed classes."""
    known = {code for code in languages() if code in codes() and language(code).has(SUBJECT)}
    wanted = {*page.languages, *([page.source_language] if page.source_language else [])}
    return tuple(sorted(code for code in wanted & known if code != page.language.code))


def each(class_of: Callable[[str], int]) -> Ask:
    """The classes by a function of one spelling."""
    return lambda forms: bytes(map(class_of, forms))


def listed(classes: Mapping[str, int]) -> Ask:
    """The classes of a list, 0 for what is not on it."""
    return lambda forms: bytes(map(classes.get, forms, repeat(0)))


class _Known(dict[str, bytes]):
    """The rows of spellings; an empty one for a spelling that is new.  (Half as dear as `get`.)"""

    __slots__ = ()

    def __missing__(self, form: str) -> bytes:
        return b""


class _Table:
    """The questions that were asked of a language so far, and what is known of each spelling."""

    def __init__(self, asks: dict[Question, Ask]) -> None:
        self.asks = asks
        self.order = {question: index for index, question in enumerate(asks)}
        self._known = _Known()
        self._rows: dict[bytes, bytes] = {}  # each row once: they stay in the processor's cache

    def with_(self, question: Question, ask: Ask) -> _Table:
        """The same with one question more, which is put to all spellings that are known."""
        table = _Table({**self.asks, question: ask})
        known = dict(self._known)  # in one step: another thread may be adding to it, and no iterator bears that
        table._keep(table._known, list(known), map(operator.add, known.values(), map(_byte, ask(list(known)))))
        return table

    def rows(self, page: Page) -> bytes:
        """The classes of each word of a page, word by word."""
        known, forms = self._known, page.forms
        rows = list(map(known.__getitem__, forms))
        found = b"".join(rows)
        if len(found) == len(forms) * len(self.asks):
            return found
        places = [*compress(range(len(rows)), map(operator.not_, rows))]
        new = {forms[at] for at in places}
        if len(known) + len(new) > LIMIT:
            known = self._known = _Known()  # other threads may be reading what there was
            self._rows = {}
        self._learn(known, list(new))
        for at in places:
            rows[at] = known[forms[at]]
        return b"".join(rows)

    def _learn(self, known: dict[str, bytes], forms: list[str]) -> None:
        size = len(self.asks)
        rows = bytearray(size * len(forms))
        for at, ask in enumerate(self.asks.values()):
            rows[at::size] = ask(forms)
        whole = bytes(rows)
        self._keep(known, forms, (whole[at : at + size] for at in range(0, len(whole), size)))

    def _keep(self, known: dict[str, bytes], forms: Iterable[str], rows: Iterable[bytes]) -> None:
        once = self._rows.setdefault
        known.update(zip(forms, [once(row, row) for row in rows], strict=True))


def _byte(number: int) -> bytes:
    return bytes((number,))


def _tables(own: Language) -> dict[tuple[str, ...], _Table]:
    """The table of each choice of other languages; it grows as rules ask, on the first page of a process."""
    return {}


def column(page: Page, question: Question) -> bytes:
    """The class of each word of the page, in the order of `Page.forms`."""
    tables, others = page.language.derive(_tables), page.derive(foreign_languages)
    table = tables.get(others) or _Table({})
    if question not in table.asks:
        table = tables[others] = table.with_(question, question(page.language, others))
    return page.derive(table.rows)[table.order[question] :: len(table.order)]


def both(one: bytes, other: bytes) -> bytes:
    """The bits that two columns have in common, byte by byte."""
    size = min(len(one), len(other))
    common = int.from_bytes(one[:size], "little") & int.from_bytes(other[:size], "little")
    return common.to_bytes(size, "little")


def set_in(bits: bytes) -> Iterator[int]:
    """Where a column is not zero."""
    return (match.start() for match in _SET.finditer(bits))


class Pairs:
    """Classes of words that are wanted beside each other.

    First words that are wanted before the same second words share a bit, of eight.  The row of the first words' bits
    and the row of the second words', moved by one word, have one in common exactly where a wanted pair stands.
    """

    def __init__(self, wanted: Callable[[int, int], bool], relevant: int = 255) -> None:
        """`wanted(one, other)` says which; it looks at no other bits of the two classes than the `relevant` ones."""
        classes = [each for each in range(256) if not each & ~relevant]
        groups: defaultdict[bytes, list[int]] = defaultdict(list)
        for one in classes:
            groups[bytes(other for other in classes if wanted(one, other))].append(one)
        groups.pop(b"", None)
        if len(groups) > 8:
            raise ValueError("more than eight groups of first words")
        firsts, seconds = [0] * 256, [0] * 256
        for bit, (others, ones) in enumerate(groups.items()):
            for one in ones:
                firsts[one] |= 1 << bit
            for other in others:
                seconds[other] |= 1 << bit
        self._firsts = bytes(firsts[each & relevant] for each in range(256))
        self._seconds = bytes(seconds[each & relevant] for each in range(256))

    def places(self, row: bytes) -> Sequence[int]:
        """Where in the row a first word stands with its second behind it."""
        firsts = int.from_bytes(row.translate(self._firsts), "little")
        both = firsts & int.from_bytes(row[1:].translate(self._seconds), "little")
        return [*set_in(both.to_bytes(len(row), "little"))] if both else ()
