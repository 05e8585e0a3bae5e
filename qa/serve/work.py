"""What a worker does with a request of /v1: pure functions from requests to answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from qa.baseline import fingerprints
from qa.checker import Options
from qa.config import check_value
from qa.errors import QaError
from qa.finding import Diagnostic, Safety
from qa.fixer import apply_chosen
from qa.gate import Policy, judge
from qa.readers import read
from qa.report import Checked
from qa.reporters._record import finding_record
from qa.serve import wire
from qa.serve.partial import check_until
from qa.serve.utf16 import Utf16
from qa.serve.wire import CheckRequest, FixRequest, Refusal, Text
from qa.signature import model_part, signature
from qa.text import Span

Late = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Setup:
    """What holds for all requests of a server."""

    options: Options = field(default_factory=Options)
    policy: Policy = field(default_factory=Policy)
    longest: int = 1_000_000  # code points of a field


@dataclass(frozen=True, slots=True)
class Judged:
    """A field after checking: its findings with their fingerprints, in the order of the text."""

    syntax: str
    text: str
    language: str | None
    complete: bool
    diagnostics: tuple[Diagnostic, ...]
    fingerprints: tuple[str, ...]
    skipped: tuple[tuple[Span, str], ...]
    words: int


def check(request: CheckRequest, setup: Setup, late: Late | None = None) -> wire.CheckResponse:
    """Answer /v1/check.  `late` says whether the time is over.  Raises Refusal."""
    options = options_of(request, setup.options)
    judged = _judge_all(wire.texts(request, setup.longest), options, late)
    return _response(judged, frozenset(request.ignored), setup.policy, _signed(options))


def fix(request: FixRequest, setup: Setup, late: Late | None = None) -> wire.FixResponse:
    """Answer /v1/fix.  Raises Refusal."""
    texts = wire.texts(request, setup.longest)
    options = options_of(request, setup.options)
    judged = _judge_all(texts, options, late)
    chosen = None if request.apply == "safe" else dict(map(_choice, request.apply))
    ignored = frozenset(request.ignored)
    fixed = {name: _fix(each, chosen, ignored) for name, each in judged.items()}
    known = {name for each in judged.values() for name in each.fingerprints}
    again = {name: Text(each.syntax, each.text) for name, each in fixed.items()}
    signed = _signed(options)
    after = _response(_judge_all(again, _decided(options, judged), late), ignored, setup.policy, signed)
    return wire.FixResponse(
        version=wire.VERSION,
        signature=signed,
        incomplete=not all(each.complete for each in judged.values()),
        fields=fixed,
        unknown=[name for name in chosen or () if name not in known],
        check=after,
    )


def _signed(options: Options) -> str:
    """What answers a request with these options."""
    return str(signature(model_part(options)))


def unchecked(texts: Mapping[str, Text], setup: Setup) -> wire.CheckResponse:
    """The answer where there was no time at all."""
    judged = {name: _unjudged(each) for name, each in texts.items()}
    return _response(judged, frozenset(), setup.policy, _signed(setup.options))


def unfixed(texts: Mapping[str, Text], setup: Setup) -> wire.FixResponse:
    """The same for /v1/fix: nothing is changed."""
    return wire.FixResponse(
        version=wire.VERSION,
        signature=_signed(setup.options),
        incomplete=True,
        fields={name: wire.FixedField(each.syntax, each.text, False, [], []) for name, each in texts.items()},  # type: ignore[arg-type]
        unknown=[],
        check=unchecked(texts, setup),
    )


def options_of(request: CheckRequest, options: Options) -> Options:
    """The server's options as the request changes them.  Raises Refusal."""
    changes: dict[str, Any] = {}
    try:
        if request.language is not None:
            changes["language"] = check_value("lang", request.language)
        if request.source_language is not None:
            changes["source_language"] = check_value("source_lang", request.source_language)
        for name in ("select", "ignore"):
            names = getattr(request, name)
            if names is not None:
                changes[name] = frozenset(check_value(name, names))
    except QaError as error:
        raise Refusal(400, "invalid_request", wire.sentence(str(error))) from None
    if request.min_confidence is not None:
        changes["min_confidence"] = request.min_confidence
    if request.words:
        changes["words"] = options.words | frozenset(request.words)
    return replace(options, **changes)


def judge_text(each: Text, options: Options, late: Late | None) -> Judged:
    """Check one field."""
    document = read(each.text, each.syntax)
    words = document.word_count
    if not words:
        return Judged(each.syntax, each.text, None, True, (), (), (), 0)
    result, complete = check_until(document, options, late)
    names = fingerprints(each.text, result.diagnostics)
    judged = words if result.language else 0
    found = result.diagnostics, tuple(names), result.skipped
    return Judged(each.syntax, each.text, result.language, complete, *found, judged)


