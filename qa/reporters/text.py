"""For people at a terminal: each finding with its line, the defect underlined, and how to repair it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from qa.finding import Diagnostic, Safety, Severity, percent
from qa.report import Checked, counts
from qa.reporters import Context
from qa.reporters._screen import Paint, columns, excerpt, harmless
from qa.text import Span

_COLOUR = {Severity.CRITICAL: "red", Severity.MAJOR: "red", Severity.MINOR: "yellow", Severity.INFO: "cyan"}
_MOST = 3  # repairs shown


def report(files: Iterable[Checked], context: Context) -> Iterator[str]:
    """One paragraph for each finding, and a summary."""
    paint = Paint(context.colour)
    total: Counter[str] = Counter()
    for file in files:
        total["files" if file.judged else "skipped"] += 1
        total["with"] += any(counts(each) for each in file.diagnostics)
        for diagnostic in file.diagnostics:
            total["defects" if counts(diagnostic) else "notes"] += 1
            total[diagnostic.safety if counts(diagnostic) else ""] += 1
            yield "\n".join(_paragraph(file, diagnostic, context.width, paint)) + "\n\n"
    yield _summary(total, paint) + "\n"


def _paragraph(file: Checked, diagnostic: Diagnostic, width: int, paint: Paint) -> Iterator[str]:
    span, colour = diagnostic.span, _COLOUR[diagnostic.severity]
    line, column = file.lines.position(span.start)
    place = f"{harmless(file.path)}:{line}:{column}"
    yield f"{paint(place, 'bold')}  {paint(diagnostic.rule, colour)}  {harmless(diagnostic.message)}"
    number = f"{line:>5}"
    whole = Span(file.lines.start(line), file.lines.end(line))
    shown = excerpt(file.text, whole, span, width - 8)
    bar = paint("│", "faint")
    yield f"{paint(number, 'faint')} {bar} {shown.before}{paint(shown.marked, colour)}{shown.after}"
    indent = " " * columns(shown.before)
    mark = "^" * max(1, columns(shown.marked))
    repair, *others = [_repair(each) for each in diagnostic.suggestions[:_MOST]] or [""]
    beside = repair if columns(indent + mark + repair) + 9 <= width else ""
    yield f"      {bar} {indent}{paint(mark, colour)} {paint(beside, 'green')}".rstrip()
    if repair and not beside:
        yield f"      {bar} {paint(repair, 'green')}"
    if others:
        yield f"      {bar} or: " + ", ".join(paint(each, "green") for each in others)
    facts = [percent(diagnostic.confidence), str(diagnostic.severity)]
    if diagnostic.category != diagnostic.rule:
        facts.insert(0, diagnostic.category)
    if diagnostic.suggestions:
        facts.append(f"repair: {diagnostic.safety}")
    if diagnostic.source != "rule":
        facts.append(f"found by the {diagnostic.source}")
    yield f"      {bar} {paint(' · '.join(facts), 'faint')}"


def _repair(suggestion: str) -> str:
    """How a repair is shown; spaces at its edges, which matter, are made visible."""
    if not suggestion:
        return "(delete)"
    core = harmless(suggestion)
    head, tail = len(core) - len(core.lstrip(" ")), len(core) - len(core.rstrip(" "))
    return "␣" * head + core.strip(" ") + "␣" * (tail if core.strip(" ") else 0)


def _summary(total: Counter[str], paint: Paint) -> str:
    files = _number(total["files"], "file")
    if not total["defects"]:
        text = paint(f"No defects found in {files}.", "green")
    else:
        among = files if total["with"] == total["files"] else f"{total['with']} of {files}"
        parts = [f"{_number(total['defects'], 'defect')} in {among}"]
        if total[Safety.SAFE]:
            parts.append(f"{total[Safety.SAFE]} repaired by `qa fix`")
        if total[Safety.REVIEW]:
            also = "more " if total[Safety.SAFE] else ""
            parts.append(f"{total[Safety.REVIEW]} {also}by `qa fix --unsafe`")
        text = paint(", ".join(parts) + ".", "bold")
    notes = f" {_number(total['notes'], 'note')}." if total["notes"] else ""
    skipped = paint(f" {_number(total['skipped'], 'file')} skipped.", "yellow") if total["skipped"] else ""
    return text + notes + skipped


def _number(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")
