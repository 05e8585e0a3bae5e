"""Where archives and results lie: folders of this machine, or whatever fsspec reaches (`s3://…`, `gs://…`).

A file is written whole or not at all: here aside, synced and renamed; object stores show only complete ones.
Of what lies elsewhere nothing is remembered, since other processes write there too.
"""

from __future__ import annotations

import glob
import io
import lzma
import os
import tempfile
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


class Missing(UnreadableFile):
    """There is no such file."""


class Unreachable(QaError):
    """Storage elsewhere does not give or take what was asked: no defect of the data, and perhaps gone tomorrow."""


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
    """The bytes of a file as they are stored.  Raises UnreadableFile, Unreachable; reading the latter, too."""
    if is_remote(path):
        with _remote(path) as (fs, name):
            return io.BufferedReader(_Elsewhere(path, fs.open(name, "rb")), _BUFFER)
    with _naming(path):
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
    """The content of a small file; None if there is no such file.  Raises UnreadableFile, Unreachable."""
    try:
        if is_remote(path):
            with _remote(path) as (fs, name):
                return bytes(fs.cat_file(name))
        with _naming(path), open(path, "rb") as file:
            return file.read()
    except Missing:
        return None


def exists(path: str) -> bool:
    """Whether there is a file or folder of this name."""
    if is_remote(path):
        with _remote(path) as (fs, name):
            return bool(fs.exists(name))
    return os.path.exists(path)


def write(path: str, data: bytes) -> None:
    """Replace what a file holds, all or nothing.  Raises QaError."""
    if is_remote(path):
        with _remote(path) as (fs, name):
            fs.pipe_file(name, data)
    else:
        files.write(path, data)


@contextmanager
def uploaded(path: str) -> Iterator[IO[str]]:
    """A text to write, of any length, that lies at an address once it is whole.  Raises QaError."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
        yield stream
        stream.flush()
        with _remote(path) as (fs, name):
            fs.put_file(stream.name, name)


def make_folder(path: str) -> None:
    """Make a folder and those above it, if need be; a bucket is not made.  Raises QaError."""
    if is_remote(path):
        with _remote(path) as (fs, name):
            if name.startswith("/"):
                fs.makedirs(name, exist_ok=True)
            else:  # an object store, where folders are part of the names; it would make a bucket for a typing error
                _bucket(fs, name.partition("/")[0])
        return
    try:
        os.makedirs(path, exist_ok=True)
    except OSError as error:
        raise QaError(f"cannot make the folder {path}: {_said(error)}") from None


def remove(path: str) -> None:
    """Remove a file or a folder with all that is in it, if there is one."""
    import shutil

    if is_remote(path):
        with _remote(path) as (fs, name):
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
    try:
        with _remote(folder) as (fs, name):
            found = {path.rstrip("/") for path in fs.ls(name, detail=False)} - {name}  # the object that shows a folder
            return sorted(path.rsplit("/", 1)[-1] for path in found)
    except Missing:
        return []


def sweep(folder: str) -> None:
    """Remove what writers that were killed have left in a folder."""
    if not is_remote(folder):
        for name in names(folder):
            if name.startswith(".") and name.endswith(".part"):
                os.unlink(os.path.join(folder, name))


def entry(path: str) -> Entry:
    """What a file is now.  Raises UnreadableFile."""
    if is_remote(path):
        with _remote(path) as (fs, name):
            return _entry(path, fs.info(name))
    with _naming(path):
        status = os.stat(path)
        return Entry(path, status.st_size, str(status.st_mtime_ns))


def is_folder(path: str) -> bool:
    """Whether a path names a folder."""
    if not is_remote(path):
        return os.path.isdir(path)
    with _remote(path) as (fs, name):
        return bool(fs.isdir(name))


def matching(pattern: str) -> list[str]:
    """The paths that a pattern with `*`, `?` or `**` stands for, sorted; a path without these stands for itself."""
    if not glob.has_magic(pattern):
        return [pattern]
    if not is_remote(pattern):
        return sorted(glob.glob(pattern, recursive=True))
    with _remote(pattern) as (fs, name):
        return sorted(fs.unstrip_protocol(path) for path in fs.glob(name))


def walk(folder: str) -> Iterator[Entry]:
    """The files in a folder and those below, sorted by path; hidden ones and symbolic links are left out."""
    if is_remote(folder):
        with _remote(folder) as (fs, name):
            found = sorted(fs.find(name, detail=True).items())
        for path, info in found:
            below = path[len(name.rstrip("/")) + 1 :]
            # A name with a slash at its end is no file: consoles make such objects to show empty folders.
            if not path.endswith("/") and not any(part.startswith(".") for part in below.split("/")):
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


def file_system(path: str) -> Any:
    """The file system of fsspec's that an address is in.  Raises QaError."""
    with _remote(path) as (fs, _):
        return fs


class _Elsewhere(io.RawIOBase):
    """A file of another file system, whose errors are none of the file's: they must not pass for damage."""

    def __init__(self, path: str, file: Any) -> None:
        self._path, self._file = path, file

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """Whether another place can be read next."""
        return bool(self._file.seekable())

    def tell(self) -> int:
        """The place that is read next."""
        return int(self._file.tell())

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Read another place next."""
        return int(self._file.seek(offset, whence))

    def readinto(self, buffer: Any) -> int:
        """Read some bytes."""
        with _telling(self._path):
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
        super().close()


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


@contextmanager
def _remote(path: str) -> Iterator[tuple[Any, str]]:
    """The file system that an address is in, and the name there.  Raises UnreadableFile, Unreachable."""
    with _telling(path):
        fs, name = needed("fsspec").core.url_to_fs(path)
        fs.invalidate_cache()
        yield fs, name


def _bucket(fs: Any, name: str) -> None:
    """Make sure that there is a bucket, as far as we may know.  Raises QaError."""
    try:
        fs.info(name)
    except FileNotFoundError:
        raise QaError(f"there is no bucket {name}: make it first") from None
    except PermissionError:
        return  # to look at a bucket may be forbidden, and what is in it ours all the same: writing will tell


@contextmanager
def _telling(path: str) -> Iterator[None]:
    """Say in one sentence what the package of a file system raises, which may be anything."""
    try:
        yield
    except QaError:
        raise
    except FileNotFoundError as error:
        said = _said(error)
        if path.endswith(said):  # some say no more than the name
            said = "no such file or directory"
        raise Missing(f"{path}: {said}") from None
    except Exception as error:
        raise Unreachable(f"cannot reach {path}: {_said(error)}") from None


@contextmanager
def _naming(path: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Missing(f"{path}: {_said(error)}") from None
    except OSError as error:
        raise UnreadableFile(f"{path}: {_said(error)}") from None


def _said(error: Exception) -> str:
    """What an error says, in one line."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return " ".join(str(error).split()) or type(error).__name__
