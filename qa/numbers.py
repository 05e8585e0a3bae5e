"""How a language writes numbers and names months, after CLDR: `numbers.toml`, copied from Babel by `qa.devtools cldr`.

Reading it costs a fiftieth of what loading Babel's locale costs at every start.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from qa.language import Language

# Every blank that may group digits: space, no-break, figure, thin and narrow no-break space.
SPACES = " \u00a0\u2007\u2009\u202f"
NO_BREAK = "\u00a0\u2007\u202f"


class NumberFormat(NamedTuple):
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


def number_format(language: Language) -> NumberFormat:
    """How a language writes numbers: its `numbers.toml`."""
    return language.derive(_read)


def _read(language: Language) -> NumberFormat:
    facts = language.facts("numbers")
    return NumberFormat(facts["group"], facts["decimal"], facts["months"])


def thousands(digits: str) -> tuple[str, ...]:
    """Digits in groups of three from the right: "1269000" → ("1", "269", "000")."""
    head = len(digits) % 3
    groups = [digits[:head]] if head else []
    return (*groups, *(digits[i : i + 3] for i in range(head, len(digits), 3)))
