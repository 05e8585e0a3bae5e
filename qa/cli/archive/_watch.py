"""The progress of a scan on the screen: a bar with rate, remaining time and findings so far."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from qa.archive.run import Run, Summary, Watcher

if TYPE_CHECKING:
    from qa.archive.pool import Progress
    from qa.archive.shard import Done


class Screen(Watcher):
    """Shows a bar on standard error, if somebody watches."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._records = self._findings = self._characters = self._before = 0
        self._begun = time.monotonic()
        self._left_out = 0

    def __enter__(self) -> Screen:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def planning(self, sources: int) -> None:
        """Say what takes so long before the bar appears."""
        if sys.stderr.isatty():
            print(f"Counting the pages of {sources} inputs …", file=sys.stderr)

    def begun(self, run: Run, done: Sequence[Done]) -> None:
        """Show the bar."""
        self._begun = time.monotonic()
        self._left_out = run.left_out
        for each in done:
            self._add(each)
        self._before = self._records
        if done and len(done) < len(run.shards):
            print(f"qa: going on: {len(done)} of {len(run.shards)} shards are done", file=sys.stderr)
        if not sys.stderr.isatty() or len(done) == len(run.shards):
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        columns = (
            TextColumn("Scanning"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[findings]} findings"),
        )
        # The speed is that of the last minutes: paragraphs seen before make later pages cheaper.
        self._bar = Bar(*columns, console=Console(stderr=True), transient=True, speed_estimate_period=300)
        self._task = self._bar.add_task(
            "Scanning", total=run.records, completed=self._records, rate="", findings=self._findings
        )
        self._bar.start()

    def tick(self, progress: Progress) -> None:
        """Move the bar."""
        if self._bar is not None:
            records = self._records + progress.records
            seconds = max(1e-3, time.monotonic() - self._begun)
            self._bar.update(
                self._task,
                completed=records,
                rate=f"{(records - self._before) / seconds:.0f} pages/s",
                findings=f"{self._findings + progress.findings:,}",
            )

    def finished(self, done: Done) -> None:
        """Count a shard."""
        self._add(done)

    def said(self, summary: Summary, out: str) -> str:
        """The last line."""
        seconds = time.monotonic() - self._begun
        fresh = summary.records - self._before
        skipped = summary.records - summary.checked - summary.quarantined
        rate = f" ({fresh / seconds:.0f} pages/s)" if fresh and seconds >= 1 else ""
        parts = [
            f"{summary.records:,} pages in {summary.shards:,} shards{rate}: {summary.checked:,} checked",
            f"{skipped:,} skipped, {summary.quarantined:,} quarantined; {summary.findings:,} findings in {out}",
        ]
        if self._left_out:
            parts.append(f"{self._left_out:,} files of other kinds left out")
        return ", ".join(parts)

    def _add(self, done: Done) -> None:
        self._records += done.records
        self._findings += done.findings
        self._characters += done.characters
