"""A publishing plugin lays the source's numbers into the digit runs of the translation and runs out of them.

The forward model, independent of the rule that undoes it.  The clean text is the translation as it should read; for
each number expression of it the model draws how the source printed it and how the translator wrote it: thousands set
apart, a multiplier written out, a time, a date, a list.  Then the source's numbers are laid into the runs from the
left, and the runs that are left over print XNUMX.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from models.corrupt import Damage
from qa.language import language
from qa.numbers import number_format

_EMPTY = "XNUMX"


@dataclass(frozen=True, slots=True)
class Expression:
    """One number expression: as the translation has it, as it should read, and the source's number for all of it."""

    start: int
    end: int
    text: str
    clean: str
    number: str


@dataclass(frozen=True, slots=True)
class Laid:
    """A text, and the same with the numbers laid in wrong."""

    clean: str
    damaged: str


@dataclass(frozen=True, slots=True)
class Habit:
    """How one translation writes numbers: what sets thousands apart, and whether points and commas part digit runs.

    `wanted` is what should set them apart: a no-break space may stay, a plain one gives way to the language's own mark.
    """

    group: str
    wanted: str
    runs: re.Pattern[str]


_WITH_MARKS = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_DIGITS = re.compile(r"[0-9]+")


def habit(code: str, rng: random.Random) -> Habit:
    """Thousands set apart by a blank; in languages with a point or comma now and then by that."""
    own = number_format(language(code)).group
    if own not in " \u00a0\u202f" and rng.random() < 0.25:
        return Habit(own, own, _DIGITS)
    group = rng.choice(" \u00a0\u202f")
    return Habit(group, own if group == " " else group, _WITH_MARKS)


def lay(text: str, code: str, rng: random.Random, habit: Habit) -> Laid | None:
    """Lay the numbers of a text; None where the text has none or comes out whole."""
    clean: list[str] = []
    written: list[str] = []
    numbers: list[str] = []
    last = 0
    for expression in _expressions(text, code, rng, habit):
        before = text[last : expression.start]
        clean += [before, expression.clean]
        written += [before, expression.text]
        numbers += [*_WITH_MARKS.findall(before), expression.number]
        last = expression.end
    rest = text[last:]
    supply = iter([*numbers, *_WITH_MARKS.findall(rest)])
    damaged = habit.runs.sub(lambda _: next(supply, _EMPTY), "".join([*written, rest]))
    return Laid("".join([*clean, rest]), damaged) if _EMPTY in damaged else None


def _expressions(text: str, code: str, rng: random.Random, habit: Habit) -> Iterator[Expression]:
    """The expressions that the source printed otherwise, apart from each other."""
    last = 0
    for match in _pattern(code).finditer(text):
        if match.start() < last:
            continue
        kind = match.lastgroup or ""
        expression = _KINDS[kind](match, code, rng, habit)
        if expression:
            yield expression
            last = match.end()


@cache
def _pattern(code: str) -> re.Pattern[str]:
    months = "|".join(re.escape(m) for m in sorted(_month_names(code), key=len, reverse=True))
    return re.compile(
        rf"(?P<date>(?<![\d.,])([0-3]?\d)(?:\. ?| | de |º de )(?:{months})(?:\.? | de )(\d{{4}})(?!\d))"
        r"|(?P<clock>(?<![\d.,:])([01]?\d|2[0-4])(?: ?h ?|:)([0-5]\d)(?![\d:]|[.,]\d))"
        r"|(?P<list>(?<![\d.,/])(?:\d{1,2}, ){2,}\d{1,2}(?![\d.,/]|:\d))"
        r"|(?P<grouped>(?<![\w.,/-])[1-9]\d{0,2}(?:[ \u00a0\u202f.,]\d{3})+(?:[.,]\d\d?)?(?![\w/-]|[.,]\d))"
        r"|(?P<plain>(?<![\w.,:/’'-])[1-9]\d{0,2}(?![\w:/%°’'-]|[.,]\d| ?[%/:-]|,? \d|[.]? ?º|er\b))",
        re.IGNORECASE,
    )


@cache
def _month_names(code: str) -> frozenset[str]:
    return frozenset(name for name in number_format(language(code)).months if len(name) > 3)


