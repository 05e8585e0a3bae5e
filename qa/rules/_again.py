"""Where on a page words may follow themselves, alone or in a phrase: found in one pass, for the rules that judge it."""

from __future__ import annotations

from binascii import crc32
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from qa.language import Language
from qa.page import Page
from qa.rules._columns import Ask, column
from qa.rules._suspects import joined, strange

LONGEST = 6  # words in a phrase …
_PIECES = 3 * LONGEST  # … of which each may be more than one for `Page.forms`: "l'aujourd'hui"
_ODD_CASE = frozenset("İẞ\u212a\u212b")  # capitals that patterns take for letters that `lower` does not make of them


def again(page: Page) -> frozenset[int]:
    """A gate: the number of every block in which words may follow themselves."""
    runs = page.derive(strange)
    odd = (at for at, run in runs if not _ODD_CASE.isdisjoint(run))
    return frozenset(_repeating(page)) | page.derive(joined).numbers(odd)


def _repeating(page: Page) -> Iterator[int]:
    """The numbers of the blocks with a stretch of words that is repeated at once.

    Words are told apart by a byte of a hash: the column against itself, moved by the length of the stretch.
    """
    hashes = column(page, _hash)
    whole, size = int.from_bytes(hashes, "little"), len(hashes)
    for length in range(1, min(_PIECES, size // 2) + 1):
        differs = (whole ^ (whole >> 8 * length)).to_bytes(size, "little")[: size - length]
        same = bytes(length)
        at = differs.find(same)
        while at >= 0:
            after = at + 1
            if _small(page.forms[at : at + length]) == _small(page.forms[at + length : at + 2 * length]):
                number = bisect_right(page.starts, at)
                yield number - 1
                after = page.starts[number]  # a block is found once, however often it repeats itself
            at = differs.find(same, after)


def _small(forms: Sequence[str]) -> list[str]:
    return [form.lower() for form in forms]


def _hash(own: Language, others: tuple[str, ...]) -> Ask:
    """A question: eight bits that tell most words apart, whatever their case."""
    return lambda forms: bytes([crc32(form.lower().encode("utf-8", "surrogatepass")) & 0xFF for form in forms])
