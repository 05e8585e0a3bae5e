"""In which ways one number of the source can stand in a group of neighbouring slots, and how likely each is.

Costs are in nats, 0 for the usual way; they only rank readings against each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from qa.numbers import thousands
from qa.slots.joins import DATE, LIST, POINT, SPACE, TIME, Gap
from qa.slots.printed import Printed, printed

_YEARS = range(1900, 2100)

_BESIDE_MONTH = 4.0  # "26.06.2007 June"
_IN_RATIO = 1.5  # "70 000/30"


class Shape(NamedTuple):
    """The text of each slot of a group.

    `whole` says that the slots are one number, whose separators may be written anew; `decimal` is its decimal mark
    as the source printed it in the last text, or empty.
    """

    texts: tuple[str, ...]
    cost: float
    decimal: str = ""
    whole: bool = False


class Place(NamedTuple):
    """A group of slots: the gaps inside, whether a letter stands right before it, and months named around it.

    `dated`: the gap is one that stands between day and year where the month's name stands before the day; `ratio`: a
    slash joins the group to another slot.
    """

    gaps: tuple[Gap, ...]
    attached: bool = False
    month_before: int = 0
    month_after: int = 0
    dated: bool = False
    ratio: bool = False

    @property
    def digits(self) -> bool:
        """Whether the slots can be the digits of one number."""
        return all(gap.join & (SPACE | POINT) for gap in self.gaps)

    def joined(self, join: int) -> bool:
        """Whether all gaps allow the join."""
        return all(gap.join & join for gap in self.gaps)


@lru_cache(4096)
def shapes(number: str, place: Place, by_space: bool) -> tuple[Shape, ...]:
    """The ways, each text once, cheapest first.  `by_space`: the language sets thousands apart by a blank."""
    value = printed(number)
    if not place.gaps:
        return (_alone(value, place, by_space),)
    if place.attached:
        return ()
    found = list(_parts(value, place))
    if place.digits:
        found += [*_thousands(value, place.gaps, by_space), *_multiplied(value, place.gaps)]
    best: dict[tuple[str, ...], Shape] = {}
    for shape in sorted(found, key=lambda shape: shape.cost):
        if place.ratio:
            shape = shape._replace(cost=shape.cost + _IN_RATIO)
        best.setdefault(shape.texts, shape)
    return tuple(best.values())


def _alone(value: Printed, place: Place, by_space: bool) -> Shape:
    """One slot.  Only a date loses what the text spells out beside it ("26.06 June")."""
    if len(value.parts) == 2:
        first, second = value.parts
        if place.month_after and _is(second, place.month_after):
            return Shape((_plain(first),), 0.0)
        if place.month_before and len(second) == 4 and _is(first, place.month_before):
            return Shape((second,), 0.0)
    if (place.month_after or place.month_before) and len(value.parts) > 1:
        return Shape((value.text,), _BESIDE_MONTH)
    return Shape((value.text,), _unsplit(value) if by_space else 0.0)


def _unsplit(value: Printed) -> float:
    """How odd it is that a number stayed in one slot where the language sets thousands apart."""
    if len(value.whole) < 4:
        return 0.0
    if len(value.whole) == 4 and not value.marks:  # a year, a model, a price
        return 0.0 if _year(value) else 0.8
    return 2.5


def _thousands(value: Printed, gaps: Sequence[Gap], by_space: bool) -> Iterator[Shape]:
    """Digits set apart: "1083.83" in two slots is "1 083.83"."""
    if len(value.whole) > 3 and not value.whole.startswith("0"):
        cost = (0.0 if by_space else 0.3) + (2.0 if _year(value) else 0.0)
        yield from _laid(value.whole, value.decimal + value.decimals, gaps, cost)


def _multiplied(value: Printed, gaps: Sequence[Gap]) -> Iterator[Shape]:
    """A multiplier written out: "50K" and "50mila" print 50 and became "50 000"; "2.5 Mio" "2 500 000"."""
    whole, decimals = value.parts[0], "".join(value.parts[1:])
    if len(value.marks) > 1 or len(whole) > 3 or whole.startswith("0"):
        return
    for zeros, cost in ((3, 1.0), (6, 2.5), (9, 3.5)):
        if len(decimals) <= zeros:
            yield from _laid(whole + decimals.ljust(zeros, "0"), "", gaps, cost + (0.5 if decimals else 0.0))


def _laid(digits: str, tail: str, gaps: Sequence[Gap], cost: float) -> Iterator[Shape]:
    """Digits by threes into the slots; decimals go with the last or, behind a point or comma, into their own."""
    count = (len(digits) + 2) // 3
    if count == len(gaps) + 1:
        *groups, last = thousands(digits)
        yield Shape((*groups, last + tail), cost, tail[:1], whole=True)
    elif tail and count == len(gaps) and gaps[-1].join & POINT:
        yield Shape((*thousands(digits), tail[1:]), cost + 0.3)


def _parts(value: Printed, place: Place) -> Iterator[Shape]:
    """What the source joined by marks stands apart: a time, a date, a list."""
    gaps, parts = place.gaps, value.parts
    if len(gaps) == 1 and value.is_date:
        month = gaps[0].month or (place.month_before if place.dated else 0)
        if month and _is(parts[1], month):
            century = "" if len(parts[2]) == 4 else "20"
            yield Shape((_plain(parts[0]), century + parts[2]), 1.0 if century else 0.0)
    if len(parts) != len(gaps) + 1:
        return
    if place.joined(TIME) and _is_time(parts):
        yield Shape(parts, 0.1)
    if place.joined(DATE) and value.is_date:
        yield Shape(parts, 0.2)
    if value.grouped:
        return
    if place.joined(LIST) and "." not in value.marks:
        yield Shape(parts, 0.5 if len(parts) > 2 else 2.0)
    if len(parts) == 2 and place.joined(POINT):
        yield Shape(parts, 0.5)


def _plain(digits: str) -> str:
    return digits.lstrip("0") or digits


def _is(digits: str, number: int) -> bool:
    return len(digits) <= 2 and int(digits) == number


def _year(value: Printed) -> bool:
    return len(value.text) == 4 and not value.marks and int(value.text) in _YEARS


def _is_time(parts: Sequence[str]) -> bool:
    return len(parts) == 2 and len(parts[0]) <= 2 and len(parts[1]) == 2 and int(parts[0]) <= 24 and int(parts[1]) < 60
