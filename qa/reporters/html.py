"""One page for people: the text with its defects marked in place, their repairs beside it, a summary by category.

The page needs nothing else: no script, no font, no picture, no network.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from qa.finding import Diagnostic, Severity, percent
from qa.language import codes, language
from qa.report import Checked, counts
from qa.reporters import Context

_STYLE = Path(__file__).with_name("html.css")
_LONG = 12  # lines without findings that are folded away, if there are more
_NEAR = 2  # of which so many stay visible on either side
_MOST = 3  # repairs shown
_LINE = re.compile(r"\r\n|\n|\r")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class _Numbered:
    number: int
    diagnostic: Diagnostic

    @property
    def name(self) -> str:
        return str(self.number)


@dataclass(frozen=True, slots=True)
class _Entry:
    anchor: str
    path: str
    judged: bool
    defects: int
    section: str
    worth: bool  # showing where there are other files


def report(files: Iterable[Checked], context: Context) -> Iterator[str]:
    """The page.  The summary stands first, so the sections wait until all files are known."""
    found: list[Diagnostic] = []
    entries: list[_Entry] = []
    for file in files:
        numbered = [_Numbered(len(found) + place, each) for place, each in enumerate(file.diagnostics, 1)]
        found += file.diagnostics
        anchor = f"file-{len(entries) + 1}"
        worth = bool(numbered) or not file.judged
        section = "".join(_section(file, numbered, anchor)) if worth or not entries else ""
        entries.append(_Entry(anchor, file.path, file.judged, sum(map(counts, file.diagnostics)), section, worth))
    alone = len(entries) == 1
    yield from _head(found, sum(entry.judged for entry in entries))
    if not alone:
        yield from _index(entries)
    yield "</header>\n<main>\n"
    yield from (entry.section for entry in entries if alone or entry.worth)
    yield from _about(found)
    yield f"</main>\n<footer>Made by <code>{_text(context.signature)}</code></footer>\n</body>\n</html>\n"


def _head(found: Sequence[Diagnostic], judged: int) -> Iterator[str]:
    defects = [each for each in found if counts(each)]
    title = f"{_number(len(defects), 'defect')} found" if defects else "No defects found"
    safe = sum(each.safety == "safe" for each in defects)
    repaired = sum(bool(each.suggestions) for each in defects)
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    yield f"<title>qa: {title}</title>\n<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
    yield f"<header>\n<h1>{title}</h1>\n"
    yield f'<p class="lead">in {_number(judged, "file")}'
    if defects:
        yield f" · <b>{repaired}</b> with a repair, <b>{safe}</b> of them safe to apply unseen"
    yield "</p>\n"
    yield from _bars(defects)


def _bars(defects: Sequence[Diagnostic]) -> Iterator[str]:
    if not defects:
        return
    totals = Counter(each.category for each in defects)
    worst: dict[str, Severity] = {}
    for each in sorted(defects, key=lambda each: _SEVERITIES.index(each.severity)):
        worst.setdefault(each.category, each.severity)
    most = max(totals.values())
    yield '<ul class="bars" aria-label="Defects by category">\n'
    for category, total in sorted(totals.items(), key=lambda item: (-item[1], item[0])):
        bar = f'<span class="bar" aria-hidden="true"><i style="width:{100 * total / most:.0f}%"></i></span>'
        yield f'<li class="{worst[category]}"><span>{category}</span>{bar}<span class="count">{total}</span></li>\n'
    yield "</ul>\n"


def _index(entries: Sequence[_Entry]) -> Iterator[str]:
    yield '<nav aria-label="Files">\n<ul class="files">\n'
    for entry in entries:
        path = _text(entry.path)
        name = f'<a href="#{entry.anchor}">{path}</a>' if entry.worth else f"<span>{path}</span>"
        yield f'<li><span class="count">{entry.defects if entry.judged else "–"}</span>{name}</li>\n'
    yield "</ul>\n</nav>\n"


def _section(file: Checked, findings: Sequence[_Numbered], anchor: str) -> Iterator[str]:
    facts = [language(file.language).name] if file.language in codes() else []
    if file.judged:
        total = sum(map(counts, file.diagnostics))
        facts.append(_number(total, "defect") if total else '<span class="clean">no defects</span>')
    facts += [_text(reason) for reason in file.skipped()]
    heading = f'<h2 id="{anchor}">{_text(file.path)}<small>{" · ".join(facts)}</small></h2>\n'
    yield f'<section class="file" aria-labelledby="{anchor}">\n{heading}'
    if findings:
        tongue = f' lang="{file.language}"' if file.language else ""
        style = "text" if file.syntax == "text" else "text source"
        yield f'<div class="sides">\n<div class="{style}"{tongue}>\n'
        yield from _paragraphs(file, findings)
        yield '</div>\n<ol class="list" aria-label="Findings">\n'
        yield from (_item(file, each) for each in findings)
        yield "</ol>\n</div>\n"
    yield "</section>\n"


def _paragraphs(file: Checked, findings: Sequence[_Numbered]) -> Iterator[str]:
    """The lines of the text as paragraphs; a finding that runs over several lines keeps them together.

    Plain text is set like a book, where empty lines only part paragraphs; in markup they are shown.
    """
    text, source = file.text, file.syntax != "text"
    quiet: list[str] = []
    waiting = deque(findings)
    for start, end in _stretches(text, findings):
        if start == end and not source:
            continue
        here = []
        while waiting and waiting[0].diagnostic.span.start <= end:
            here.append(waiting.popleft())
        paragraph = f'<p dir="auto">{_marked(text, start, end, here)}</p>\n'
        if here:
            yield from _folded(quiet)
            quiet = []
            yield paragraph
        else:
            quiet.append(paragraph)
    yield from _folded(quiet)


def _stretches(text: str, findings: Sequence[_Numbered]) -> Iterator[tuple[int, int]]:
    start = 0
    spans = iter(sorted(each.diagnostic.span for each in findings))
    span = next(spans, None)
    for match in [*_LINE.finditer(text), None]:
        end, following = match.span() if match else (len(text), len(text))
        while span is not None and span.end <= end:
            span = next(spans, None)
        if span is not None and span.start < end:
            continue
        yield start, end
        start = following


def _folded(paragraphs: Sequence[str]) -> Iterator[str]:
    if len(paragraphs) <= _LONG:
        yield from paragraphs
        return
    hidden = paragraphs[_NEAR:-_NEAR]
    yield from paragraphs[:_NEAR]
    yield f"<details><summary>{len(hidden)} lines without findings</summary>\n"
    yield from hidden
    yield "</details>\n"
    yield from paragraphs[-_NEAR:]


def _marked(text: str, start: int, end: int, findings: Sequence[_Numbered]) -> str:
    parts, last = [], start
    for each in findings:
        span = each.diagnostic.span
        if span.start < last:
            continue
        parts += [_text(text[last : span.start]), _mark(text[span.start : span.end], each)]
        last = span.end
    return "".join([*parts, _text(text[last:end])])


def _mark(text: str, finding: _Numbered) -> str:
    diagnostic, name = finding.diagnostic, finding.name
    style = diagnostic.severity if text else f"{diagnostic.severity} empty"
    repair = f'<span class="repair">{_repair(diagnostic)}</span>' if diagnostic.suggestions else ""
    tip = f'<span class="tip" aria-hidden="true" lang="en" dir="ltr"><b>{_text(diagnostic.message)}</b>{repair}</span>'
    number = f'<sup aria-hidden="true">{name}</sup>'
    link = f'<a href="#f{name}" aria-describedby="f{name}">{_text(text)}{number}</a>'
    return f'<mark id="m{name}" class="{style}">{link}{tip}</mark>'


def _item(file: Checked, finding: _Numbered) -> str:
    diagnostic, name = finding.diagnostic, finding.name
    line, column = file.lines.position(diagnostic.span.start)
    facts = [] if diagnostic.category == diagnostic.rule else [diagnostic.category]
    facts += [str(diagnostic.severity), f"{percent(diagnostic.confidence)} likely"]
    if diagnostic.suggestions:
        facts.append({"safe": "safe repair", "review": "repair to be reviewed"}.get(diagnostic.safety, "suggestion"))
    repair = f'<p class="repair">{_repair(diagnostic)}</p>' if diagnostic.suggestions else ""
    return (
        f'<li id="f{name}" class="{diagnostic.severity}"><span class="place">line {line}:{column}</span>'
        f'<h3><a href="#m{name}">{name} {diagnostic.rule}</a></h3>{repair}'
        f'<p>{_text(diagnostic.message)}</p><p class="facts">{" · ".join(facts)}</p></li>\n'
    )


def _repair(diagnostic: Diagnostic) -> str:
    first, *others = diagnostic.suggestions[:_MOST]
    gone = f"<del>{_text(diagnostic.text)}</del> " if diagnostic.text else ""
    new = f"<ins>{_text(first)}</ins>" if first else '<span class="or">(delete)</span>'
    rest = "".join(f' <span class="or">or</span> <ins>{_text(each)}</ins>' for each in others if each)
    return gone + new + rest


def _about(found: Sequence[Diagnostic]) -> Iterator[str]:
    from qa.rules import registry

    used = [registry()[name] for name in sorted({each.rule for each in found}) if name in registry()]
    if not used:
        return
    yield '<section class="about" aria-labelledby="about">\n<h2 id="about">What the rules mean</h2>\n'
    for rule in used:
        rest = rule.doc.strip().partition("\n")[2].strip()
        paragraphs = "".join(f"<p>{_text(' '.join(each.split()))}</p>" for each in rest.split("\n\n"))
        summary = f"<summary><code>{rule.id}</code> {_text(rule.summary)}</summary>"
        yield f"<details>{summary}{paragraphs}</details>\n"
    yield "</section>\n"


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))


def _number(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")
