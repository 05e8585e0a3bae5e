"""Two runs over an archive compared: what was cured and what appeared."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from qa.archive.report.tables import Tables, connected, sql


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What became of a rule's defects: `before` − `cured` − `gone` + `appeared` + `new` = `after`.

    `gone` and `new` are those of pages that only one of the runs has checked.
    """

    rule: str
    before: int
    cured: int
    gone: int
    appeared: int
    new: int
    after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs.  Pages are known by their address, or by the id of their record."""

    both: int
    gone: int
    new: int
    rules: tuple[RuleChange, ...]
    _tables: Tables

    @property
    def appeared(self) -> int:
        """How many defects are new on pages that both runs have checked."""
        return sum(each.appeared for each in self.rules)

    def differences(self) -> Iterator[dict[str, Any]]:
        """Each defect that only one of the runs has, page by page."""
        return self._tables.stream("differences")


@contextmanager
def compared(old: str, new: str) -> Iterator[Comparison]:
    """Compare two runs.  Raises NoRun, QaError."""
    with connected(old=old, new=new) as tables:
        tables.connection.execute(sql("diff"))
        pages = tables.rows("diff_pages")[0]
        yield Comparison(**pages, rules=tuple(RuleChange(**row) for row in tables.rows("diff_rules")), _tables=tables)
