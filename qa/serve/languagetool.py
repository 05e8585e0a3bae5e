"""The wire protocol of LanguageTool's HTTP server, so that its clients work with `qa` as they are.

Offsets are UTF-16 code units of the text that was sent, or, where it was sent in pieces of text and markup (`data`),
of all pieces together.  All fields are always present; parameters that are not known are ignored.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, pairwise
from typing import Any
from urllib.parse import unquote_plus

from qa import __version__
from qa.checker import Options, Result
from qa.finding import Diagnostic, Severity
from qa.identify import identify
from qa.language import PIVOT, candidates, codes, language, primary
from qa.readers import read
from qa.rule import CATEGORIES
from qa.rules import registry
from qa.serve.partial import check_until
from qa.serve.utf16 import Utf16
from qa.serve.wire import Refusal
from qa.text import Span

API_VERSION = 1
PICKY = 0.3  # the least confidence of what is reported with level=picky
_CONTEXT = 40  # code points on either side of a match
_LONGEST = 1000  # code points of a sentence on either side of a match
_MOST_SUGGESTIONS = 20
_PARAMETER = re.compile(r"\s*[A-Za-z]\w*=")
_VARIANTS = (  # those that clients offer by name; any other tag of a known language is taken as well
    "ca-ES", "de-AT", "de-CH", "de-DE", "en-AU", "en-CA", "en-GB", "en-NZ", "en-US", "en-ZA", "es-AR", "fr-BE",
    "fr-CA", "fr-CH", "nl-BE", "pt-AO", "pt-BR", "pt-MZ", "pt-PT",
)  # fmt: skip
_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|\n\s*")
_WORDS = re.compile(r"[-_]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of annotated text: what is read for it, and how it was sent."""

    read: str
    sent: str
    markup: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """A request for a check."""

    pieces: tuple[Piece, ...]
    language: str  # a language tag or "auto"
    preferred: tuple[str, ...] = ()
    mother_tongue: str | None = None
    enabled_rules: frozenset[str] = frozenset()
    disabled_rules: frozenset[str] = frozenset()
    enabled_categories: frozenset[str] = frozenset()
    disabled_categories: frozenset[str] = frozenset()
    enabled_only: bool = False
    picky: bool = False
    text_level_only: bool = False
    key: str | None = None

    @property
    def text(self) -> str:
        """What is read."""
        return "".join(piece.read for piece in self.pieces)

    @property
    def sent(self) -> str:
        """What was sent, markup included: the text whose offsets are answered."""
        return "".join(piece.sent for piece in self.pieces)


def parameters(query: bytes, body: bytes) -> dict[str, str]:
    """The parameters of the address and of a form, whatever type it is labelled with.

    A stray & in a text, or a stray %, stands for itself; bytes that are not UTF-8 stand for U+FFFD.
    """
    return {name: value for part in (query, body) for name, value in _pairs(part.decode("utf-8", "replace"))}


def _pairs(form: str) -> Iterator[tuple[str, str]]:
    name, pieces = "", list[str]()
    for piece in form.removeprefix("\ufeff").split("&"):
        if not _PARAMETER.match(piece):
            pieces.append(piece)  # no parameter begins here: it belongs to the value before it
            continue
        if name:
            yield name, _value(name, pieces)
        head, _, first = piece.partition("=")
        name, pieces = head.strip(), [first]
    if name:
        yield name, _value(name, pieces)


def _value(name: str, pieces: list[str]) -> str:
    while len(pieces) > 1 and not pieces[-1].strip():  # nothing stands between two parameters
        pieces.pop()
    return unquote_plus("&".join(pieces if name in ("text", "data") else pieces[:1]), errors="replace")