def _judge_all(texts: Mapping[str, Text], options: Options, late: Late | None) -> dict[str, Judged]:
    """Check fields of one page, which are in one language: the longest tells it, unless it is known."""
    found: dict[str, Judged] = {}
    for name in sorted(texts, key=lambda name: -len(texts[name].text)):
        if late and late():
            found[name] = _unjudged(texts[name])
        else:
            found[name] = judge_text(texts[name], _decided(options, found), late)
    return {name: found[name] for name in texts}


def _unjudged(each: Text) -> Judged:
    skipped = ((Span(0, len(each.text)), "out of time"),) if each.text else ()
    return Judged(each.syntax, each.text, None, False, (), (), skipped, 0)


def _decided(options: Options, judged: Mapping[str, Judged]) -> Options:
    """The options with the language that a field was judged in."""
    code = options.language or next((each.language for each in judged.values() if each.language), None)
    return replace(options, language=code)


def _response(judged: Mapping[str, Judged], ignored: frozenset[str], policy: Policy, signed: str) -> wire.CheckResponse:
    counted = [pair for each in judged.values() for pair in _pairs(each) if pair[1] not in ignored]
    incomplete = not all(each.complete for each in judged.values())
    verdict = judge(
        [diagnostic for diagnostic, _ in counted],
        sum(each.words for each in judged.values()),
        policy,
        unjudged=[each.skipped[-1][1] for each in judged.values() if each.complete and _refused(each)],
        incomplete=incomplete,
    )
    return wire.CheckResponse(
        version=wire.VERSION,
        signature=signed,
        gate=str(verdict.gate),  # type: ignore[arg-type]
        reasons=[
            wire.Reason(str(each.gate), each.code, each.message, [counted[number][1] for number in each.findings])  # type: ignore[arg-type]
            for each in verdict.reasons
        ],
        score=verdict.score,
        words=verdict.words,
        incomplete=incomplete,
        fields={name: _report(each, ignored) for name, each in judged.items()},
    )


def _refused(each: Judged) -> bool:
    """Whether a field has words, and none of them was judged."""
    return each.language is None and bool(each.skipped)


def _pairs(each: Judged) -> Iterable[tuple[Diagnostic, str]]:
    return zip(each.diagnostics, each.fingerprints, strict=True)


def _report(each: Judged, ignored: frozenset[str]) -> wire.FieldReport:
    file = Checked("", each.text)
    units = Utf16(each.text)
    findings: list[wire.Finding] = []
    dismissed: list[wire.Finding] = []
    for diagnostic, name in _pairs(each):
        record = wire.Finding(
            fingerprint=name,
            utf16_start=units.offset(diagnostic.span.start),
            utf16_end=units.offset(diagnostic.span.end),
            **finding_record(file, diagnostic),
        )
        (dismissed if name in ignored else findings).append(record)
    skipped = [wire.Skipped(span.start, span.end, reason) for span, reason in each.skipped]
    return wire.FieldReport(each.syntax, each.language, each.complete, findings, dismissed, skipped)  # type: ignore[arg-type]


def _choice(wanted: str | wire.Choice) -> tuple[str, int]:
    return (wanted, 0) if isinstance(wanted, str) else (wanted.fingerprint, int(wanted.suggestion))


def _fix(each: Judged, chosen: Mapping[str, int] | None, ignored: frozenset[str]) -> wire.FixedField:
    """Apply what was chosen; without a choice, what is safe and was not dismissed."""
    wanted: list[tuple[Diagnostic, str]] = []
    refused: list[wire.RefusedRepair] = []
    for diagnostic, name in _pairs(each):
        if chosen is None:
            if diagnostic.safety is Safety.SAFE and name not in ignored:
                wanted.append((diagnostic, name))
        elif name in chosen:
            number = chosen[name]
            if number < len(diagnostic.fixes):
                wanted.append((_with_fix(diagnostic, number), name))
            else:
                refused.append(wire.RefusedRepair(name, "it has no such suggestion"))
    outcome = apply_chosen(each.text, [diagnostic for diagnostic, _ in wanted], syntax=each.syntax)
    reasons = {id(refusal.diagnostic): refusal.reason for refusal in outcome.refused}
    refused += [wire.RefusedRepair(name, reasons[id(d)]) for d, name in wanted if id(d) in reasons]
    applied = [name for diagnostic, name in wanted if id(diagnostic) not in reasons]
    return wire.FixedField(each.syntax, outcome.text, outcome.text != each.text, applied, refused)  # type: ignore[arg-type]


def _with_fix(diagnostic: Diagnostic, number: int) -> Diagnostic:
    """The diagnostic with one of its fixes as the only one."""
    fixes: Sequence[Any] = diagnostic.fixes[number : number + 1]
    return replace(diagnostic, fixes=tuple(fixes), suggestions=diagnostic.suggestions[number : number + 1])
