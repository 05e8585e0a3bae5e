"""The assignments that explain a damaged run of slots, best first.

A reading cuts the n slots of a run into m consecutive groups, one for each printed number in order.  It is found by
dynamic programming over (slots read, numbers read), keeping the best few ways to reach each state: n·(n-m) states,
and a group is never longer than its joins allow.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from qa.slots.evidence import Known
from qa.slots.joins import LIST, POINT, SPACE, TIME, YEAR, Gap, Joins
from qa.slots.printed import printed
from qa.slots.shapes import Place, Shape, shapes
from qa.slots.tokens import Slot

# A run beyond these is not read: so many choices explain anything, and the time stays bounded.
MOST_SLOTS = 80
MOST_EMPTY = 24
_LONGEST = 4  # slots of one number …
_LONGEST_LIST = 12  # … or of one list

KEPT = 4  # readings kept for each state: the best, and what else would explain the text

_APART = 3.0  # two numbers side by side with nothing but a blank between them
_APART_NO_BREAK = 5.0  # … a blank that keeps them together
_TIGHT = 4.0  # … or a point or comma only


class Group(NamedTuple):
    """Slots `first` to `last` (exclusive) of a run hold one number of the source.

    `pointed`: a point or comma of the translation stands between two of them; `lettered`: a letter stands right behind
    several.
    """

    first: int
    last: int
    shape: Shape
    pointed: bool
    lettered: bool


class Reading(NamedTuple):
    """A way to lay the printed numbers back.  `certain`: the slots are counted beyond doubt."""

    groups: tuple[Group, ...]
    cost: float
    certain: bool = True

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of every slot."""
        return tuple(text for group in self.groups for text in group.shape.texts)


def readings(prose: str, run: Sequence[Slot], joins: Joins, by_space: bool, known: Sequence[Known]) -> list[Reading]:
    """The readings of a run of slots, at most `KEPT`, best first; none where nothing explains it.

    `by_space`: the language sets thousands apart by a blank; `known`: what the page says about each slot.
    """
    numbers = [slot.printed for slot in run if slot.printed is not None]
    n, m = len(run), len(numbers)
    if not numbers or n > MOST_SLOTS or n - m > MOST_EMPTY:
        return []
    gaps = [joins.gap(prose, a.end, b.start) for a, b in pairwise(run)]
    states: dict[tuple[int, int], list[Reading]] = {(0, 0): [Reading((), 0.0)]}
    for i in range(n):
        reached = [(j, states.pop((i, j))) for j in range(max(0, i - (n - m)), min(i, m - 1) + 1) if (i, j) in states]
        if not reached:
            continue
        apart = _apart(gaps[i - 1]) if i else 0.0
        for size in _sizes(gaps, i, n):
            place = _place(prose, run, gaps, i, size, joins)
            end = run[i + size - 1].end
            lettered = size > 1 and prose[end : end + 1].isalpha()
            pointed = any(gap.join & POINT and not gap.join & TIME for gap in place.gaps)
            for j, ways in reached:
                if n - i - size < m - j - 1 or (n - i - size > 0 and j + 1 == m):
                    continue
                for shape in shapes(numbers[j], place, by_space):
                    page = sum(known[i + k].cost(text) for k, text in enumerate(shape.texts))
                    group, cost = Group(i, i + size, shape, pointed, lettered), apart + shape.cost + page
                    goal = states.setdefault((i + size, j + 1), [])
                    goal += [Reading((*way.groups, group), way.cost + cost) for way in ways]
                    goal.sort(key=lambda reading: reading.cost)
                    del goal[KEPT:]
    return [reading._replace(certain=_certain(reading, numbers)) for reading in states.get((n, m), [])]


def _certain(reading: Reading, numbers: Sequence[str]) -> bool:
    """Whether the slots are counted beyond doubt.

    Where the translation's own points part slots ("3.000" in two), a printed "24,32" may be two numbers as well; so may
    "0,98,11" and "5.450.5470" anywhere.  A number with a letter behind it ("1 XNUMXth") may be no whole one.
    """
    if any(group.lettered for group in reading.groups):
        return False
    if any(group.pointed for group in reading.groups):
        return all(number.isdigit() for number in numbers)
    single = (group.shape.texts[0] for group in reading.groups if group.last - group.first == 1)
    return not any(printed(text).doubtful for text in single)


def _sizes(gaps: Sequence[Gap], first: int, n: int) -> range:
    """The sizes a group that begins at `first` may have."""
    size = 1
    while first + size < n and size < _LONGEST_LIST:
        join = gaps[first + size - 1].join
        if not join or (size >= _LONGEST and not join & LIST):
            break
        size += 1
    return range(1, size + 1)


def _place(prose: str, run: Sequence[Slot], gaps: Sequence[Gap], i: int, size: int, joins: Joins) -> Place:
    start, end = run[i].start, run[i + size - 1].end
    inner = tuple(gaps[i : i + size - 1])
    attached = start > 0 and (prose[start - 1].isalnum() or prose[start - 1] == "_")
    dated = size == 2 and bool(inner[0].join & YEAR)
    before = joins.month_before(prose, start) if dated or size == 1 else 0
    after = joins.month_after(prose, end) if size == 1 else 0
    ratio = prose[start - 1 : start] == "/" or prose[end : end + 1] == "/"
    return Place(inner, attached, before, after, dated, ratio)


def _apart(gap: Gap) -> float:
    """The cost of reading two neighbouring slots as two numbers."""
    if gap.join & SPACE:
        return _APART if gap.text == " " else _APART_NO_BREAK
    return _TIGHT if gap.join & POINT and gap.text in ".," else 0.0
