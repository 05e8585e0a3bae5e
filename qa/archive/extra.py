"""Packages that only archives need: a missing one is a sentence, not a traceback."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from qa.errors import QaError


def needed(module: str, extra: str = "archive") -> Any:
    """A module of an optional package.  Raises QaError that says how to install it."""
    try:
        return import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise QaError(f"{package} is not installed: pip install 'mtqa[{extra}]'") from None
