"""How a word enters the user's list: the word list that holds for a file, or else the setting `words`."""

from __future__ import annotations

from pathlib import Path

import tomlkit

from qa import config as configuration
from qa import files
from qa.config import Configuration
from qa.errors import UnreadableFile


def add(word: str, path: Path, working_folder: Path) -> Path:
    """Make `word` a listed word for the file at `path`; gives the file that was written.

    That is the `words-file` in force, or the configuration that holds for the file, or, where there is none, a new
    `qa.toml` in `working_folder`.  Comments and layout stay.  Raises BadConfiguration, UnreadableFile.
    """
    configuration.forget()
    found = configuration.discover(path.parent)
    if listed := found.for_path(path).words_file:
        target = Path(listed)
        content = files.read(target)
        if word not in content.text.splitlines():
            gap = "" if not content.text or content.text.endswith("\n") else "\n"
            files.write(target, content.encode(f"{content.text}{gap}{word}\n"))
        return target
    target = found.file or working_folder / "qa.toml"
    try:
        text = target.read_text(encoding="utf-8") if found.file else ""
        files.write(target, _with_word(text, word, found, path).encode("utf-8"))
    except OSError as error:
        raise UnreadableFile(f"cannot read {target}: {error.strerror}") from error
    return target


def _with_word(text: str, word: str, found: Configuration, path: Path) -> str:
    """The text of a configuration file with one more word in the list that holds for `path`."""
    document = tomlkit.parse(text)
    table = document
    if found.file is not None and found.file.name == "pyproject.toml":
        table = document["tool"]["qa"]
    number = found.deciding(path, "words")
    if number is not None:
        table = table["overrides"][number]
    if "words" not in table:
        table["words"] = tomlkit.array()
    words = table["words"]
    if word not in words:
        words.append(word)
    return tomlkit.dumps(document)
