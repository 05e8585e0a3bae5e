"""Copies what `qa` needs of CLDR, through Babel, into the languages' folders: `numbers.toml`."""

from __future__ import annotations

import json
from collections.abc import Iterator

from qa.language import Language, codes, language

_HEAD = "# From CLDR through Babel, by `python -m qa.devtools cldr`: grouping and decimal mark, and the months by name."


def write() -> list[str]:
    """Write the file of every language; the paths that changed."""
    changed = []
    for own in map(language, codes()):
        path, text = own.folder / "numbers.toml", numbers(own)
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(str(path))
    return changed


def numbers(own: Language) -> str:
    """The file of a language.  Raises babel.UnknownLocaleError."""
    from babel import Locale

    cldr = Locale.parse(own.locale)
    symbols = cldr.number_symbols["latn"]
    lines = [_HEAD, f"group = {_quoted(symbols['group'])}", f"decimal = {_quoted(symbols['decimal'])}", "", "[months]"]
    return "\n".join([*lines, *(f"{_quoted(name)} = {number}" for name, number in _months(cldr))]) + "\n"


def _months(cldr) -> Iterator[tuple[str, int]]:  # type: ignore[no-untyped-def]
    """Names in small letters, full and abbreviated, without a final dot."""
    found = {
        name.lower().rstrip("."): number
        for usage in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in cldr.months[usage][width].items()
    }
    yield from found.items()


def _quoted(text: str) -> str:
    """A TOML string; blanks that look alike are spelled out."""
    return json.dumps(text, ensure_ascii=any(char.isspace() and char != " " for char in text))
