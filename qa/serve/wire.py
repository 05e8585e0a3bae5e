"""What goes over the wire: the requests and answers of /v1 as types, from which the OpenAPI page is made too.

Offsets named `utf16_…` count UTF-16 code units (JavaScript, Java); the others count Unicode code points.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from qa.errors import QaError

VERSION: Final = 1
MOST_FIELDS = 500
MOST_NAMES = 10_000  # in a list of rules, words or fingerprints
LONGEST_TAG = 50  # characters of a language tag
WHOLE = "text"  # the name of the only field of a request that names none

_Name = Annotated[str, Meta(min_length=1, max_length=200)]
_Names = Annotated[list[_Name], Meta(max_length=MOST_NAMES)]
_Tag = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*\Z", max_length=LONGEST_TAG)]
_Share = Annotated[float, Meta(ge=0, le=1)]
_Count = Annotated[int, Meta(ge=0)]


class Refusal(QaError):
    """A request that is not answered: HTTP status, a code for programs, and one sentence for people."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.retry_after = status, code, retry_after


class Content(Struct, frozen=True, forbid_unknown_fields=True):
    """The content of one field, under exactly one of three names that say how to read it."""

    text: str | None = None
    html: str | None = None
    markdown: str | None = None


class CheckRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """A document: one of `text`, `html`, `markdown`, or named `fields`, whose plain strings are plain text."""

    text: str | None = None
    html: str | None = None
    markdown: str | None = None
    fields: Annotated[dict[_Name, str | Content], Meta(max_length=MOST_FIELDS)] | None = None
    language: _Tag | None = None  # None: as the markup declares, or else identified from the longest field
    source_language: _Tag | None = None
    select: _Names | None = None
    ignore: _Names | None = None
    min_confidence: _Share | None = None
    words: _Names = []
    ignored: _Names = []  # fingerprints of findings that were dismissed: told apart, and not judged
    deadline_ms: Annotated[float, Meta(ge=1, le=600_000)] | None = None


class Choice(Struct, frozen=True, forbid_unknown_fields=True):
    """A finding to repair, and which of its suggestions to take: 0 is the first."""

    fingerprint: _Name
    suggestion: Annotated[int, Meta(ge=0, le=1000)] = 0


class FixRequest(CheckRequest, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A document and the findings to repair; `safe` means all whose repair cannot change what the text says."""

    apply: Literal["safe"] | Annotated[list[_Name | Choice], Meta(max_length=MOST_NAMES)]


class Finding(Struct, frozen=True):
    """A finding of a field.  `suggestions` replace exactly the field's text from `start` to `end`, best first."""

    fingerprint: str
    rule: str
    category: str
    severity: Literal["critical", "major", "minor", "info"]
    confidence: _Share
    start: _Count
    end: _Count
    utf16_start: _Count
    utf16_end: _Count
    line: Annotated[int, Meta(ge=1)]
    column: Annotated[int, Meta(ge=1)]
    text: str
    message: str
    suggestions: list[str]
    safety: Literal["safe", "review", "show"]
    source: str


class Skipped(Struct, frozen=True):
    """A part of a field that was not judged."""

    start: _Count
    end: _Count
    reason: str


class FieldReport(Struct, frozen=True):
    """A field after checking.  `language` is null where it was not judged or has no words.

    `complete` is false where the time did not suffice; then the findings are those of its first paragraphs.
    """

    syntax: Literal["text", "html", "markdown"]
    language: str | None
    complete: bool
    findings: list[Finding]
    ignored: list[Finding]
    skipped: list[Skipped]


class Reason(Struct, frozen=True):
    """Why the gate is what it is; the fingerprints are those of the findings it speaks of."""

    gate: Literal["warn", "block"]
    code: Literal["severity", "category", "score", "unjudged", "incomplete"]
    message: str
    fingerprints: list[str]


class CheckResponse(Struct, frozen=True):
    """The decision by the policy, and the findings field by field, in the order of the request.

    `score` is in penalty points for each 1,000 words.
    """

    version: Literal[1]
    signature: str
    gate: Literal["pass", "warn", "block"]
    reasons: list[Reason]
    score: float
    words: _Count
    incomplete: bool
    fields: dict[str, FieldReport]


class RefusedRepair(Struct, frozen=True):
    """A repair that was asked for and not applied."""

    fingerprint: str
    reason: str


class FixedField(Struct, frozen=True):
    """A field after repair: `text` is its content, whose markup is as it was."""

    syntax: Literal["text", "html", "markdown"]
    text: str
    changed: bool
    applied: list[str]
    refused: list[RefusedRepair]


class FixResponse(Struct, frozen=True):
    """The repaired document, the fingerprints that no field has, and the check of what came out."""

    version: Literal[1]
    signature: str
    incomplete: bool
    fields: dict[str, FixedField]
    unknown: list[str]
    check: CheckResponse


class ErrorBody(Struct, frozen=True):
    """What was wrong: a code for programs, one sentence for people."""

    code: str
    message: str


class ErrorResponse(Struct, frozen=True):
    """Any answer of /v1 whose status is not 200."""

    error: ErrorBody


class Text(Struct, frozen=True):
    """A field to check: how to read it, and what stands in it."""

    syntax: str
    text: str


encode = msgspec.json.Encoder().encode


def decode(body: bytes, kind: type[Any]) -> Any:
    """The request in a body.  Raises Refusal."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise Refusal(400, "invalid_request", sentence(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(400, "malformed_json", f"The body is not JSON in UTF-8: {error}.") from None


def sentence(message: str) -> str:
    """The message as a sentence."""
    return message[:1].upper() + message[1:] + ("" if message.endswith((".", "?")) else ".")


def texts(request: CheckRequest, longest: int) -> dict[str, Text]:
    """The fields of a request, none of them longer than `longest` code points.  Raises Refusal."""
    whole = Content(request.text, request.html, request.markdown)
    if request.fields is None:
        found = {WHOLE: _text(whole, "The request")}
    elif list(_given(whole)):
        raise Refusal(400, "invalid_request", "A request has fields, or one of text, html and markdown, not both.")
    else:
        found = {
            name: Text("text", content) if isinstance(content, str) else _text(content, f"Field {name!r}")
            for name, content in request.fields.items()
        }
    for name, each in found.items():
        if len(each.text) > longest:
            raise Refusal(413, "field_too_long", f"Field {name!r} is longer than {longest:,} characters.")
    return found


def _text(content: Content, what: str) -> Text:
    given = list(_given(content))
    if len(given) != 1:
        raise Refusal(400, "invalid_request", f"{what} must have exactly one of text, html and markdown.")
    return given[0]


def _given(content: Content) -> Iterator[Text]:
    for syntax in ("text", "html", "markdown"):
        value = getattr(content, syntax)
        if value is not None:
            yield Text(syntax, value)
