"""A language is a folder of data: `qa/languages/<code>/`, one TOML file per subject, and its lexicon.

Adding a language adds a folder; no code names one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import tomli

from qa.errors import UnknownLanguage

T = TypeVar("T")
FOLDER = Path(__file__).parent / "languages"
PIVOT = "en"  # most of what is translated comes from English or through it; bilingual lists meet in it


@dataclass(frozen=True, eq=False)
class Language:
    """One language and what is known about it."""

    code: str
    _known: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def folder(self) -> Path:
        """Where its data lies."""
        return FOLDER / self.code

    def has(self, subject: str) -> bool:
        """Whether the language brings data on `subject`."""
        return self.derive(lambda language: (language.folder / f"{subject}.toml").is_file(), key=("has", subject))

    def facts(self, subject: str) -> Mapping[str, Any]:
        """The data on `subject`; empty where the language brings none."""

        def load(language: Language) -> Mapping[str, Any]:
            path = language.folder / f"{subject}.toml"
            return tomli.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

        return self.derive(load, key=("facts", subject))

    def derive(self, function: Callable[[Language], T], key: Any = None) -> T:
        """`function(self)`, computed once: how a rule compiles its tables and patterns."""
        key = key or function
        if key not in self._known:
            self._known[key] = function(self)
        return self._known[key]

    @property
    def name(self) -> str:
        """English name."""
        return str(self.facts("language")["name"])

    @property
    def preview(self) -> bool:
        """Whether its data are young: the language is used only where the user names it."""
        return bool(self.facts("language").get("preview", False))

    @property
    def locale(self) -> str:
        """CLDR locale identifier."""
        return str(self.facts("language").get("locale", self.code))


def primary(tag: str) -> str:
    """The primary part of a BCP 47 tag: "fr" of "fr-CA" and of "fr_CA"."""
    return tag.replace("_", "-").split("-")[0].lower()


@cache
def codes() -> tuple[str, ...]:
    """The codes of all languages with data, sorted."""
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/language.toml")))


@cache
def candidates() -> tuple[str, ...]:
    """The languages that a text is taken for unasked, and that leftovers may come from: all but previews."""
    return tuple(code for code in codes() if not language(code).preview)


@cache
def language(code: str) -> Language:
    """The language of an ISO 639-1 code, also of a BCP 47 tag whose primary part it is ("fr-CA", "pt_BR").

    Raises UnknownLanguage where there is no data for it.
    """
    main = primary(code)
    if main not in codes():
        raise UnknownLanguage(code, codes())
    return Language(main) if main == code else language(main)