def parse(values: Mapping[str, str], longest: int) -> Query:
    """The request that the parameters make.  Raises Refusal."""
    tag = values.get("language", "").strip()
    if not tag:
        raise _bad("Missing 'language' parameter, e.g. 'language=fr' or 'language=auto'")
    if tag != "auto":
        _known(tag)
    if "text" in values and "data" in values:
        raise _bad("Set only 'text' or 'data' parameter, not both")
    if "text" in values:
        pieces: tuple[Piece, ...] = (Piece(values["text"], values["text"]),)
    elif "data" in values:
        pieces = tuple(_annotation(values["data"]))
    else:
        raise _bad("Missing 'text' or 'data' parameter")
    if sum(len(piece.sent) for piece in pieces) > longest or sum(len(piece.read) for piece in pieces) > longest:
        message = f"Error: Text is too long: the limit is {longest} characters"
        raise Refusal(413, "text_too_long", message)
    level = values.get("level", "default") or "default"
    if level.lower() not in ("default", "picky"):
        raise _bad(f"If 'level' is set, it must be set to 'default' or 'picky', not {level!r}")
    mode = values.get("mode", "all") or "all"
    enabled_only = values.get("enabledOnly", "").lower() in ("true", "yes")
    query = Query(
        pieces=pieces,
        language=tag,
        preferred=tuple(_list(values, "preferredVariants", "preferredvariants")),
        mother_tongue=values.get("motherTongue") or None,
        enabled_rules=_rules(_list(values, "enabledRules", "enabled")),
        disabled_rules=_rules(_list(values, "disabledRules", "disabled")),
        enabled_categories=_categories(_list(values, "enabledCategories")),
        disabled_categories=_categories(_list(values, "disabledCategories")),
        enabled_only=enabled_only,
        picky=level.lower() == "picky",
        text_level_only=mode.lower() == "textlevelonly",
        key=values.get("apiKey"),
    )
    if enabled_only and not (_list(values, "enabledRules", "enabled") or _list(values, "enabledCategories")):
        raise _bad("You must specify enabled rules or categories when using enabledOnly=true")
    if enabled_only and (_list(values, "disabledRules", "disabled") or _list(values, "disabledCategories")):
        raise _bad("You cannot specify disabled rules or categories using enabledOnly=true")
    return query


def check(query: Query, options: Options, late: Callable[[], bool] | None = None) -> tuple[dict[str, Any], bool]:
    """The answer to a request, and whether it is complete."""
    text = query.text
    document = read(text, "text")
    detected = identify(document, options.languages or candidates())
    code = primary(query.language) if query.language != "auto" else detected
    result, complete = Result(code, ()), True
    chosen = _chosen(query, options)
    if code in codes() and text.strip() and chosen is not None and not query.text_level_only:
        changed = replace(
            options,
            language=code,
            source_language=_source(query.mother_tongue) or options.source_language,
            min_confidence=min(options.min_confidence, PICKY) if query.picky else options.min_confidence,
            select=chosen,
            ignore=options.ignore | query.disabled_rules,
        )
        result, complete = check_until(document, changed, late)
    tag = query.language if query.language != "auto" else _preferred(code, query.preferred)
    answer = {
        "software": software(),
        "warnings": {"incompleteResults": not complete},
        "language": {
            "name": name_of(tag),
            "code": tag,
            "detectedLanguage": {
                "name": name_of(_preferred(detected, query.preferred)) if detected else name_of(tag),
                "code": _preferred(detected, query.preferred) if detected else tag,
                "confidence": 0.99 if detected else 0.0,
                "source": "lexicon",
            },
        },
        "matches": _matches(query, result.diagnostics),
        "sentenceRanges": _ranges(query),
        "extendedSentenceRanges": [
            {"from": start, "to": end, "detectedLanguages": [{"language": code or "", "rate": 1.0}]}
            for start, end in _ranges(query)
        ],
    }
    return answer, complete


def software() -> dict[str, Any]:
    """The object `software` of an answer."""
    return {
        "name": "qa",
        "version": __version__,
        "buildDate": "",
        "apiVersion": API_VERSION,
        "premium": False,
        "premiumHint": "",
        "status": "",
    }


