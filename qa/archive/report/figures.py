"""All figures of a report, computed once: what its page, its tables and its JSON show."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qa.archive import store
from qa.archive.report.causes import Cause, Stage, causes, stages
from qa.archive.report.intervals import Estimate, Sums, rate, share
from qa.archive.report.since import Change, Month, change
from qa.archive.report.tables import Tables, loaded
from qa.archive.schema import RUN

AUDIT = "audit.json"  # beside the run: what `qa archive audit` has estimated
_WORST = 25
_TEMPLATES = 25
_EXAMPLES = 4
_PLACES = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Pages and defects of one kind.

    `pages` and `words` are what was looked at, `affected` the pages that have such defects.  `rate` is in defects per
    1,000 words, `share` the share of pages that are affected; both with 95 % intervals.
    """

    name: str
    pages: int
    words: int
    affected: int
    defects: int
    rate: Estimate
    share: Estimate


@dataclass(frozen=True, slots=True)
class Example:
    """A defect where it stands."""

    page: str
    site: str
    language: str
    before: str
    text: str
    after: str
    suggestion: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """A site or language where a cause strikes: its share of the cause, and how its rate compares with all pages'."""

    name: str
    defects: int
    pages: int
    part: float
    times: float


@dataclass(frozen=True, slots=True)
class CauseFigures:
    """One cause.  Fixing it once would cure `group.defects` defects on `group.affected` pages.

    `freed` pages would have no defect left.  `in_templates` of the defects lie in paragraphs that many pages share,
    `safe` have a safe repair, and `expected` is how many are right, by the calibrated confidence of each.
    """

    cause: Cause
    stage: Stage
    group: Group
    freed: int
    safe: int
    in_templates: int
    expected: float
    months: tuple[Month, ...]
    since: Change | None
    sites: tuple[Place, ...]
    languages: tuple[Place, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class TemplateFigures:
    """A paragraph that stands on many pages with the same defects."""

    block: str
    pages: int
    defects: int
    sites: int
    cause: Cause
    example: Example


@dataclass(frozen=True, slots=True)
class WorstPage:
    """A page with many defects, and the cause of most of them."""

    page: str
    site: str
    language: str
    date: date | None
    words: int
    defects: int
    cause: Cause


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Records that were not judged."""

    status: str
    reason: str
    records: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One cause on one site, in defects per 1,000 words."""

    cause: str
    site: str
    defects: int
    rate: float


@dataclass(frozen=True, slots=True)
class Figures:
    """A whole report.  `run` is what the run says of itself, `audit` what people found when they checked a sample."""

    run: Mapping[str, Any]
    audit: Mapping[str, Any] | None
    records: int
    all: Group
    first: date | None
    last: date | None
    site_count: int
    language_count: int
    causes: tuple[CauseFigures, ...]
    templates: tuple[TemplateFigures, ...]
    rules: tuple[Group, ...]
    categories: tuple[Group, ...]
    sites: tuple[Group, ...]
    languages: tuple[Group, ...]
    months: tuple[Group, ...]
    cells: tuple[Cell, ...]
    worst: tuple[WorstPage, ...]
    unjudged: tuple[Unjudged, ...]


def figures(run: str) -> Figures:
    """Compute the figures of a run, the folder or address of a scan.  Raises NoRun, QaError."""
    with loaded(run) as tables:
        overview = tables.rows("overview")[0]
        site_cells = _by_cause(tables.rows("cause_places", dimension="site"))
        found = _causes(tables, site_cells)
        return Figures(
            run=_json(run, RUN) or {},
            audit=_json(run, AUDIT),
            records=overview["records"],
            all=_group({"name": "all", **overview}),
            first=overview["first"],
            last=overview["last"],
            site_count=overview["sites"],
            language_count=overview["languages"],
            causes=found,
            templates=tuple(map(_template, tables.rows("templates", most=_TEMPLATES))),
            rules=_groups(tables.rows("by_defect", dimension="rule")),
            categories=_groups(tables.rows("by_defect", dimension="category")),
            sites=_groups(tables.rows("by_page", dimension="site")),
            languages=_groups(tables.rows("by_page", dimension="language")),
            months=_groups(sorted(tables.rows("by_page", dimension="month"), key=lambda row: str(row["name"] or ""))),
            cells=tuple(_cell(row) for each in found for row in site_cells[each.cause.id]),
            worst=tuple(map(_worst, tables.rows("worst", most=_WORST))),
            unjudged=tuple(Unjudged(**row) for row in tables.rows("unjudged")),
        )


def _causes(tables: Tables, site_cells: Mapping[str, Sequence[Mapping[str, Any]]]) -> tuple[CauseFigures, ...]:
    groups = {row["name"]: row for row in tables.rows("by_defect", dimension="cause")}
    more = {row["cause"]: row for row in tables.rows("causes")}
    months = _by_cause(tables.rows("cause_months"))
    tongues = _by_cause(tables.rows("cause_places", dimension="language"))
    examples = _by_cause(tables.rows("examples"))
    found = []
    for name, row in groups.items():
        group, cause = _group(row), causes()[name]
        timeline = tuple(Month(each["month"], each["defects"], each["words"]) for each in months[name])
        found.append(
            CauseFigures(
                cause=cause,
                stage=stages()[cause.stage],
                group=group,
                freed=more[name]["freed"],
                safe=more[name]["safe"],
                in_templates=more[name]["in_templates"],
                expected=more[name]["expected"],
                months=timeline,
                since=change(timeline),
                sites=_places(site_cells[name], group),
                languages=_places(tongues[name], group),
                examples=_different(examples[name]),
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.group.defects, each.cause.id)))


