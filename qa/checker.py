"""The pipeline: text → blocks → language → rules → findings → arbitration → diagnostics.

Pure: the same text and options give the same diagnostics.  The command line, a library user and a server call
the same `check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from qa.allowed import without_allowed
from qa.arbitration import arbitrate
from qa.errors import ModelUnavailable
from qa.evidence import weigh
from qa.finding import Diagnostic, Edit, Finding, Fix
from qa.identify import disputed, identify
from qa.language import Language, candidates, codes, language, primary
from qa.page import Page
from qa.readers import read
from qa.rewrite import apply, to_file
from qa.rule import Rule
from qa.rules import registry, rule_ids
from qa.rules._sentences import foreign_sentences
from qa.rules.model import with_repairs
from qa.suppress import suppress
from qa.text import Block, Document, Span

Search = Callable[[Page, Sequence[Rule]], Iterable[tuple[Block, Finding]]]
MODEL, ON, OFF = "model", "on", "off"  # the rule of the learned corrector, and what `Options.model` says of it


@dataclass(frozen=True, slots=True)
class Options:
    """How to check.  Every field has a default; `None` means "find out"."""

    language: str | None = None  # the language of the text (ISO 639-1); None: declared by the markup or identified
    source_language: str | None = None  # the language it was translated from, if known
    languages: tuple[str, ...] = ()  # candidates for identification and leftovers; empty: all but previews
    select: frozenset[str] = frozenset()  # rules or categories to run; empty: those on by default
    ignore: frozenset[str] = frozenset()  # rules or categories not to run
    min_confidence: float = 0.5  # drop findings that are less likely to be right than this
    words: frozenset[str] = frozenset()  # words and phrases that are right: drop findings that concern nothing else
    model: str | None = None  # the learned corrector: "on", "off", or the folder of a checkpoint; None: by default

    @property
    def checkpoint(self) -> str:
        """The folder of the user's own seq2seq model; empty: none."""
        return "" if self.model in (None, ON, OFF) else str(self.model)


@dataclass(frozen=True, slots=True)
class Result:
    """What was found in one text, in the order of the text.

    `language` is the code the text was judged in, or None where it was not judged; `skipped` says what was left
    out and why.
    """

    language: str | None
    diagnostics: tuple[Diagnostic, ...]
    skipped: tuple[tuple[Span, str], ...] = field(default=())


def check(text: str, *, syntax: str = "text", options: Options | None = None) -> Result:
    """Check one text.  `syntax` is `text`, `markdown`, `html`, or `auto` (decided by the content).

    Raises UnknownLanguage, UnknownRule, ModelUnavailable.
    """
    return check_document(read(text, syntax), options or Options())


def find(page: Page, rules: Sequence[Rule]) -> Iterator[tuple[Block, Finding]]:
    """What the rules report on a page, as they state it: before calibration, page evidence and arbitration."""
    for block, todo in work(page, rules):
        for rule in todo:
            for finding in rule.find(block, page):
                yield block, finding


def work(page: Page, rules: Sequence[Rule]) -> Iterator[tuple[Block, list[Rule]]]:
    """Every block, with those of the rules that may find something there."""
    gates = [page.derive(rule.gate) if rule.gate is not None else None for rule in rules]
    for number, block in enumerate(page.blocks):
        yield block, [rule for rule, gate in zip(rules, gates, strict=True) if gate is None or number in gate]


def check_document(document: Document, options: Options, search: Search = find) -> Result:
    """Check a document that has been read already.

    `search` is how the pages are searched: `find`, or what gives the same faster, or stops before its end.
    """
    code = options.language or _language_of(document, options.languages or candidates())
    skipped = list(document.skipped)
    if code is None or (options.language is None and code not in codes()):
        reason = f"no data for language {code!r}" if code else "language unknown: name it with --lang"
        return Result(None, (), (*skipped, (Span(0, len(document.text)), reason)))
    diagnostics: list[Diagnostic] = []
    active: set[str] = set()
    for page, foreign in pages(document, code, options):
        skipped += foreign
        rules = list(active_rules(page, options))
        active.update(rule.id for rule in rules)
        if reason := _no_model(rules, page.language.code, options):
            skipped.append((Span(0, len(document.text)), reason))
        found = _in_own_language(search(page, rules), page)
        if any(rule.id == MODEL for rule in rules):
            found = with_repairs(found, page)
        diagnostics += [
            locate(document, block, finding)
            for block, finding in weigh(found, registry(), page.language.code)
            if finding.confidence >= options.min_confidence
        ]
    kept = arbitrate(without_allowed(document.text, diagnostics, options.words))
    kept = suppress(document, kept, frozenset(active), every=not options.select)
    return Result(language(code).code, tuple(kept), tuple(skipped))


