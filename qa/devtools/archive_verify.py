"""A scan of a made archive against what was planted in it.

Four questions.  Do the rates of the report, corrected for what rules miss and what they report wrongly, hold the
planted rates?  The correction is measured on one half of the pages and tried on the other.  Does an audit, with the
labels that the truth gives, hold the number of defects?  Are the planted causes the largest clusters?  Does the report
tell since when and where?
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.archive.report.audit import Audit, audit
from qa.archive.report.figures import CauseFigures, Figures, figures
from qa.archive.report.intervals import Estimate, Sums, rate
from qa.archive.report.sample import LABEL, OVERLOOKED, draw
from qa.archive.report.tables import Tables, loaded, quoted
from qa.devtools.archive_pages import FIRST, SITES
from qa.devtools.archive_stock import WEAKNESSES

_DRAWS = 2000

# A finding hits a planted defect if it touches its place in the paragraph.  Where the context of a finding is cut off,
# the place is looked for in the paragraph.
_MATCH = """
CREATE TABLE planted AS
SELECT row_number() OVER (ORDER BY record, block, start) AS number, *
FROM read_parquet({truth})
WHERE record IN (SELECT regexp_extract(record, '(p\\d{{8}})', 1) FROM archive WHERE status = 'checked');

CREATE TABLE found AS
SELECT
    regexp_extract(archive.record, '(p\\d{{8}})', 1) AS record,
    defect.page, defect.ordinal, defect.rule, defect.cause, defect.block,
    archive.findings[defect.ordinal].before AS before,
    regexp_replace(archive.findings[defect.ordinal].text, '<[^>]*>|\\*\\*', '', 'g') AS text
FROM defect
JOIN archive ON archive.file_index::BIGINT << 32 | archive.file_row_number = defect.page;

CREATE TABLE hit AS
SELECT DISTINCT planted.number, found.page, found.ordinal
FROM planted
JOIN found USING (record, block)
WHERE (CASE WHEN len(found.before) < 60 THEN len(found.before) ELSE strpos(paragraph, found.before) + 59 END)
    BETWEEN planted.start - len(found.text) - 1 AND planted."end" + 1;
"""

# Per page: its words, what was planted of a weakness, what of that was hit, and the findings of its causes, the right
# ones among them.
_PAGES = """
WITH
    pages AS (
        SELECT page.id AS page, regexp_extract(archive.record, '(p\\d{{8}})', 1) AS record, page.words
        FROM page
        JOIN archive ON archive.file_index::BIGINT << 32 | archive.file_row_number = page.id
        WHERE page.status = 'checked'
    ),
    sown AS (
        SELECT record, count(*) AS planted, count(*) FILTER (number IN (SELECT number FROM hit)) AS hit
        FROM planted
        WHERE weakness = {weakness}
        GROUP BY record
    ),
    reaped AS (
        SELECT page, count(*) AS found, count(*) FILTER (right_) AS right_
        FROM (
            SELECT found.page, (found.page, found.ordinal) IN (
                SELECT (hit.page, hit.ordinal) FROM hit JOIN planted USING (number) WHERE weakness = {weakness}
            ) AS right_
            FROM found
            WHERE cause IN ({causes})
        )
        GROUP BY page
    )
SELECT
    hash(pages.record) % 2 AS half,
    count(*) AS pages,
    sum(words)::BIGINT AS words,
    sum(coalesce(planted, 0))::BIGINT AS planted,
    sum(coalesce(hit, 0))::BIGINT AS hit,
    sum(coalesce(found, 0))::BIGINT AS defects,
    sum(coalesce(right_, 0))::BIGINT AS right_,
    sum(words::DOUBLE * words) AS words_squared,
    sum(coalesce(found, 0)::DOUBLE * coalesce(found, 0)) AS defects_squared,
    sum(words::DOUBLE * coalesce(found, 0)) AS product
FROM pages
LEFT JOIN sown USING (record)
LEFT JOIN reaped USING (page)
GROUP BY half
ORDER BY half
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """One weakness on the pages that did not serve to measure the correction: defects in 1,000 words.

    `recall` and `precision` are those of the other half: the share of the planted defects whose place was hit, and
    the share of the findings of the weakness's causes that hit one.  `share` is, of the hits, the part that fell into
    these causes.
    """

    weakness: str
    planted: float
    found: Estimate
    recall: float
    precision: float
    corrected: Estimate

    @property
    def holds(self) -> bool:
        """Whether the planted rate lies in the interval of the corrected one."""
        return self.corrected.low <= self.planted <= self.corrected.high


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a verification."""

    rates: tuple[Rate, ...]
    planted: int
    audit: Audit
    causes: tuple[tuple[str, int, str], ...]  # of the largest clusters: cause, defects, the weakness that was planted
    told: tuple[
        tuple[str, str, str, bool], ...
    ]  # weakness, what was planted, what the report tells, whether it is that


def verify(run: str, truth: Path, *, findings: int = 1000, pages: int = 1000, seed: int = 1) -> Verdict:
    """Hold a run against the truth."""
    with loaded(run) as tables:
        tables.connection.execute(_MATCH.format(truth=quoted(str(truth))))
        rates = tuple(_rates(tables))
        hits = {row[0]: row[1] for row in tables.connection.execute(_HITS).fetchall()}
        total = tables.connection.execute("SELECT count(*) FROM planted").fetchone()[0]
        missed = dict(tables.connection.execute(_MISSED).fetchall())
    sample = draw(run, findings, pages, seed)
    labelled = [{**row, LABEL: "right" if hits.get(row["id"]) else "wrong"} for row in sample.findings]
    read = [{**row, OVERLOOKED: missed.get(_number(row["record"]), 0)} for row in sample.pages]
    told = figures(run)
    return Verdict(rates, total, audit(sample.about, labelled, read), tuple(_largest(told)), tuple(_told(told)))


_HITS = """
SELECT
    md5(archive.source || chr(10) || archive.record || chr(10) || found.ordinal)[:12] AS id,
    (found.page, found.ordinal) IN (SELECT (page, ordinal) FROM hit) AS right_
