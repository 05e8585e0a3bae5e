"""Settings: one frozen `Config`, from which the settings page and the texts of `--help` are made.

A configuration file is `qa.toml`, or `pyproject.toml` with a table `[tool.qa]`; the nearest one, walking up from the
file that is checked, holds for it.  Keys are the fields of `Config` with hyphens; an unknown key is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import tomli

from qa.checker import OFF, ON, Options
from qa.errors import BadConfiguration, QaError
from qa.gate import Policy
from qa.language import language
from qa.reporters import formats
from qa.rules import rule_ids

SYNTAXES = ("auto", "text", "markdown", "html")
COLOURS = ("auto", "always", "never")
FILES = ("qa.toml", "pyproject.toml")
_TAG = re.compile(r"[a-z]{2,3}([-_]\w+)*", re.ASCII | re.IGNORECASE)


def setting(default: Any, doc: str, *, choices: Sequence[str] = (), scope: str = "file") -> Any:
    """A field of `Config`: its default, one sentence on it, what it may be, and how much it holds for.

    A setting of scope `file` may be overridden for some files; one of scope `folder` holds for all files of its
    configuration; one of scope `run` is read only from the configuration that is found from the working folder.
    """
    return field(default=default, metadata={"doc": doc, "choices": tuple(choices), "scope": scope})


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting has a default and one sentence that explains it."""

    lang: str | None = setting(
        None, "The language of the text (fr, it …); unset: as the markup declares, or else identified from the text."
    )
    source_lang: str | None = setting(None, "The language that the text was translated from, if it is known.")
    languages: tuple[str, ...] = setting(
        (), "The languages that may occur, for identification and for leftovers; empty: all that are known."
    )
    select: tuple[str, ...] = setting(
        (), "The rules, or categories (`category:NAME`), to run; empty: the rules that are on by default."
    )
    ignore: tuple[str, ...] = setting((), "The rules, or categories (`category:NAME`), not to run.")
    min_confidence: float = setting(0.5, "Report no finding that is less likely to be right than this (0 to 1).")
    syntax: str = setting("auto", "How to read the files; auto: by name and content.", choices=SYNTAXES)
    words: tuple[str, ...] = setting(
        (), "Words and phrases that are right: findings that concern nothing else are dropped."
    )
    words_file: str | None = setting(None, "A file with more such words, one a line; a line with # is a comment.")
    model: str | None = setting(
        None,
        "The learned corrector: on, off, or the folder of a seq2seq checkpoint of transformers that takes part; "
        "unset: on where it is by default.",
    )
    exclude: tuple[str, ...] = setting(
        (), "Patterns, as in .gitignore, of files to leave out when folders are walked.", scope="folder"
    )
    format: str = setting("text", "The format of the report.", choices=formats(), scope="run")
    color: str = setting("auto", "Whether to write in colour; auto: on a terminal.", choices=COLOURS, scope="run")
    baseline: str | None = setting(
        None, "A file of known findings, which are neither reported nor counted.", scope="run"
    )
    exit_zero: bool = setting(False, "Exit with 0 even if there are findings.", scope="run")
    jobs: int = setting(1, "How many files to check at the same time; 0: one for each processor.", scope="run")

    def options(self) -> Options:
        """What the checker needs to know of it."""
        return Options(
            language=self.lang,
            source_language=self.source_lang,
            languages=self.languages,
            select=frozenset(self.select),
            ignore=frozenset(self.ignore),
            min_confidence=self.min_confidence,
            words=frozenset(self.words) | frozenset(read_words(Path(self.words_file)) if self.words_file else ()),
            model=self.model,
        )


SETTINGS: dict[str, Field[Any]] = {each.name: each for each in fields(Config)}
POLICY: dict[str, Field[Any]] = {each.name: each for each in fields(Policy)}


def key_of(name: str) -> str:
    """How a configuration file writes the field `name`; the option of the command line is this behind `--`."""
    return name.replace("_", "-")


def doc_of(name: str) -> str:
    """The sentence that explains the setting."""
    return str(SETTINGS[name].metadata["doc"])