@cache
def languages() -> list[dict[str, str]]:
    """The answer of /v2/languages."""
    tags = sorted({*codes(), *(tag for tag in _VARIANTS if primary(tag) in codes())})
    return [{"name": name_of(tag), "code": primary(tag), "longCode": tag} for tag in tags]


@cache
def name_of(tag: str) -> str:
    """The English name of a language tag, e.g. "English (United States)"."""
    code = primary(tag)
    if code not in codes():
        return "Unknown"
    region = tag.replace("_", "-").split("-")[1:]
    if not region:
        return language(code).name
    import babel

    territory = babel.Locale.parse("en").territories.get(region[-1].upper(), region[-1].upper())
    return f"{language(code).name} ({territory})"


def _bad(message: str) -> Refusal:
    return Refusal(400, "bad_request", f"Error: {message}")


def _known(tag: str) -> None:
    if not _TAG.fullmatch(tag) or primary(tag) not in codes():
        known = ", ".join(each["longCode"] for each in languages())
        raise _bad(f"{tag[:50]!r} is not a language code known to qa. Supported language codes are: {known}")


def _source(tag: str | None) -> str | None:
    return primary(tag) if tag and _TAG.fullmatch(tag) else None


def _preferred(code: str | None, variants: Sequence[str]) -> str:
    """The first of the preferred variants that is of the language, or the language itself."""
    if code is None:
        return next(iter(variants), PIVOT)
    return next((tag for tag in variants if primary(tag) == code), code)


def _list(values: Mapping[str, str], *names: str) -> list[str]:
    return [item.strip() for name in names for item in values.get(name, "").split(",") if item.strip()]


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")


def _rules(names: Sequence[str]) -> frozenset[str]:
    """The rules among names; clients that know another server name rules that are not ours."""
    return frozenset(map(_normal, names)) & registry().keys()


def _categories(names: Sequence[str]) -> frozenset[str]:
    return frozenset(map(_normal, names)) & frozenset(CATEGORIES)


def _chosen(query: Query, options: Options) -> frozenset[str] | None:
    """The rules to run; empty: those that run unasked, None: none at all."""
    wanted = query.enabled_rules | {f"category:{each}" for each in query.enabled_categories}
    if query.enabled_only:
        return frozenset(wanted) or None
    if not wanted or options.select:
        return options.select | wanted if options.select else options.select
    code = primary(query.language) if query.language != "auto" else None
    unasked = {rule.id for rule in registry().values() if rule.default and (not code or rule.on_by_default(code))}
    return frozenset(unasked | wanted)


def _annotation(data: str) -> Iterator[Piece]:
    """The pieces of `data`.  Raises Refusal."""
    try:
        value = json.loads(data)
        pieces = value["annotation"]
        if not isinstance(pieces, list):
            raise TypeError
        for each in pieces:
            if "text" in each and "markup" in each:
                raise _bad("Only 'text' or 'markup' are supported in an annotation, not both")
            if "text" in each:
                yield Piece(_clean(each["text"]), _clean(each["text"]))
            elif "markup" in each:
                yield Piece(_clean(each.get("interpretAs") or ""), _clean(each["markup"]), markup=True)
            else:
                raise _bad("Either 'text' or 'markup' must be set in an annotation")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _bad("Could not parse 'data': it must be JSON with a list 'annotation' of texts and markups") from None


def _clean(text: Any) -> str:
    """The text, with halves of surrogate pairs, which JSON can name, replaced."""
    if not isinstance(text, str):
        raise TypeError
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


