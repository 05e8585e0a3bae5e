"""Which of several overlapping findings the user sees.

The likelier one wins; between equals the longer, which explains more of the text; then the one whose repair mends more;
then the rule's id, so that the outcome never depends on order.
"""

from __future__ import annotations

from collections.abc import Iterable

from qa.finding import Diagnostic, Severity

_RANK = {Severity.CRITICAL: 0, Severity.MAJOR: 0, Severity.MINOR: 0, Severity.INFO: 1}


def arbitrate(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics that no better one overlaps, in the order of the text."""
    ranked = sorted(
        diagnostics,
        key=lambda d: (_RANK[d.severity], -d.confidence, -len(d.span), -_edits(d), d.span, d.rule, d.message),
    )
    starts = _Kept()
    for diagnostic in ranked:
        starts.add(diagnostic)
    return sorted(starts.kept, key=lambda d: (d.span, d.rule))


def _edits(diagnostic: Diagnostic) -> int:
    return len(diagnostic.fixes[0].edits) if diagnostic.fixes else 0


class _Kept:
    """Diagnostics that do not overlap, found again by the stretches of text they touch."""

    _STRETCH = 512  # code points; long enough that a finding touches one or two

    def __init__(self) -> None:
        self.kept: list[Diagnostic] = []
        self._near: dict[int, list[Diagnostic]] = {}

    def add(self, diagnostic: Diagnostic) -> None:
        span = diagnostic.span
        keys = range(span.start // self._STRETCH, span.end // self._STRETCH + 1)
        for key in keys:
            if any(span.overlaps(other.span) for other in self._near.get(key, ())):
                return
        self.kept.append(diagnostic)
        for key in keys:
            self._near.setdefault(key, []).append(diagnostic)
