"""Text files that a command writes line by line, here or in an object store."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

from qa.archive import store
from qa.cli._output import destination


def written(path: str) -> AbstractContextManager[IO[str]]:
    """A text to write, which appears once it is whole.  Raises QaError."""
    return store.uploaded(path) if store.is_remote(path) else destination(Path(path))
