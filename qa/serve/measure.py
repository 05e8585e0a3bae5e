"""The figures of a server, for Prometheus."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from qa.serve.pool import Pool
from qa.serve.worker import Reply

_METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS"))


class Metrics:
    """A registry of its own, so that several servers may live in one process."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "qa_requests", "Requests answered.", ["method", "path", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "qa_request_seconds",
            "Time from the head of a request to the end of its answer.",
            ["path"],
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30),
            registry=self._registry,
        )
        self._findings = Counter("qa_findings", "Findings reported.", registry=self._registry)
        self._incomplete = Counter("qa_incomplete", "Answers cut off at their deadline.", registry=self._registry)
        self._crashes = Counter("qa_crashes", "Requests over which the checker failed.", registry=self._registry)
        self.cache = Counter("qa_cache", "Lookups of known answers.", ["outcome"], registry=self._registry)
        self.restarts = Counter("qa_worker_restarts", "Workers that were replaced.", registry=self._registry)

    def watch(self, pool: Pool) -> None:
        """Show the state of a pool."""
        for name, doc, read in (
            ("qa_workers", "Workers that are warm.", lambda: pool.ready),
            ("qa_busy", "Requests being worked on.", lambda: pool.busy),
            ("qa_waiting", "Requests that wait for a worker.", lambda: pool.waiting),
        ):
            Gauge(name, doc, registry=self._registry).set_function(read)

    def request(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count an answered request; `path` is that of its route."""
        self._requests.labels(method if method in _METHODS else "other", path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def done(self, reply: Reply) -> None:
        """Count what a worker did."""
        self._findings.inc(reply.findings)
        self._incomplete.inc(reply.incomplete)
        self._crashes.inc(reply.crash is not None)

    def text(self) -> bytes:
        """The figures in the text format."""
        return generate_latest(self._registry)
