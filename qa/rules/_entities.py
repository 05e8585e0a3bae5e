"""Escaped characters that show: entities of HTML, escapes of programs, invisible characters out of place."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from html.entities import html5

from qa.finding import Safety
from qa.page import Page
from qa.rules._residue import Residue, residue

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_LETTERS = "[aeiouyncAEIOUYNC](?:acute|grave|circ|uml|tilde|cedil|ring)"
_CORE = f"(?:nbsp|amp|quot|apos|lt|gt|hellip|[mn]dash|[lr][sd]?quo|[lr]aquo|copy|reg|trade|euro|deg|szlig|{_LETTERS})"
_BROKEN = re.compile(rf"& ?(?:# ?[0-9]{{1,7}}|# ?[xX] ?[0-9a-fA-F]{{1,6}}|{_CORE}) ?;")
_OPEN = re.compile(r"&nbsp(?![\w;])")
_SYNTAX = re.compile("&(?:amp|lt|gt|quot|apos);")
_AMPERSAND = re.compile("""["“«»„'‘]&["”»«“'’]""")
_WIDTHLESS = "\u200b\u200c\u200d\u2060\ufeff"

_UNICODE = re.compile(r"(?<!\\)\\u ?([0-9a-fA-F]{4})(?![0-9a-fA-F])")
_BYTES = re.compile(r"(?<=[^\W\d_])(?:\\x[89a-f][0-9a-f]){1,4}(?=[^\W\d_]|\b)", re.IGNORECASE)
_QUOTED = re.compile(r"""(?<=[^\W\d_])\\(['’"])(?=[^\W\d_])""")
_TEX = re.compile(r"\\(?:begin|section|textbf|textit|emph|cite|frac|ref)\b")
_SPACE = re.compile("(?:^ ?[\u200b\ufeff]+ ?)|(?: ?[\u200b\ufeff]+ ?$)|(?<= )[\u200b\ufeff]+|[\u200b\ufeff]+(?= )")

_TOPIC = tuple("“”„«»‹›‘’\"'`")


def entities(prose: str) -> Iterator[Residue]:
    """Visible entities, whole and broken.  One that stands alone in quotes is the topic; in an address it is none."""
    if "&" not in prose or _AMPERSAND.search(prose) or len(set(_SYNTAX.findall(prose))) > 2:
        return  # the text speaks of entities
    last = 0
    for match in sorted(
        [*_ENTITY.finditer(prose), *_BROKEN.finditer(prose), *_OPEN.finditer(prose)], key=re.Match.start
    ):
        whole = match.group().replace(" ", "").rstrip(";") + ";"
        if match.start() < last or (whole[1] != "#" and whole[1:] not in html5):
            continue
        if _is_topic(prose, match) or _in_address(prose, match.start()):
            continue
        last = match.end()
        text = html.unescape(whole)
        if text in ("<", ">"):
            yield residue(match, text, f"The entity {whole} shows.", 0.85, Safety.REVIEW)
        else:
            yield residue(match, "" if text in _WIDTHLESS else text, f"The entity {whole} shows.", 0.96)


def _is_topic(prose: str, match: re.Match[str]) -> bool:
    """Whether quotes enclose it; French ones stand apart."""
    before, after = prose[max(0, match.start() - 2) : match.start()], prose[match.end() : match.end() + 2]
    close = before[-1:] in _TOPIC and after[:1] in _TOPIC
    return bool(before and after) and (close or (before[0] == "«" and after[-1] == "»"))


def _in_address(prose: str, start: int) -> bool:
    head = prose[max(0, start - 200) : start]
    word = head[head.rfind(" ") + 1 :]
    return "://" in word or ("?" in word and "=" in word)


def escapes(prose: str, page: Page) -> Iterator[Residue]:
    r"""Visible escapes of a programming language: "\u00e9", "\xe9", "l\'eau"."""
    if "\\" not in prose:
        return
    for match in _UNICODE.finditer(prose):
        text = chr(int(match[1], 16))
        if text.isprintable() and not "\ud800" <= text <= "\udfff" and (text > "\x7f" or text in "'\"&<>"):
            yield residue(match, text, f"The escape {match.group()} shows.", 0.95)
    for match in _BYTES.finditer(prose):
        yield residue(match, _decoded(match.group()), f"The escape {match.group()} shows.", 0.93)
    if not page.derive(_has_tex):
        for match in _QUOTED.finditer(prose):
            yield residue(match, match[1], "A backslash before a quote shows.", 0.92)


def _decoded(text: str) -> str:
    data = bytes.fromhex(text.replace("\\x", "").replace("\\X", ""))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _has_tex(page: Page) -> bool:
    return any("\\" in block.text and _TEX.search(block.text) for block in page.blocks)


def widthless(text: str) -> Iterator[Residue]:
    """Zero-width spaces at the edge of a block or beside a space, where they can have no purpose."""
    if "\u200b" in text or "\ufeff" in text:
        for match in _SPACE.finditer(text):
            yield residue(match, "", "An invisible space without width stands here.", 0.85)
