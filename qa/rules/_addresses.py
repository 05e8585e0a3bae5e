"""Web addresses, paths and first lines of scripts that spaces cut."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.finding import Safety
from qa.rules._identifiers import Identifier, known
from qa.text import MASK, Block, Span

_SCHEME = re.compile(r"(?<![\w])(?:https?|ftps?|file) ?: ?/ ?/ ?(?=[\w])")
_HOST = re.compile(r"(?<![\w.@/-])(?=www ?\.)")
_LABEL = re.compile(r"[\w%~-]+")
_NEXT = re.compile(r"( ?)([./?=&#:])( ?)([\w%~-]+)")
_VALUE = re.compile(r" ?=")
_PIECE = r"[\w-]+(?:\.[\w-]+)*"
_SCRIPT = re.compile(rf"#! ?/ ?{_PIECE}(?: ?/ ?{_PIECE})+")
_PATH = re.compile(rf"(?<![\w/.!~])/ ?(?P<first>[a-z]+)(?:(?: / ?|/){_PIECE})+|(?<![\w/~])~ ?/ ?{_PIECE}(?:/{_PIECE})*")
_DRIVE = re.compile(rf"(?<!\w)[A-Z] ?: ?\\ ?{_PIECE}(?: ?\\ ?{_PIECE})*")


def cut_addresses(block: Block) -> Iterator[Identifier]:
    """The addresses.  What is whole of a web address may be masked as no prose, but not the space that cuts it."""
    prose = block.prose
    if "/" in prose or "\\" in prose or "www" in block.text or "://" in block.text:
        for address in _web(block.text):
            if MASK not in "".join(prose[at] for at in range(*_bounds(address)) if block.text[at] == " "):
                yield address
        yield from _scripts(prose)
        yield from _paths(prose)
        yield from _drives(prose)


def _bounds(identifier: Identifier) -> tuple[int, int]:
    return identifier.span.start, identifier.span.end


def _web(prose: str) -> Iterator[Identifier]:
    """ "https: //www. example. com/start": only an address whose beginning is cut, or whose host is.

    Where the one space stands behind the slashes, a host must follow: "file:// addresses" is prose.
    """
    for pattern in (_SCHEME, _HOST):
        for match in pattern.finditer(prose):
            end = _end(prose, match.end(), " " in match.group())
            text = prose[match.start() : end].replace(" ", "")
            late = " " not in match.group().rstrip()
            if end and text != prose[match.start() : end] and not (late and pattern is _SCHEME and "." not in text):
                yield Identifier(Span(match.start(), end), text, 0.97, Safety.SAFE)


def _end(prose: str, start: int, loose: bool) -> int:
    """Where the address ends that goes on at `start`; 0 where none does.

    A dot with a space goes on to a host that is not whole yet, and to a known domain; the other marks do in an address
    that is cut at its beginning (`loose`), before lower case.
    """
    label = _LABEL.match(prose, start)
    if not label:
        return 0
    end, labels, host = label.end(), 1, True
    whole = 3 if label.group() == "www" else 2
    while step := _NEXT.match(prose, end):
        before, mark, after, text = step.groups()
        if before or after:
            lower = text[0].islower() or (mark == "=" and text[0].isdigit())
            if mark == "." and not (host and lower and (labels < whole or text in known().domains)):
                break
            if mark != "." and not (loose and lower and (after or not before)):
                break
            if mark == ":" or (mark == "?" and not _VALUE.match(prose, step.end())):
                break  # the colon and question mark of a sentence
        host = host and mark == "."
        labels += 1
        end = step.end()
    return end


def _scripts(prose: str) -> Iterator[Identifier]:
    """ "#!/ usr / bin / env"."""
    if "#!" in prose:
        for match in _SCRIPT.finditer(prose):
            if " " in match.group():
                yield Identifier(Span(*match.span()), match.group().replace(" ", ""), 0.98, Safety.SAFE)


def _paths(prose: str) -> Iterator[Identifier]:
    """ "/ etc / hosts": a path from one of the first folders of a Unix system."""
    if "/ " in prose:
        for match in _PATH.finditer(prose):
            if (
                match["first"] in known().folders
                and "/ " in match.group()
                and not prose[: match.start()].endswith("#!")
            ):
                yield Identifier(Span(*match.span()), match.group().replace(" ", ""), 0.95, Safety.SAFE)


def _drives(prose: str) -> Iterator[Identifier]:
    r""" "C: \ Windows \ Temp"."""
    if "\\" in prose:
        for match in _DRIVE.finditer(prose):
            text = re.sub(r" ?([\\:]) ?", r"\1", match.group())
            if text != match.group():
                yield Identifier(Span(*match.span()), text, 0.95, Safety.SAFE)
