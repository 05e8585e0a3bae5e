"""A number as some language printed it, read without knowing which."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_MARK = re.compile(r"[.,]")


class Printed(NamedTuple):
    """A run of digits with points and commas inside.

    `parts` are its runs of digits, `marks` what stands between them.  As one value it has the digits `whole` and,
    behind the mark `decimal`, the digits `decimals`; `grouped` says that its thousands are set apart.  What cannot be
    one value ("28.09.2018", "0,1,5") has no `whole`.
    """

    text: str
    parts: tuple[str, ...]
    marks: tuple[str, ...]
    whole: str
    decimal: str = ""
    decimals: str = ""
    grouped: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether it looks like several numbers run together: no value, no date, and no version ("2.0.1")."""
        return not self.whole and not self.is_date and ("," in self.marks or max(map(len, self.parts)) > 2)

    @property
    def is_date(self) -> bool:
        """Whether it reads as day, month and year: "28.09.2018"."""
        day, month, year = self.parts if len(self.parts) == 3 else ("0", "0", "")
        return 1 <= int(day[:3]) <= 31 and 1 <= int(month[:3]) <= 12 and len(year) in (2, 4)


@lru_cache(4096)
def printed(text: str) -> Printed:
    """Read a number.  One mark before three digits sets thousands apart ("621.967"), unless a zero leads."""
    parts, marks = tuple(_MARK.split(text)), tuple(_MARK.findall(text))
    head, *rest = parts
    if not marks:
        return Printed(text, parts, marks, text)
    groupable = 1 <= len(head) <= 3 and not head.startswith("0")
    if groupable and all(len(part) == 3 for part in rest) and len(set(marks)) == 1:
        return Printed(text, parts, marks, "".join(parts), grouped=True)
    if len(marks) == 1:
        return Printed(text, parts, marks, head, marks[0], rest[0])
    if groupable and all(len(part) == 3 for part in rest[:-1]) and set(marks[:-1]) == {marks[0]} != {marks[-1]}:
        return Printed(text, parts, marks, "".join(parts[:-1]), marks[-1], rest[-1], grouped=True)
    return Printed(text, parts, marks, "")
