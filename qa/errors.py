"""What can go wrong.

QaError                 one clear sentence for the user; the command line prints it and exits with 2
├── UnknownLanguage     no data for this language code
├── UnreadableFile      not text, not in a known encoding, too large, gone
├── UnknownRule         no rule of this name
├── BadConfiguration    an unknown key or an impossible value
├── ModelUnavailable    the learned corrector was asked for, and cannot run here
└── MissingExtra        an optional part is not installed
"""

from __future__ import annotations

from collections.abc import Sequence


class QaError(Exception):
    """An error that is the user's to mend; its text is one sentence."""


class UnknownLanguage(QaError):
    """No data for this language code."""

    def __init__(self, code: str, known: Sequence[str]) -> None:
        super().__init__(f"unknown language {code!r}: choose one of {', '.join(known)}")


class UnreadableFile(QaError):
    """A file that cannot be read as text."""


class UnknownRule(QaError):
    """No rule of this name."""


class BadConfiguration(QaError):
    """An unknown key or an impossible value in the configuration."""


class ModelUnavailable(QaError):
    """The learned corrector was asked for, and cannot run here."""


class MissingExtra(QaError):
    """An optional part is not installed: `what` needs the module that `error` missed, which `extra` brings."""

    def __init__(self, what: str, extra: str, error: ModuleNotFoundError) -> None:
        super().__init__(f"{what} needs {error.name}, which is not installed: pip install 'mtqa[{extra}]'")
