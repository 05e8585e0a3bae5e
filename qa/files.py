"""Files: bytes to text and back, without changing what nobody asked to change.

A text keeps its line ends, and the encoding and byte order mark it came with.  The mark is no part of the text:
offset 0 is the character after it.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from qa.errors import QaError, UnreadableFile

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

LIMIT = 64 * 2**20  # bytes
SUFFIXES = frozenset((".txt", ".md", ".markdown", ".html", ".htm", ".xhtml"))

# Folders with the patterns that hold in them, outermost first.
Ignored = tuple[tuple[Path, "GitIgnoreSpec"], ...]

# The longer mark first: that of UTF-32 little-endian begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class Content:
    """A decoded file: its text, and how to write a text in its place."""

    text: str
    encoding: str = "utf-8"
    mark: bytes = b""  # the byte order mark

    def encode(self, text: str) -> bytes:
        """The bytes of another text in the same encoding, with the same mark.

        Raises UnreadableFile for a text with lone surrogates, which no encoding has.
        """
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise UnreadableFile(f"a lone surrogate at character {error.start}: no encoding can hold it") from None


def decode(data: bytes, limit: int = LIMIT) -> Content:
    """The text of a file: UTF-8, or UTF-16 and UTF-32 with a byte order mark.

    Raises UnreadableFile with the reason: too large (more than `limit` bytes), binary, or not in that encoding.
    """
    if len(data) > limit:
        raise UnreadableFile(f"larger than {_size(limit)}: split it")
    mark, encoding = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), (b"", "utf-8"))
    if encoding == "utf-8" and (nul := data.find(0)) >= 0:
        # Every other byte of a Latin text in UTF-16 is NUL.
        utf16 = 0 < data[:256].count(0) * 2 <= len(data[:256]) <= data[:256].count(0) * 4
        why = "probably UTF-16 without a byte order mark" if utf16 else "a binary file"
        raise UnreadableFile(f"{why}: NUL at byte {nul}")
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        at = error.start + len(mark)
        name = encoding.removesuffix("-le").removesuffix("-be").upper()
        raise UnreadableFile(f"not {name}: {_hex(data[at : at + 1])} at byte {at} begins no character") from None
    if "\0" in text:
        raise UnreadableFile(f"a binary file: NUL at character {text.index(chr(0))}")
    return Content(text, encoding, mark)


def read(path: str | os.PathLike[str], limit: int = LIMIT) -> Content:
    """The content of a file.  Raises UnreadableFile as `decode` does, and where there is no such file."""
    try:
        with open(path, "rb") as file:
            data = file.read(limit + 1)  # a pipe or a device has no size to look at before
    except OSError as error:
        raise UnreadableFile((error.strerror or str(error)).lower()) from None
    return decode(data, limit)


def write(path: str | os.PathLike[str], data: bytes) -> None:
    """Replace what a file holds, all or nothing: readers see the old bytes or the new ones, also after a crash.

    A symbolic link stays one: the file it leads to is replaced.  Mode, and owner where permitted, stay.
    Raises QaError.
    """
    target = os.path.realpath(path)
    folder, name = os.path.split(target)
    part = None
    try:
        old = os.stat(target) if os.path.exists(target) else None
        if old is not None and not stat.S_ISREG(old.st_mode):
            raise QaError(f"cannot write {os.fspath(path)}: it is no regular file")
        descriptor, part = tempfile.mkstemp(prefix=f".{name[:64]}.", suffix=".part", dir=folder)
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
            if old is not None:
                os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
                if (old.st_uid, old.st_gid) != (os.getuid(), os.getgid()):
                    with contextlib.suppress(PermissionError):
                        os.fchown(descriptor, old.st_uid, old.st_gid)
            else:
                os.fchmod(descriptor, 0o666 & ~_umask())
        os.replace(part, target)
        part = None
        _sync_folder(folder)
    except OSError as error:
        raise QaError(f"cannot write {os.fspath(path)}: {(error.strerror or str(error)).lower()}") from None
    finally:
        if part is not None:
            with contextlib.suppress(OSError):
                os.unlink(part)


def walk(folder: Path) -> Iterator[Path]:
    """The texts in a folder and those below it, sorted by path.

    Left out: hidden files and folders, symbolic links, names without one of `SUFFIXES`, and what git ignores here.
    A folder that cannot be read is given itself, so that reading it tells why.
    """
    pending: list[tuple[Path, Ignored | None]] = [(Path(folder), _ignored_above(Path(folder)))]
    while pending:
        path, ignored = pending.pop()
        if ignored is None:  # a file
            yield path
            continue
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name, reverse=True)
        except OSError:
            yield path
            continue
        own = _spec(path / ".gitignore")
        if own is not None:
            ignored = (*ignored, (path, own))
        for entry in entries:
            below = path / entry.name
            if entry.name.startswith(".") or entry.is_symlink():
                continue
            if entry.is_dir():
                if not _is_ignored(below, ignored, "/"):
                    pending.append((below, ignored))
            elif entry.is_file() and below.suffix.lower() in SUFFIXES and not _is_ignored(below, ignored):
                pending.append((below, None))


def _ignored_above(folder: Path) -> Ignored:
    """The patterns that the repository around a folder gives for it, outermost first."""
    absolute = folder.absolute()
    root = next((parent for parent in (absolute, *absolute.parents) if (parent / ".git").exists()), absolute)
    parents = [parent for parent in reversed(absolute.parents) if parent.is_relative_to(root)]
    specs = [(root, _spec(root / ".git" / "info" / "exclude"))]
    specs += [(parent, _spec(parent / ".gitignore")) for parent in parents]
    return tuple((parent, spec) for parent, spec in specs if spec is not None)


def _spec(file: Path) -> GitIgnoreSpec | None:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(lines)


def _is_ignored(path: Path, ignored: Ignored, suffix: str = "") -> bool:
    """Whether git ignores a path: the innermost folder that has something to say decides."""
    for folder, spec in reversed(ignored):
        relative = path.absolute().relative_to(folder.absolute()).as_posix()
        verdict = spec.check_file(relative + suffix).include
        if verdict is not None:
            return bool(verdict)
    return False


def _sync_folder(folder: str) -> None:
    """Make the new name of a file last; where the system cannot, the file's own bytes are safe all the same."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _size(number: int) -> str:
    return f"{number // 2**20} MiB" if number >= 2**20 else f"{number} bytes"


def _hex(data: bytes) -> str:
    return " ".join(f"0x{byte:02X}" for byte in data) or "the end"
