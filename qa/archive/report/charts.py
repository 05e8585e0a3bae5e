"""Charts as inline SVG.  Colours are the classes of `page.css`, so that one drawing serves light and dark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from qa.archive.report.intervals import Estimate

_WIDTH, _HEIGHT = 960, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 8, 12, 26


@dataclass(frozen=True, slots=True)
class Point:
    """A figure at a month, with its interval."""

    month: date
    figure: Estimate


def bar(figure: Estimate, most: float) -> str:
    """A bar as wide as its place for `most`, with its interval as a whisker."""
    if most <= 0:
        return ""
    width, low, high = (f"{100 * min(1.0, each / most):.2f}%" for each in (figure.value, figure.low, figure.high))
    whisker = f'<line class="whisker" x1="{low}" x2="{high}" y1="8" y2="8"/>' if figure.high > figure.low else ""
    return (
        '<svg class="bar" width="100%" height="16" aria-hidden="true">'
        f'<rect class="fill" width="{width}" y="2" height="12" rx="2"/>{whisker}</svg>'
    )


def timeline(points: Sequence[Point], unit: str) -> str:
    """A line over the months with its 95 % band; months without pages leave a gap."""
    if len(points) < 2:
        return ""
    first, last = points[0].month, points[-1].month
    months = _between(first, last)
    # One month of few pages has a wide band; it may leave the picture, the line itself may not.
    highs = sorted(point.figure.high for point in points)
    top = _ceiling(max([point.figure.value for point in points] + [highs[int(0.95 * (len(highs) - 1))]]))

    def x(month: date) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * _between(first, month) / months

    def y(value: float) -> float:
        return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - min(value, top) / top)

    parts = []
    for step in range(5):
        value = top * step / 4
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y(value):.1f}" y2="{y(value):.1f}"/>'
        )
        parts.append(f'<text class="tick" x="{_LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>')
    for month in _ticks(first, last):
        parts.append(
            f'<line class="grid" x1="{x(month):.1f}" x2="{x(month):.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/>'
        )
        label = str(month.year) if month.month == 1 else f"{month:%b %Y}"
        parts.append(f'<text class="tick" x="{x(month):.1f}" y="{_HEIGHT - 8}" text-anchor="middle">{label}</text>')
    for run in _runs(points):
        over = " ".join(f"{x(p.month):.1f},{y(p.figure.high):.1f}" for p in run)
        under = " ".join(f"{x(p.month):.1f},{y(p.figure.low):.1f}" for p in reversed(run))
        line = " ".join(f"{x(p.month):.1f},{y(p.figure.value):.1f}" for p in run)
        parts.append(f'<polygon class="band" points="{over} {under}"/><polyline class="line" points="{line}"/>')
        if len(run) == 1:
            parts.append(f'<circle class="dot" cx="{x(run[0].month):.1f}" cy="{y(run[0].figure.value):.1f}" r="2.5"/>')
    title = f"{unit}, {first:%B %Y} to {last:%B %Y}"
    return (
        f'<svg class="timeline" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}">{"".join(parts)}</svg>'
    )


def spark(values: Sequence[float], mark: int | None = None) -> str:
    """A line of a finger's width; `mark` is the place where something begins."""
    if len(values) < 2 or not max(values):
        return ""
    step, top = 200 / (len(values) - 1), max(values)
    line = " ".join(f"{step * place:.1f},{33 - 30 * value / top:.1f}" for place, value in enumerate(values))
    begin = f'<line class="since" x1="{step * mark:.1f}" x2="{step * mark:.1f}" y1="0" y2="36"/>' if mark else ""
    return (
        '<svg class="spark" viewBox="0 0 200 36" preserveAspectRatio="none" aria-hidden="true">'
        f'<polygon class="band" points="0,34 {line} 200,34"/><polyline class="line" points="{line}"/>{begin}</svg>'
    )


def _between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


def _ticks(first: date, last: date) -> list[date]:
    """Januaries, or fewer; where there is none or one, the ends."""
    every = max(1, math.ceil((last.year - first.year) / 12))
    years = [date(year, 1, 1) for year in range(first.year, last.year + 1, every) if date(year, 1, 1) >= first]
    return years if len(years) > 1 else [first, last]


def _runs(points: Sequence[Point]) -> list[list[Point]]:
    runs = [[points[0]]]
    for before, point in pairwise(points):
        if _between(before.month, point.month) == 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def _ceiling(value: float) -> float:
    """The next number a scale may end at: 1, 2, 4 or 8 with zeros, so that quarters of it are short."""
    if value <= 0:
        return 1.0
    power = 10 ** math.floor(math.log10(value))
    return next(power * step for step in (1, 2, 4, 6, 8, 10) if power * step >= value)