def _in_own_language(found: Iterable[tuple[Block, Finding]], page: Page) -> Iterator[tuple[Block, Finding]]:
    """The findings without those of native rules in sentences of another language."""
    known = registry()
    for block, finding in found:
        if not known[finding.rule].native or not any(
            foreign.span.start <= finding.span.start < foreign.span.end for foreign in foreign_sentences(block, page)
        ):
            yield block, finding


def _language_of(document: Document, names: Sequence[str]) -> str | None:
    """The language that the markup declares, unless the text is plainly in another; identified where none is."""
    if document.language is None:
        return identify(document, names)
    declared = primary(document.language)
    return disputed(document, declared, names) or declared


def active_rules(page: Page, options: Options) -> Iterator[Rule]:
    """The rules that run on a page, in the order of their ids.  Raises UnknownRule."""
    yield from _active(page.language, options.select, options.ignore, options.model)


@lru_cache(maxsize=256)
def _active(tongue: Language, select: frozenset[str], ignore: frozenset[str], model: str | None) -> tuple[Rule, ...]:
    wanted = _wanted(tongue.code, Options(select=select, ignore=ignore, model=model))
    return tuple(rule for rule in wanted if rule.covers(tongue))


def _wanted(code: str, options: Options) -> Iterator[Rule]:
    select, ignore = rule_ids(options.select), rule_ids(options.ignore)
    for rule in registry().values():
        if rule.id in ignore or (rule.id == MODEL and options.model == OFF):
            continue
        asked = rule.id == MODEL and options.model is not None
        if asked or (rule.id in select if select else rule.on_by_default(code)):
            yield rule


def runs_model(options: Options) -> bool:
    """Whether the learned corrector takes part, in one language at least.  Raises UnknownRule."""
    if options.model == OFF or MODEL in rule_ids(options.ignore):
        return False
    if options.model is not None or options.select:
        return options.model is not None or MODEL in rule_ids(options.select)
    return any(registry()[MODEL].on_by_default(code) for code in codes())


def model_lacks(options: Options) -> str:
    """What the learned corrector needs that is not installed; empty where nothing is missing.

    Raises ModelUnavailable where it was asked for by name.
    """
    from qa.model import lacking

    lack = lacking(options.checkpoint)
    if lack and (options.model is not None or MODEL in options.select):
        raise ModelUnavailable(lack)
    return lack


def _no_model(rules: Sequence[Rule], code: str, options: Options) -> str:
    """Why the learned corrector is silent although it is among the rules; empty where it is not."""
    if all(rule.id != MODEL for rule in rules):
        return ""
    from qa.model import absent

    return model_lacks(options) or absent(code)


def pages(document: Document, code: str, options: Options) -> Iterator[tuple[Page, list[tuple[Span, str]]]]:
    """The document cut by language: blocks that declare another language are judged in that one."""
    main = language(code)
    by_language: dict[str, list[Block]] = {main.code: []}
    unknown: list[tuple[Span, str]] = []
    for block in document.blocks:
        declared = primary(block.language or main.code)
        if declared in codes():
            by_language.setdefault(declared, []).append(block)
        elif block.text:
            unknown.append((block.file_span(Span(0, len(block.text))), f"no data for language {declared!r}"))
    for each, blocks in by_language.items():
        names = options.languages or candidates()
        page = Page(tuple(blocks), language(each), options.source_language, names, options.checkpoint)
        yield page, unknown if each == main.code else []


def locate(document: Document, block: Block, finding: Finding) -> Diagnostic:
    """Carry a finding over to the file."""
    rule = registry()[finding.rule]
    span = block.file_span(finding.span)
    fixes = []
    for fix in finding.fixes:
        edits: list[Edit] = []
        for edit in fix.edits:
            edits += to_file(block, edit, document.syntax)
        fixes.append(replace(fix, edits=tuple(edits)))
    span = _hull(span, fixes)
    text = document.text[span.start : span.end]
    return Diagnostic(
        rule=rule.id,
        category=finding.category or rule.category,
        severity=rule.severity,
        confidence=round(finding.confidence, 3),
        span=span,
        text=text,
        message=finding.message,
        fixes=tuple(fixes),
        suggestions=tuple(apply(text, fix.edits, span.start) for fix in fixes),
        source="model" if rule.id == MODEL else "rule",
    )


def _hull(span: Span, fixes: Iterable[Fix]) -> Span:
    """The span, widened to hold every edit (an insertion at its edge may land behind a closing tag)."""
    edits = [edit.span for fix in fixes for edit in fix.edits]
    return Span(min([span.start, *(e.start for e in edits)]), max([span.end, *(e.end for e in edits)]))
