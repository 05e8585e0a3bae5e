"""The findings of a run as two small tables in DuckDB, which all figures are computed from.

The tables lie in a temporary database on disk, so that memory stays within the limit however many findings there are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

from qa.archive.report.causes import expression
from qa.errors import QaError

if TYPE_CHECKING:
    import duckdb

TEMPLATE = 5  # pages with the same defective paragraph make it a template
_MEMORY = "2GB"
_SQL = Path(__file__).with_name("sql")


class NoRun(QaError):
    """A folder that holds no finished shard of a scan."""


class MissingExtra(QaError):
    """A library that an extra brings is not installed."""


class Store:
    """A connection, and the queries by name."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def rows(self, query: str, **values: object) -> list[dict[str, Any]]:
        """What a query of `sql/` gives, row by row."""
        return self.ask(sql(query, **values))

    def ask(self, query: str, parameters: Mapping[str, object] | None = None) -> list[dict[str, Any]]:
        """What a query gives, row by row."""
        answer = self.connection.execute(query, parameters)
        names = [column[0] for column in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def sql(query: str, **values: object) -> str:
    """The text of a query of `sql/`, with its values in place."""
    return Template((_SQL / f"{query}.sql").read_text(encoding="utf-8")).substitute(values)


@contextmanager
def connected(**runs: Path) -> Iterator[Store]:
    """A database in which each named run is a view over its shards.  Raises NoRun, MissingExtra."""
    try:
        import duckdb
    except ModuleNotFoundError as error:
        raise MissingExtra("the report needs DuckDB: pip install 'mtqa[archive]'") from error
    for run in runs.values():
        if next((run / "shards").glob("*.parquet"), None) is None:
            raise NoRun(f"{run} holds no finished shard of an archive: run `qa archive scan` first")
    with tempfile.TemporaryDirectory(prefix="qa-report-") as folder:
        connection = duckdb.connect(f"{folder}/report.duckdb")
        try:
            connection.execute(f"SET memory_limit = '{_MEMORY}'")
            connection.execute(f"SET temp_directory = {_quoted(folder)}")
            connection.execute("SET preserve_insertion_order = false")
            connection.execute("SET enable_progress_bar = false")
            for name, run in runs.items():
                files = ", ".join(_quoted(str(file)) for file in sorted((run / "shards").glob("*.parquet")))
                columns = "*, file_index, file_row_number"
                connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM read_parquet([{files}])")
            yield Store(connection)
        finally:
            connection.close()


@contextmanager
def loaded(run: Path) -> Iterator[Store]:
    """The tables of `sql/load.sql` for one run.  Raises NoRun, MissingExtra."""
    with connected(archive=run) as store:
        store.connection.execute(sql("load", cause=expression(), template=TEMPLATE))
        yield store


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
