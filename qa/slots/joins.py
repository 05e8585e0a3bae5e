"""What stands between two neighbouring slots, and what that allows: one number, a time, a date, a list."""

from __future__ import annotations

import re
from typing import NamedTuple

from qa.language import Language
from qa.numbers import SPACES, number_format

_LONGEST = 40  # code points between two slots of one source number ("de septiembre de")


# The ways in which two slots may belong to one number of the source: bits, since a gap may allow several.
SPACE = 1  # thousands set apart: "50 000"
POINT = 2  # a point or comma that the translation wrote between two slots: "3.000", "3,5"
TIME = 4  # "15h14"
LIST = 8  # "5, 6", "5 and 6"
DATE = 16  # "28/09"
MONTH = 32  # "28 September 2018"
YEAR = 64  # "September 28, 2018"


class Gap(NamedTuple):
    """The text between two slots; `month` is 1..12 where a month's name stands there."""

    text: str
    join: int
    month: int = 0


class Joins(NamedTuple):
    """The joins of one language, ready to match."""

    time: frozenset[str]
    listing: frozenset[str]
    month: re.Pattern[str]  # the whole gap of "28 September 2018"
    after_month: re.Pattern[str]  # a month's name before the day: "September 28, 2018"
    before_month: re.Pattern[str]  # a month's name after the day
    day_year: frozenset[str]
    months: dict[str, int]

    def gap(self, prose: str, end: int, start: int) -> Gap:
        """What stands between a slot that ends at `end` and one that begins at `start`."""
        text = prose[end:start]
        if not text or len(text) > _LONGEST:
            return Gap(text, 0)
        plain, join, month = _plain(text), 0, 0
        if len(text) == 1:
            if text in SPACES:
                join |= SPACE
            elif text in ".,'’":
                join |= POINT
            if text in "/-.‑–":
                join |= DATE
        if plain in self.day_year:
            join |= YEAR
        if plain in self.time:
            join |= TIME
        if plain in self.listing:
            join |= LIST
        if named := self.month.fullmatch(plain):
            month, join = self.months[named.group(1)], join | MONTH
        return Gap(text, join, month)

    def month_before(self, prose: str, start: int) -> int:
        """The month whose name stands right before a slot; 0: none."""
        named = self.after_month.search(_plain(prose[max(0, start - _LONGEST) : start]))
        return self.months[named.group(1)] if named else 0

    def month_after(self, prose: str, end: int) -> int:
        """The month whose name stands right after a slot; 0: none."""
        named = self.before_month.match(_plain(prose[end : end + _LONGEST]))
        return self.months[named.group(1)] if named else 0


def _plain(text: str) -> str:
    """Lower case, every blank written `_`, as the data writes joins."""
    return "".join("_" if char in SPACES else char for char in text.lower())


def joins(language: Language) -> Joins:
    """The joins of a language, from its `number-slot.toml` and CLDR's names of months."""
    facts = language.facts("number-slot")
    months = {**number_format(language).months, **facts.get("months", {})}
    name = "(" + "|".join(re.escape(month) for month in sorted(months, key=len, reverse=True)) + r")(?![^\W_])\.?"
    day, year = (_either(facts[key]) for key in ("day_month", "month_year"))
    return Joins(
        time=frozenset(facts["time"]),
        listing=frozenset(facts["list"]),
        month=re.compile(day + name + year),
        after_month=re.compile(rf"(?<![^\W_]){name}_$"),
        before_month=re.compile(day + name),
        day_year=frozenset(facts["day_year"]),
        months=months,
    )


def _either(texts: list[str]) -> str:
    return "(?:" + "|".join(re.escape(text) for text in texts) + ")"
