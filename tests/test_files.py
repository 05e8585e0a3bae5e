"""Files: what is read is written back byte for byte; what is no text is refused with the reason."""

from __future__ import annotations

import codecs
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import QaError, UnreadableFile
from qa.files import Content, decode, read, walk, write

ENCODINGS = [
    ("utf-8", b""),
    ("utf-8", codecs.BOM_UTF8),
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
    ("utf-32-le", codecs.BOM_UTF32_LE),
    ("utf-32-be", codecs.BOM_UTF32_BE),
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_what_is_read_is_written_back(text, encoding):
    name, mark = encoding
    if not mark and text.startswith("\ufeff"):
        return  # that is the mark
    data = mark + text.encode(name)
    content = decode(data)
    assert (content.text, content.encoding, content.mark) == (text, name, mark)
    assert content.encode(content.text) == data


@given(st.binary(max_size=200))
def test_any_bytes_are_read_exactly_or_refused(data):
    try:
        content = decode(data)
    except UnreadableFile as error:
        assert str(error)
    else:
        assert content.encode(content.text) == data


def test_line_ends_stay(tmp_path):
    path = tmp_path / "ends.txt"
    path.write_bytes(b"a\r\nb\rc\n\x85\xc2\x85d".replace(b"\x85\xc2", b"\xc2"))
    content = read(path)
    assert content.text == "a\r\nb\rc\n\x85d"
    write(path, content.encode(content.text.upper()))
    assert path.read_bytes() == b"A\r\nB\rC\n\xc2\x85D"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"caf\xe9", "not UTF-8: 0xE9 at byte 3 begins no character"),
        (codecs.BOM_UTF8 + b"caf\xe9", "not UTF-8: 0xE9 at byte 6 begins no character"),
        (b"\xed\xa0\x80", "not UTF-8: 0xED at byte 0 begins no character"),  # a lone surrogate
        (codecs.BOM_UTF16_LE + b"\x00\xd8", "not UTF-16: 0x00 at byte 2 begins no character"),
        (b"\x7fELF\x00\x01\x02", "a binary file: NUL at byte 4"),
        ("été".encode("utf-16-le") * 9, "probably UTF-16 without a byte order mark: NUL at byte 1"),
        (codecs.BOM_UTF16_LE + "a\0".encode("utf-16-le"), "a binary file: NUL at character 1"),
        (b"a" * 101, "larger than 100 bytes: split it"),
    ],
)
def test_refused_with_the_reason(data, why):
    with pytest.raises(UnreadableFile) as caught:
        decode(data, limit=100)
    assert str(caught.value) == why


def test_a_lone_surrogate_cannot_be_written():
    with pytest.raises(UnreadableFile, match="a lone surrogate at character 1"):
        Content("").encode("a\ud800")


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="no such file"):
        read(tmp_path / "gone.txt")
    with pytest.raises(UnreadableFile, match="directory"):
        read(tmp_path)


def test_a_large_file_is_refused(tmp_path):
    (tmp_path / "large.txt").write_bytes(b"a" * 11)
    with pytest.raises(UnreadableFile, match="larger than 10 bytes"):
        read(tmp_path / "large.txt", limit=10)


def test_writing_keeps_mode_and_link(tmp_path):
    path, link = tmp_path / "a.txt", tmp_path / "link.txt"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    write(link, b"new")
    assert link.is_symlink()
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.txt", "link.txt"]


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(QaError, match="no space left"):
        write(path, b"new")
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


def test_only_regular_files_are_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(QaError, match="no regular file"):
        write(tmp_path / "pipe", b"new")


def tree(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)


def found(folder):
    return [path.relative_to(folder).as_posix() for path in walk(folder)]


def test_texts_are_found_in_order(tmp_path):
    names = ["b.md", "a/z.HTML", "a/b/c.txt", "a.txt", "c.htm", "d.markdown", "e.xhtml"]
    tree(tmp_path, dict.fromkeys([*names, "x.py", ".hidden.md", ".cache/a.md", "README"], ""))
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "link.md").symlink_to(tmp_path / "b.md")
    assert found(tmp_path) == ["a/b/c.txt", "a/z.HTML", "a.txt", "b.md", "c.htm", "d.markdown", "e.xhtml"]


def test_what_git_ignores_is_left_out(tmp_path):
    tree(
        tmp_path,
        {
            ".git/info/exclude": "secret.md\n",
            ".gitignore": "build/\n*.txt\n!keep.txt\n/top.md\n",
            "build/a.md": "",
            "docs/build/b.md": "",
            "docs/top.md": "",
            "docs/draft.md": "",
            "docs/.gitignore": "draft.md\n!notes.txt\n",
            "docs/notes.txt": "",
            "docs/other.txt": "",
            "docs/secret.md": "",
            "keep.txt": "",
            "top.md": "",
        },
    )
    assert found(tmp_path) == ["docs/notes.txt", "docs/top.md", "keep.txt"]
    assert found(tmp_path / "docs") == ["notes.txt", "top.md"]


@pytest.mark.skipif(os.getuid() == 0, reason="nothing is unreadable for the superuser")
def test_a_folder_that_cannot_be_read_is_given_itself(tmp_path):
    (tmp_path / "shut").mkdir(mode=0)
    assert found(tmp_path) == ["shut"]


def test_a_deep_folder(tmp_path):
    deep = tmp_path
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    (deep / "a.md").write_text("")
    assert found(tmp_path) == ["d/" * 300 + "a.md"]
