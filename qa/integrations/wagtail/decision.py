"""May this page be published?  What the checker says of its texts, and what follows where it says nothing."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models

from qa.integrations.wagtail.checker import CheckerDown, checker
from qa.integrations.wagtail.conf import BLOCK, Settings, settings
from qa.integrations.wagtail.content import HTML, Passage, passages
from qa.integrations.wagtail.models import ignored
from qa.language import codes, primary
from qa.serve.wire import CheckRequest, CheckResponse, Content


@dataclass(frozen=True, slots=True)
class Decision:
    """`gate` is pass, warn or block, `reasons` are sentences; `response` is None where the checker was down."""

    gate: str
    reasons: tuple[str, ...]
    passages: tuple[Passage, ...] = ()
    response: CheckResponse | None = None


def decide(instance: models.Model) -> Decision:
    """Ask the gate about an object as it stands in memory."""
    current = settings()
    found = tuple(passages(instance, current.exclude))
    if not found:
        return Decision("pass", ())
    try:
        response = checker(current).check(request_for(instance, found, current))
    except CheckerDown as error:
        gate = "block" if current.on_failure == BLOCK else "warn"
        return Decision(gate, (f"The text could not be checked: {error}.",), found)
    counted = [each for each in response.reasons if each.gate == response.gate]
    return Decision(response.gate, tuple(each.message for each in counted), found, response)


def request_for(instance: models.Model, found: tuple[Passage, ...], current: Settings) -> CheckRequest:
    """The question about the texts of an object.  Its fields are named by number: content paths may be too long."""
    fields: dict[str, str | Content] = {
        str(number): Content(html=each.text) if each.syntax == HTML else each.text for number, each in enumerate(found)
    }
    return CheckRequest(fields=fields, language=_language(instance, current), ignored=sorted(ignored(instance)))


def _language(instance: models.Model, current: Settings) -> str | None:
    """The language of the object's locale, where locales mean something and we know it; else the text tells."""
    locale = getattr(instance, "locale", None) if current.use_locale else None
    code = primary(locale.language_code) if locale else None
    return code if code in codes() else None
