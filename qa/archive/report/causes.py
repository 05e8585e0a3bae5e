"""Why defects came about: `causes.toml` read, and turned into the SQL expression that names the cause of a finding.

The cause is a pure function of what the finding says: its rule and category, its text, its first repair, what stands
around it, and whether it touches an inline element.  It is evaluated by DuckDB, on millions of rows at once.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("causes.toml")
_PATTERNS = ("text", "suggestion", "before", "after")
OTHER = "other"  # the cause of a finding whose rule this version does not know


@dataclass(frozen=True, slots=True)
class Stage:
    """A place in a translation plugin where defects come about."""

    id: str
    title: str
    does: str


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause.  `condition` is a SQL expression over the columns of a finding; `shows` are findings that have it."""

    id: str
    title: str
    rules: tuple[str, ...]
    stage: str
    why: str
    cure: str
    condition: str
    shows: tuple[tuple[str, str, str], ...] = ()


@cache
def stages() -> Mapping[str, Stage]:
    """The stages by id, in the order in which a page passes them."""
    return {name: Stage(name, **row) for name, row in _data()["stage"].items()}


@cache
def causes() -> Mapping[str, Cause]:
    """The causes by id, in the order in which they are tried."""
    found = [_cause(row) for row in _data()["cause"]]
    unknown = Cause(OTHER, "Rules without a known cause", (), "other", "", "", "true")
    return {each.id: each for each in [*found, unknown]}


def expression() -> str:
    """The SQL expression that gives the id of a finding's cause."""
    whens = (f"WHEN {each.condition} THEN {_quoted(each.id)}" for each in causes().values())
    return f"CASE {' '.join(whens)} END"


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _cause(row: Mapping[str, Any]) -> Cause:
    conditions = [_among("rule", row["rule"])]
    if "category" in row:
        conditions.append(_among("category", row["category"]))
    if "boundary" in row:
        conditions.append("boundary" if row["boundary"] else "NOT boundary")
    # A missing column value is no match: NULL would make the whole condition unknown.
    conditions += [f"regexp_matches(coalesce({name}, ''), {_quoted(row[name])})" for name in _PATTERNS if name in row]
    return Cause(
        id=row["id"],
        title=row["title"],
        rules=tuple(row["rule"]),
        stage=row["stage"],
        why=row["why"],
        cure=row["cure"],
        condition=" AND ".join(conditions),
        shows=tuple((rule, text, suggestion) for rule, text, suggestion in row["shows"]),
    )


def _among(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(map(_quoted, values))})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
