"""What the script in the page editor asks: the findings of the latest draft, repairs, and dismissals."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST
from wagtail.models import Page

from qa.integrations.wagtail import models
from qa.integrations.wagtail.checker import CheckerDown, checker
from qa.integrations.wagtail.conf import settings
from qa.integrations.wagtail.content import passages, put
from qa.integrations.wagtail.decision import Decision, decide, request_for
from qa.integrations.wagtail.excerpt import excerpt, plain
from qa.serve.wire import Choice, Finding, FixRequest


class Repair(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to repair, in the draft of that revision: fingerprints, or all that is safe."""

    revision: int
    apply: Literal["safe"] | list[str | Choice]


class Dismissal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A finding to dismiss, or, with `ignored` false, to report again."""

    fingerprint: str
    ignored: bool
    text: str = ""


@require_GET
def findings(request: HttpRequest, pk: int) -> HttpResponse:
    """The latest draft, checked."""
    page = _page(request, pk)
    draft = page.get_latest_revision_as_object()
    return JsonResponse({"revision": page.latest_revision_id or 0, **_report(decide(draft))})


@require_POST
def repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply repairs to the latest draft, and save it as a new one."""
    wanted = _body(request, Repair)
    if wanted is None:
        return _error(400, "That is no request for repairs.")
    with transaction.atomic():
        page = _page(request, pk, change=True)
        if (page.latest_revision_id or 0) != wanted.revision:
            return _error(409, "The page was saved in the meantime: look at it again.")
        draft = page.get_latest_revision_as_object()
        current = settings()
        found = tuple(passages(draft, current.exclude))
        question = request_for(draft, found, current)
        try:
            fixed = checker(current).fix(FixRequest(**msgspec.structs.asdict(question), apply=wanted.apply))
        except CheckerDown as error:
            return _error(503, f"Nothing was repaired: {error}.")
        texts = {found[int(number)].path: each.text for number, each in fixed.fields.items() if each.changed}
        refused = [f"{each.reason[:1].upper()}{each.reason[1:]}." for f in fixed.fields.values() for each in f.refused]
        if texts:
            put(draft, texts)
            draft.save_revision(user=request.user, log_action=True)
    return JsonResponse({"repaired": sum(len(each.applied) for each in fixed.fields.values()), "refused": refused})


@require_POST
def ignore(request: HttpRequest, pk: int) -> HttpResponse:
    """Dismiss a finding for good, or report it again."""
    page, wanted = _page(request, pk, change=True), _body(request, Dismissal)
    if wanted is None:
        return _error(400, "That is no finding.")
    if wanted.ignored:
        models.ignore(page.specific, wanted.fingerprint[:200], wanted.text[:1000], request.user)
    else:
        models.report_again(page.specific, [wanted.fingerprint])
    return JsonResponse({})


def _page(request: HttpRequest, pk: int, *, change: bool = False) -> Any:
    """The page, if the user may edit it, and, to `change` it, nobody has locked it.  Raises PermissionDenied."""
    page = get_object_or_404(Page, pk=pk)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    lock = page.get_lock()
    if change and (page.alias_of_id or (lock is not None and lock.for_user(request.user))):
        raise PermissionDenied
    return page


def _body(request: HttpRequest, kind: type) -> Any:
    try:
        return msgspec.json.decode(request.body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _error(status: int, message: str) -> JsonResponse:
    return JsonResponse({"error": message}, status=status)


def _report(decision: Decision) -> dict[str, Any]:
    reports = decision.response.fields if decision.response else {}
    fields = []
    for number, report in reports.items():
        passage = decision.passages[int(number)]
        fields.append(
            {
                "path": passage.path,
                "findings": [_shown(passage.text, passage.syntax, each) for each in report.findings],
                "ignored": [_shown(passage.text, passage.syntax, each) for each in report.ignored],
            }
        )
    return {
        "gate": decision.gate,
        "reasons": list(decision.reasons),
        "checked": decision.response is not None,
        "fields": [each for each in fields if each["findings"] or each["ignored"]],
    }


def _shown(text: str, syntax: str, finding: Finding) -> dict[str, Any]:
    """A finding as people read it: without markup."""
    return {
        "fingerprint": finding.fingerprint,
        "rule": finding.rule,
        "severity": finding.severity,
        "safety": finding.safety,
        "message": finding.message,
        "excerpt": excerpt(text, finding.start, finding.end, syntax),
        "suggestions": [plain(each, syntax) for each in finding.suggestions] if finding.safety != "show" else [],
    }