def _by_cause(rows: Iterable[dict[str, Any]]) -> Mapping[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for row in rows:
        found[row["cause"]].append(row)
    return found


def _places(rows: Sequence[Mapping[str, Any]], group: Group) -> tuple[Place, ...]:
    whole = group.defects / group.words if group.words else 0.0
    return tuple(
        Place(
            row["place"],
            row["defects"],
            row["pages"],
            row["defects"] / group.defects,
            row["defects"] / row["words"] / whole if row["words"] and whole else 0.0,
        )
        for row in rows[:_PLACES]
    )


def _different(rows: Sequence[Mapping[str, Any]]) -> tuple[Example, ...]:
    """A few examples that differ: in language as long as there are others, and in what they mark."""
    chosen: list[Mapping[str, Any]] = []
    for fresh in ("language", "text"):
        for row in rows:
            if len(chosen) < _EXAMPLES and all(
                row[fresh] != each[fresh] and row["text"] != each["text"] for each in chosen
            ):
                chosen.append(row)
    return tuple(map(_example, chosen))


def _example(row: Mapping[str, Any]) -> Example:
    return Example(*(row[name] for name in ("page", "site", "language", "before", "text", "after", "suggestion")))


def _template(row: Mapping[str, Any]) -> TemplateFigures:
    return TemplateFigures(
        row["block"], row["pages"], row["defects"], row["sites"], causes()[row["cause"]], _example(row)
    )


def _worst(row: Mapping[str, Any]) -> WorstPage:
    return WorstPage(
        page=row["page"],
        site=row["site"],
        language=row["language"],
        date=row["date"],
        words=row["words"],
        defects=row["defects"],
        cause=causes()[row["cause"]],
    )


def _cell(row: Mapping[str, Any]) -> Cell:
    return Cell(
        row["cause"], row["place"], row["defects"], 1000 * row["defects"] / row["words"] if row["words"] else 0.0
    )


def _groups(rows: Iterable[Mapping[str, Any]]) -> tuple[Group, ...]:
    return tuple(map(_group, rows))


def _group(row: Mapping[str, Any]) -> Group:
    sums = Sums(
        row["pages"],
        row["words"] or 0,
        row["defects"] or 0,
        row["words_squared"] or 0.0,
        row["defects_squared"] or 0.0,
        row["product"] or 0.0,
    )
    return Group(
        name="" if row["name"] is None else str(row["name"]),
        pages=sums.pages,
        words=sums.words,
        affected=row["affected"],
        defects=sums.defects,
        rate=rate(sums).times(1000),
        share=share(row["affected"], sums.pages),
    )


def _json(run: str, name: str) -> Any:
    data = store.read(store.join(run, name))
    return None if data is None else json.loads(data)
