"""Where archives and results lie: folders of this machine, or whatever fsspec reaches (`s3://…`, `gs://…`).

A file is written whole or not at all: here aside, synced and renamed; object stores show only complete ones.
"""

from __future__ import annotations

import glob
import io
import lzma
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from qa import files
from qa.archive.extra import needed
from qa.errors import QaError, UnreadableFile

_BUFFER = 1 << 18  # bytes read at a time
_STEP = 1 << 14
_ARROW = {".gz": "gzip", ".zst": "zstd", ".bz2": "bz2"}
COMPRESSED = (*_ARROW, ".xz")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file: its path, bytes, and what changes when its content does (time of change or entity tag)."""

    path: str
    size: int
    version: str


def is_remote(path: str) -> bool:
    """Whether a path is an address that fsspec resolves."""
    return "://" in path


def join(folder: str, *names: str) -> str:
    """A path in a folder."""
    return "/".join((folder.rstrip("/") or "/", *names)) if is_remote(folder) else os.path.join(folder, *names)


def is_inside(path: str, folder: str) -> bool:
    """Whether a path lies in a folder or below."""
    if is_remote(path) or is_remote(folder):
        return path.startswith(folder.rstrip("/") + "/")
    return os.path.abspath(path).startswith(os.path.join(os.path.abspath(folder), ""))


def uncompressed_name(path: str) -> str:
    """The name without the suffix of its compression."""
    stem, suffix = os.path.splitext(path)
    return stem if suffix.lower() in COMPRESSED else path


def raw(path: str) -> IO[bytes]:
    """The bytes of a file as they are stored.  Raises UnreadableFile."""
    with _naming(path):
        if is_remote(path):
            file: IO[bytes] = needed("fsspec").open(path, "rb").open()
            return file
        return open(path, "rb", buffering=_BUFFER)


@contextmanager
def opened(path: str) -> Iterator[IO[bytes]]:
    """The bytes of a file, uncompressed if its name says that it is compressed.

    Raises UnreadableFile.  Reading raises OSError, EOFError or LZMAError where the compressed data are damaged.
    """
    suffix = os.path.splitext(path)[1].lower()
    with raw(path) as file:
        if suffix == ".xz":
            with lzma.open(file) as stream:
                yield stream
        elif suffix in _ARROW:
            arrow = needed("pyarrow")
            # Arrow's decompressors take joined members, and tell a file that was cut off; zstandard's does not.
            with arrow.CompressedInputStream(arrow.PythonFile(file, mode="r"), _ARROW[suffix]) as stream:
                yield io.BufferedReader(_Forward(stream), _BUFFER)
        else:
            yield file


def read(path: str) -> bytes | None:
    """The content of a small file; None if there is no such file."""
    try:
        with raw(path) as file:
            return file.read()
    except UnreadableFile:
        if exists(path):
            raise
        return None


def exists(path: str) -> bool:
    """Whether there is a file or folder of this name."""
    if is_remote(path):
        fs, name = _remote(path)
        return bool(fs.exists(name))
    return os.path.exists(path)


def write(path: str, data: bytes) -> None:
    """Replace what a file holds, all or nothing.  Raises QaError."""
    if not is_remote(path):
        files.write(path, data)
        return
    fs, name = _remote(path)
    try:
        fs.pipe_file(name, data)
    except OSError as error:
        raise QaError(f"cannot write {path}: {error}") from None


def make_folder(path: str) -> None:
    """Make a folder and those above it, if need be.  Raises QaError."""
    try:
        if is_remote(path):
            fs, name = _remote(path)
            fs.makedirs(name, exist_ok=True)
        else:
            os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise QaError(f"cannot make the folder {path}: {(error.strerror or str(error)).lower()}") from None


def remove(path: str) -> None:
    """Remove a file or a folder with all that is in it, if there is one."""
    import shutil

    if is_remote(path):
        fs, name = _remote(path)
        if fs.exists(name):
            fs.rm(name, recursive=True)
    elif os.path.isdir(path):
        shutil.rmtree(path)
    elif os.path.lexists(path):
        os.unlink(path)


def names(folder: str) -> list[str]:
    """The names of what lies in a folder, sorted; none if there is no such folder."""
    if not is_remote(folder):
        return sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    fs, name = _remote(folder)
    found = fs.ls(name, detail=False) if fs.exists(name) else []
    return sorted(path.rstrip("/").rsplit("/", 1)[-1] for path in found)


def sweep(folder: str) -> None:
    """Remove what writers that were killed have left in a folder."""
    if not is_remote(folder):
        for name in names(folder):
            if name.startswith(".") and name.endswith(".part"):
                os.unlink(os.path.join(folder, name))


def entry(path: str) -> Entry:
    """What a file is now.  Raises UnreadableFile."""
    with _naming(path):
        if not is_remote(path):
            status = os.stat(path)
            return Entry(path, status.st_size, str(status.st_mtime_ns))
        fs, name = _remote(path)
        return _entry(path, fs.info(name))


def is_folder(path: str) -> bool:
    """Whether a path names a folder."""
    if not is_remote(path):
        return os.path.isdir(path)
    fs, name = _remote(path)
    return bool(fs.isdir(name))


def matching(pattern: str) -> list[str]:
    """The paths that a pattern with `*`, `?` or `**` stands for, sorted; a path without these stands for itself."""
    if not glob.has_magic(pattern):
        return [pattern]
    if not is_remote(pattern):
        return sorted(glob.glob(pattern, recursive=True))
    fs, name = _remote(pattern)
    return sorted(fs.unstrip_protocol(path) for path in fs.glob(name))


def walk(folder: str) -> Iterator[Entry]:
    """The files in a folder and those below, sorted by path; hidden ones and symbolic links are left out."""
    if is_remote(folder):
        fs, name = _remote(folder)
        for path, info in sorted(fs.find(name, detail=True).items()):
            below = path[len(name.rstrip("/")) + 1 :]
            if not any(part.startswith(".") for part in below.split("/")):
                yield _entry(fs.unstrip_protocol(path), info)
        return
    pending = [folder]
    while pending:
        path = pending.pop()
        if os.path.isdir(path):
            inside = sorted((each.path for each in os.scandir(path) if _visible(each)), reverse=True)
            pending += inside
        else:
            yield entry(path)


@contextmanager
def locked(folder: str) -> Iterator[None]:
    """Keep other scans out of a folder of this machine for as long as this one lasts, however it ends.

    Raises QaError if another one is at work.  Object stores have no locks: there nobody is kept out.
    """
    if is_remote(folder):
        yield
        return
    import fcntl

    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise QaError(f"another scan is writing to {folder}") from None
        yield
    finally:
        os.close(descriptor)


class _Forward(io.RawIOBase):
    """A stream of Arrow's in small steps, that knows how far it is.

    A step that meets damage gives nothing, so that what stood in it before the damage is lost too.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._at = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def tell(self) -> int:
        """Bytes that were read."""
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Read a step."""
        data = self._stream.read(min(len(buffer), _STEP))
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)


def _visible(each: os.DirEntry[str]) -> bool:
    return not each.name.startswith(".") and not each.is_symlink()


def _entry(path: str, info: dict[str, Any]) -> Entry:
    version = next((info[key] for key in ("ETag", "etag", "mtime", "LastModified", "created") if info.get(key)), "")
    return Entry(path, int(info.get("size") or 0), str(version))


def _remote(path: str) -> tuple[Any, str]:
    try:
        fs, name = needed("fsspec").core.url_to_fs(path)
    except (ImportError, ValueError) as error:  # the file system's own package is missing, or there is no such one
        raise QaError(f"cannot reach {path}: {error}") from None
    return fs, name


@contextmanager
def _naming(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnreadableFile(f"{path}: {(error.strerror or str(error)).lower()}") from None
