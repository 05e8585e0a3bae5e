"""The findings of a run as two small tables in DuckDB, which all figures are computed from.

The tables lie in a temporary database on disk, so that memory stays within the limit however many findings there are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from string import Template
from typing import Any

from qa.archive import store
from qa.archive.extra import needed
from qa.archive.report.causes import expression
from qa.archive.schema import SHARDS
from qa.errors import QaError

TEMPLATE = 5  # pages with the same defective paragraph make it a template
_MEMORY = "2GB"
_SQL = Path(__file__).with_name("sql")


class NoRun(QaError):
    """A folder that holds no finished shard of a scan."""


class Tables:
    """A connection to the tables, and the queries by name."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        """What a query of `sql/` gives, row by row."""
        return list(self.stream(query, **values))

    def stream(self, query: str, **values: object) -> Iterator[dict[str, Any]]:
        """What a query of `sql/` gives, a few rows at a time."""
        answer = self.connection.execute(sql(query, **values))
        names = [column[0] for column in answer.description or ()]
        while rows := answer.fetchmany(5000):
            for row in rows:
                yield dict(zip(names, row, strict=True))


def sql(query: str, **values: object) -> str:
    """The text of a query of `sql/`, with its values in place."""
    return Template((_SQL / f"{query}.sql").read_text(encoding="utf-8")).substitute(values)


@contextmanager
def connected(**runs: str) -> Iterator[Tables]:
    """A database in which each named run is a view over its shards.  Raises NoRun, QaError."""
    duckdb = needed("duckdb")
    shards = {name: _shards(run) for name, run in runs.items()}
    with (
        tempfile.TemporaryDirectory(prefix="qa-report-") as folder,
        duckdb.connect(f"{folder}/tables.db") as connection,
    ):
        connection.execute(f"SET memory_limit = '{_MEMORY}'")
        connection.execute(f"SET temp_directory = {quoted(folder)}")
        connection.execute("SET preserve_insertion_order = false")
        connection.execute("SET enable_progress_bar = false")
        for system in {store.file_system(files[0]) for files in shards.values() if store.is_remote(files[0])}:
            connection.register_filesystem(system)
        for name, files in shards.items():
            listed = ", ".join(map(quoted, files))
            connection.execute(
                f"CREATE VIEW {name} AS SELECT *, file_index, file_row_number FROM read_parquet([{listed}])"
            )
        yield Tables(connection)


@contextmanager
def loaded(run: str) -> Iterator[Tables]:
    """The tables of `sql/load.sql` for one run.  Raises NoRun, QaError."""
    with connected(archive=run) as tables:
        tables.connection.execute(sql("load", cause=expression(), template=TEMPLATE))
        yield tables


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _shards(run: str) -> list[str]:
    """The shards of a run in their order: a row's file is known by its place among them."""
    folder = store.join(run, SHARDS)
    names = [name for name in store.names(folder) if name.endswith(".parquet") and not name.startswith(".")]
    if not names:
        raise NoRun(f"{run} holds no finished shard of an archive: run `qa archive scan` first")
    return [store.join(folder, name) for name in names]