class _Places:
    """From what is read to what was sent, in UTF-16 code units."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self._read = [0, *accumulate(len(piece.read) for piece in pieces)]
        self._sent = [0, *accumulate(len(piece.sent) for piece in pieces)]
        self._units = Utf16("".join(piece.sent for piece in pieces))

    def range(self, span: Span) -> tuple[int, int]:
        """Start and end; what is read for markup stands for the whole of it."""
        start = self._at(span.start, last=False)
        end = max(start, self._at(span.end - 1, last=True) if len(span) else start)
        return self._units.offset(start), self._units.offset(end)

    def _at(self, position: int, *, last: bool) -> int:
        index = min(bisect_right(self._read, position) - 1, len(self._pieces) - 1)
        if index < 0:
            return 0
        if self._pieces[index].markup:
            return self._sent[index + 1] if last else self._sent[index]
        return self._sent[index] + position - self._read[index] + last


def _matches(query: Query, diagnostics: Sequence[Diagnostic]) -> list[dict[str, Any]]:
    places, text = _Places(query.pieces), query.text
    hidden = query.disabled_categories - query.enabled_categories
    return [_match(each, text, places) for each in diagnostics if each.category not in hidden]


def _match(finding: Diagnostic, text: str, places: _Places) -> dict[str, Any]:
    finding = _visible(finding, text)
    start, end = places.range(finding.span)
    low, high = max(0, finding.span.start - _CONTEXT), min(len(text), finding.span.end + _CONTEXT)
    before = ("..." if low else "") + text[low : finding.span.start]
    context = before + finding.text + text[finding.span.end : high] + ("..." if high < len(text) else "")
    units = Utf16(context)
    offset, after = units.offset(len(before)), units.offset(len(before) + len(finding.text))
    rule = registry()[finding.rule]
    return {
        "message": finding.message,
        "shortMessage": _spoken(finding.category),
        "replacements": [{"value": each} for each in finding.suggestions[:_MOST_SUGGESTIONS]],
        "offset": start,
        "length": end - start,
        "context": {"text": re.sub(r"[\r\n\t]", " ", context), "offset": offset, "length": after - offset},
        "sentence": _sentence(text, finding.span),
        "type": {"typeName": "Hint" if finding.severity is Severity.INFO else "Other"},
        "rule": {
            "id": rule.id,
            "subId": "0",
            "sourceFile": "",
            "description": rule.summary,
            "issueType": rule.its,
            "urls": [],
            "category": {"id": finding.category, "name": _spoken(finding.category)},
            "isPremium": False,
            "confidence": finding.confidence,
            "tags": [],
        },
        "ignoreForIncompleteSentence": False,
        "contextForSureMatch": 0,
    }


def _visible(finding: Diagnostic, text: str) -> Diagnostic:
    """The finding with something to underline: the protocol has no matches of no length.

    Where something is missing, the match borrows a neighbouring character, and gives it back in each replacement.
    """
    if len(finding.span) or not text:
        return finding
    at = finding.span.start
    ahead = at < len(text) and not text[at].isspace()
    span = Span(at, at + 1) if ahead or not at else Span(at - 1, at)
    borrowed = text[span.start : span.end]
    suggestions = tuple(each + borrowed if span.start == at else borrowed + each for each in finding.suggestions)
    return replace(finding, span=span, text=borrowed, suggestions=suggestions)


def _spoken(category: str) -> str:
    return _WORDS.sub(" ", category).capitalize()


def _sentences(text: str) -> list[Span]:
    """The sentences of a text, roughly: what follows them is their own."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    edges = [0, *(end for end in ends if end < len(text)), len(text)]
    return [Span(start, end) for start, end in pairwise(edges) if end > start]


def _sentence(text: str, span: Span) -> str:
    """The sentence a finding begins in."""
    low, high = max(0, span.start - _LONGEST), min(len(text), span.end + _LONGEST)
    start = max((match.end() for match in _SENTENCE_END.finditer(text, low, span.start)), default=low)
    after = _SENTENCE_END.search(text, span.end, high)
    return text[start : after.end() if after else high].strip()


def _ranges(query: Query) -> list[list[int]]:
    places, text = _Places(query.pieces), query.text
    spans = (Span(each.start, each.start + len(text[each.start : each.end].rstrip())) for each in _sentences(text))
    return [list(places.range(span)) for span in spans if len(span)]