FROM found
JOIN archive ON archive.file_index::BIGINT << 32 | archive.file_row_number = found.page
"""
_MISSED = "SELECT record, count(*) FROM planted WHERE number NOT IN (SELECT number FROM hit) GROUP BY record"


def _number(record: str) -> str:
    return "p" + record.rpartition("p")[2][:8]


def _rates(tables: Tables) -> Iterator[Rate]:
    for weakness in WEAKNESSES.values():
        causes = ", ".join(map(quoted, weakness.causes))
        query = _PAGES.format(weakness=quoted(weakness.id), causes=causes)
        answer = tables.connection.execute(query)
        names = [column[0] for column in answer.description]
        halves = [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
        if len(halves) == 2 and halves[0]["right_"] and halves[1]["words"]:
            yield _rate(weakness.id, *halves)


def _rate(weakness: str, known: Mapping[str, Any], tried: Mapping[str, Any]) -> Rate:
    """The correction from one half, applied to the other."""
    sums = Sums(*(tried[name] for name in ("pages", "words", "defects", "words_squared", "defects_squared", "product")))
    found = rate(sums).times(1000)
    # Planted defects for each finding: what is missed raises it, what is wrong lowers it.  Its spread is that of the
    # two counts it is made of.
    factor = known["planted"] / known["defects"]
    recall, precision = known["right_"] / known["planted"], known["right_"] / known["defects"]
    spread = math.sqrt(
        max(0.0, 1 - recall) / (recall * known["planted"]) + max(0.0, 1 - precision) / (precision * known["defects"])
    )
    rng, half = random.Random(weakness), (found.high - found.low) / 2 / 1.96
    # The planted defects of the half that is tried are themselves drawn around what its findings would have.
    thin = math.sqrt(max(0.0, 1 - recall) * tried["planted"]) / tried["words"] * 1000
    draws = sorted(
        rng.gauss(found.value, half) * factor * math.exp(rng.gauss(0, spread)) + rng.gauss(0, thin)
        for _ in range(_DRAWS)
    )
    value = found.value * factor
    corrected = Estimate(value, draws[int(0.025 * _DRAWS)], draws[int(0.975 * _DRAWS)])
    return Rate(weakness, 1000 * tried["planted"] / tried["words"], found, recall, precision, corrected)


def _largest(told: Figures, most: int = 10) -> Iterator[tuple[str, int, str]]:
    weakness_of = {cause: each.id for each in WEAKNESSES.values() for cause in each.causes}
    for each in told.causes[:most]:
        yield each.cause.id, each.group.defects, weakness_of.get(each.cause.id, "–")


def _told(told: Figures) -> Iterator[tuple[str, str, str, bool]]:
    """Whether the report tells the site of each weakness, and since when it strikes."""
    for weakness in WEAKNESSES.values():
        cause = next((each for each in told.causes if each.cause.id in weakness.causes), None)
        if cause is None:
            continue
        homes = {s.name: h.rate * s.weight for s in SITES for h in s.habits if h.weakness == weakness.id}
        if homes:
            home, site = max(homes, key=homes.__getitem__), cause.sites[0].name
            yield weakness.id, f"most on {home}", f"most on {site}", home == site
        begins = {h.since for s in SITES for h in s.habits if h.weakness == weakness.id}
        if len(begins) == 1:
            yield from _since(weakness.id, begins.pop() if begins != {FIRST} else None, cause)


def _since(weakness: str, begin: Any, cause: CauseFigures) -> Iterator[tuple[str, str, str, bool]]:
    planted, since = f"since {begin:%B %Y}" if begin else "all the time", cause.since
    if since is None:
        yield weakness, planted, "all the time", begin is None
    else:
        told = f"since {since.month:%b %Y} ({since.earliest:%b %Y} to {since.latest:%b %Y})"
        yield weakness, planted, told, begin is not None and since.earliest <= begin <= since.latest


def written(verdict: Verdict) -> Iterator[str]:
    """The verdict in lines."""
    yield "Defects in 1,000 words of one half of the pages; recall and precision are those of the other half.\n"
    yield f"{'':20} {'planted':>8} {'found':>8} {'recall':>7} {'precision':>9} {'corrected':>9}  95 % interval"
    for each in verdict.rates:
        yield (
            f"{each.weakness:20} {each.planted:8.4f} {each.found.value:8.4f} {each.recall:7.3f} {each.precision:9.3f} "
            f"{each.corrected.value:9.4f}  {each.corrected.low:.4f}–{each.corrected.high:.4f}  {_sign(each.holds)}"
        )
    whole = verdict.audit.all_defects
    assert whole is not None
    yield ""
    yield f"audit of {verdict.audit.labelled} findings and {verdict.audit.pages} pages: {whole.value:,.0f} defects "
    inside = whole.low <= verdict.planted <= whole.high
    yield f"  ({whole.low:,.0f}–{whole.high:,.0f}); planted {verdict.planted:,}  {_sign(inside)}"
    yield ""
    yield from (f"{cause:20} {defects:9,}  planted: {weakness}" for cause, defects, weakness in verdict.causes)
    yield ""
    yield from (f"{name:20} planted {a:28} told {b:38} {_sign(right)}" for name, a, b, right in verdict.told)


def _sign(right: bool) -> str:
    return "✓" if right else "✗"