@dataclass(frozen=True, slots=True)
class Override:
    """Settings for the files whose path, from the configuration's folder, matches one of `paths`."""

    paths: tuple[str, ...]
    changes: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Configuration:
    """A configuration file; without a `file`, the defaults."""

    file: Path | None = None
    base: Config = field(default_factory=Config)
    overrides: tuple[Override, ...] = ()
    gate: Policy = field(default_factory=Policy)

    def for_path(self, path: Path) -> Config:
        """The settings for one file: later overrides win over earlier ones."""
        changes: dict[str, Any] = {}
        for override in self.overrides:
            if self._matches(path, override.paths):
                changes.update(override.changes)
        return replace(self.base, **changes)

    def deciding(self, path: Path, name: str) -> int | None:
        """The number of the override that sets the field `name` for one file; None where the base does."""
        numbers = [
            number
            for number, override in enumerate(self.overrides)
            if name in dict(override.changes) and self._matches(path, override.paths)
        ]
        return numbers[-1] if numbers else None

    def excludes(self, path: Path) -> bool:
        """Whether a file found in a folder is to be left out."""
        return self._matches(path, self.base.exclude)

    def _matches(self, path: Path, patterns: tuple[str, ...]) -> bool:
        return self.file is not None and matches(path, self.file.parent, patterns)


def matches(path: Path, folder: Path, patterns: tuple[str, ...]) -> bool:
    """Whether one of the patterns, as in a .gitignore of `folder`, matches the path."""
    if not patterns:
        return False
    absolute, folder = path.resolve(), folder.resolve()
    return absolute.is_relative_to(folder) and bool(_spec(patterns).match_file(absolute.relative_to(folder).as_posix()))


@cache
def _spec(patterns: tuple[str, ...]) -> Any:
    import pathspec

    return pathspec.GitIgnoreSpec.from_lines(patterns)


def discover(folder: Path) -> Configuration:
    """The configuration that holds in a folder: the nearest file above it, or the defaults.

    Raises BadConfiguration.
    """
    return _discover(folder.resolve())


@cache
def _discover(folder: Path) -> Configuration:
    for name in FILES:
        file = folder / name
        if file.is_file() and (found := _read(file)) is not None:
            return found
    return Configuration() if folder.parent == folder else _discover(folder.parent)


@cache
def load(file: Path) -> Configuration:
    """The configuration of a file that was named.  Raises BadConfiguration."""
    if not file.is_file():
        raise BadConfiguration(f"{file}: no such configuration file")
    found = _read(file.resolve())
    if found is None:
        raise BadConfiguration(f"{file}: no table [tool.qa]")
    return found


def forget() -> None:
    """Read configurations and word lists anew when they are next asked for: they may have changed."""
    for function in (_discover, load, read_words):
        function.cache_clear()


def _read(file: Path) -> Configuration | None:
    """The configuration in a file; None if it is a `pyproject.toml` that does not speak of us."""
    try:
        table: Any = tomli.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomli.TOMLDecodeError) as error:
        raise BadConfiguration(f"{_near(file)}: {error}") from error
    if file.name == "pyproject.toml":
        table = table.get("tool", {}).get("qa")
    if table is None:
        return None
    try:
        return parse(table, file)
    except QaError as error:
        raise BadConfiguration(f"{_near(file)}: {error}") from error


def _near(file: Path) -> Path:
    """The file as it is called from the working folder, if it lies there."""
    return file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file


def parse(table: Mapping[str, Any], file: Path) -> Configuration:
    """The configuration that the table of `file` describes.  Raises BadConfiguration, UnknownRule, UnknownLanguage."""
    if not isinstance(table, Mapping):
        raise BadConfiguration("[tool.qa] is not a table")
    overrides = table.get("overrides", [])
    if not isinstance(overrides, list) or not all(isinstance(each, Mapping) for each in overrides):
        raise BadConfiguration("overrides are tables: [[overrides]], or [[tool.qa.overrides]] in pyproject.toml")
    base = dict(_settings(table, file.parent, list(SETTINGS), others=("overrides", "gate")))
    gate = parse_policy(table.get("gate", {}))
    return Configuration(file, Config(**base), tuple(_override(each, file.parent) for each in overrides), gate)