def _date(match: re.Match[str], code: str, rng: random.Random, habit: Habit) -> Expression | None:
    """A German or Italian source wrote 28.09.2018."""
    digits = _DIGITS.findall(match.group())
    name = re.search(r"[^\W\d_]{3,}\.?(?= | de |$)", match.group().replace(" de ", "    "))
    months = number_format(language(code)).months
    number = months.get(name.group().lower().rstrip(".")) if name else None
    if number is None or rng.random() < 0.3:
        return None
    return _kept(match, f"{int(digits[0]):02}.{number:02}.{digits[1]}")


def _clock(match: re.Match[str], code: str, rng: random.Random, habit: Habit) -> Expression | None:
    """An Italian or German source wrote 15.14."""
    hour, minute = _DIGITS.findall(match.group())
    return _kept(match, f"{hour}.{minute}")


def _list(match: re.Match[str], code: str, rng: random.Random, habit: Habit) -> Expression | None:
    """The source wrote the list without blanks."""
    if rng.random() < 0.5:
        return None
    return _kept(match, ",".join(_DIGITS.findall(match.group())))


def _grouped(match: re.Match[str], code: str, rng: random.Random, habit: Habit) -> Expression | None:
    """The source set thousands apart in its own way, not at all, or wrote K and M."""
    runs = _DIGITS.findall(match.group())
    decimals = runs.pop() if len(runs[-1]) < 3 else ""
    digits, mark = "".join(runs), rng.choice(".,")
    other = "." if mark == "," else ","
    forms = [digits, mark.join(runs)]
    if len(runs) == 1 or (decimals and habit.runs is _DIGITS):
        return None
    if decimals:
        forms = [form + other + decimals for form in forms]
    elif digits.endswith("000000"):
        forms.append(digits[:-6])
    elif digits.endswith("000") and len(runs) == 2:
        forms.append(digits[:-3])
    elif digits.endswith("00") and len(runs) == 2:
        forms.append(digits[:-3] + mark + digits[-3])
    tail = number_format(language(code)).decimal + decimals if decimals else ""
    return _apart_by(match, habit, runs, tail, rng.choice(forms))


def _small(match: re.Match[str], code: str, rng: random.Random, habit: Habit) -> Expression | None:
    """The clean text is given a larger number here, for which the source wrote a multiplier."""
    draw = rng.random()
    if draw < 0.45:
        return None
    number = match.group()
    zeros = 2 if draw > 0.96 else 1
    return _apart_by(match, habit, [number, *["000"] * zeros], "", number)


def _apart_by(match: re.Match[str], habit: Habit, runs: list[str], tail: str, number: str) -> Expression:
    text, clean = (mark.join(runs) + tail for mark in (habit.group, habit.wanted))
    return Expression(match.start(), match.end(), text, clean, number)


def _kept(match: re.Match[str], number: str) -> Expression:
    return Expression(match.start(), match.end(), match.group(), match.group(), number)


_KINDS: dict[str, Callable[..., Expression | None]] = {
    "date": _date,
    "clock": _clock,
    "list": _list,
    "grouped": _grouped,
    "plain": _small,
}


def damage(text: str, code: str, rng: random.Random) -> Damage | None:
    """Lay the numbers of a text."""
    laid = lay(text, code, rng, habit(code, rng))
    if laid is None:
        return None
    start, end = _apart(laid.damaged, laid.clean)
    tail = len(laid.damaged) - end
    return Damage(laid.damaged, start, end, laid.clean[start : len(laid.clean) - tail], "number-slot")


def _apart(damaged: str, clean: str) -> tuple[int, int]:
    """The stretch of `damaged` that differs, in whole numbers."""
    limit = min(len(damaged), len(clean))
    start = next((i for i in range(limit) if damaged[i] != clean[i]), limit)
    tail = next((i for i in range(limit - start) if damaged[-1 - i] != clean[-1 - i]), limit - start)
    while start and re.match(r"[\w.,]", damaged[start - 1]) and damaged[start - 1] != " ":
        start -= 1
    end = len(damaged) - tail
    while end < len(damaged) and damaged[end].isalnum():
        end += 1
    return start, end
