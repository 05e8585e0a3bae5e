"""How a language writes numbers and names months, after CLDR (through Babel, loaded when first needed)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

# Every blank that may group digits: space, no-break, figure, thin and narrow no-break space.
SPACES = " \u00a0\u2007\u2009\u202f"
NO_BREAK = "\u00a0\u2007\u202f"


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """What CLDR says of one locale: how digits are grouped, the decimal mark, and the months by their names.

    `months` maps lower-case names, full and abbreviated (without a final dot), to 1..12.
    """

    group: str
    decimal: str
    months: Mapping[str, int]

    @property
    def groups_by_space(self) -> bool:
        """Whether the thousands stand apart, so that one number is several runs of digits."""
        return self.group in SPACES


@cache
def number_format(locale: str) -> NumberFormat:
    """The format of a CLDR locale identifier ("fr", "pt_PT").  Raises babel.UnknownLocaleError."""
    from babel import Locale

    cldr = Locale.parse(locale)
    symbols = cldr.number_symbols["latn"]
    months = {
        name.lower().rstrip("."): number
        for usage in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in cldr.months[usage][width].items()
    }
    return NumberFormat(symbols["group"], symbols["decimal"], months)


def thousands(digits: str) -> tuple[str, ...]:
    """Digits in groups of three from the right: "1269000" → ("1", "269", "000")."""
    head = len(digits) % 3
    groups = [digits[:head]] if head else []
    return (*groups, *(digits[i : i + 3] for i in range(head, len(digits), 3)))