def parse_policy(table: Any) -> Policy:
    """The policy that the table `gate` describes.  Raises BadConfiguration, UnknownRule."""
    if not isinstance(table, Mapping):
        raise BadConfiguration("gate is a table: [gate], or [tool.qa.gate] in pyproject.toml")
    names = {key_of(name): name for name in POLICY}
    values = {}
    for key, value in table.items():
        if key not in names:
            raise BadConfiguration(f"gate: {_unknown(key, list(names))}")
        setting = POLICY[names[key]]
        checked = _checked(f"gate.{key}", setting.default, setting.metadata["choices"], value)
        if key == "confidence":
            _expect(checked <= 1, f"gate.{key}", "a number from 0 to 1", value)
        elif isinstance(checked, tuple):
            rule_ids(checked)
        values[names[key]] = checked
    return Policy(**values)


def _override(table: Mapping[str, Any], folder: Path) -> Override:
    paths = table.get("paths")
    if not isinstance(paths, list) or not paths or not all(isinstance(path, str) for path in paths):
        raise BadConfiguration("an override needs `paths`, a list of patterns")
    overridable = [name for name, each in SETTINGS.items() if each.metadata["scope"] == "file"]
    return Override(tuple(paths), tuple(_settings(table, folder, overridable, others=("paths",))))


def _settings(
    table: Mapping[str, Any], folder: Path, allowed: Sequence[str], others: Sequence[str]
) -> Iterator[tuple[str, Any]]:
    """Fields and their values, checked, for the keys of a table."""
    names = {key_of(name): name for name in allowed}
    for key, value in table.items():
        if key in names:
            yield names[key], check_value(names[key], _absolute(names[key], value, folder))
        elif key not in others:
            raise BadConfiguration(_unknown(key, [*names, *others]))


def _unknown(key: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key.replace("_", "-"), known, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"the keys here are {', '.join(known)}"
    return f"unknown key {key!r}: {hint}"


def _absolute(name: str, value: Any, folder: Path) -> Any:
    """Files that a configuration names are meant from its own folder."""
    if name in ("words_file", "baseline", "model") and isinstance(value, str) and value not in (ON, OFF):
        return str(folder / value)
    return value


def check_value(name: str, value: Any) -> Any:
    """The value of a setting as `Config` holds it.  Raises BadConfiguration, UnknownRule, UnknownLanguage."""
    setting = SETTINGS[name]
    value = _checked(key_of(name), setting.default, setting.metadata["choices"], value)
    if name == "min_confidence":
        _expect(value <= 1, name, "a number from 0 to 1", value)
    if name == "lang":
        language(value)
    elif name == "source_lang":  # one may translate from a language of which we know nothing
        _expect(_TAG.fullmatch(value) is not None, name, "a language code such as en", value)
    elif name == "languages":
        value = tuple(language(code).code for code in value)
    elif name in ("select", "ignore"):
        rule_ids(value)
    return value


def _checked(key: str, default: Any, choices: Sequence[str], value: Any) -> Any:
    """The value, if it is of the kind of the default and one of the choices.  Raises BadConfiguration."""
    if isinstance(default, tuple):
        if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
            raise BadConfiguration(f"{key} is a list of texts, not {value!r}")
        value = tuple(value)
    elif isinstance(default, bool):
        _expect(isinstance(value, bool), key, "true or false", value)
    elif isinstance(default, int):
        _expect(isinstance(value, int) and not isinstance(value, bool) and value >= 0, key, "a whole number", value)
    elif isinstance(default, float):
        good = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
        _expect(good, key, "a number from 0 on", value)
        value = float(value)
    else:
        _expect(isinstance(value, str), key, "a text", value)
    if choices:
        _expect(value in choices, key, "one of " + ", ".join(choices), value)
    return value


def _expect(good: bool, name: str, what: str, value: Any) -> None:
    if not good:
        raise BadConfiguration(f"{key_of(name)} is {what}, not {value!r}")


@cache
def read_words(file: Path) -> tuple[str, ...]:
    """The words of a list: one a line; empty lines and those that begin with # are left out."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{file}: {error}") from error
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))
