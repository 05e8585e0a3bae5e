"""Standing in the way of publishing.

Wagtail's hook `before_publish_page` is run by two of its views only.  What every way of publishing passes, from the
editor to `publish_scheduled` and a program's `revision.publish()`, is `PublishRevisionAction.execute`: that is what is
wrapped here.
"""

from __future__ import annotations

import logging
from functools import wraps
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from wagtail.actions.publish_revision import PublishRevisionAction

from qa.integrations.wagtail.decision import Decision, decide

logger = logging.getLogger("qa.wagtail")
_SCHEDULED = "wagtail.publish.scheduled"  # what `publish_scheduled` calls what it does


class Refused(ValidationError):
    """An object may not be published as it is.  The admin API answers 400 with the reasons."""

    def __init__(self, instance: models.Model, decision: Decision) -> None:
        super().__init__({NON_FIELD_ERRORS: [f"“{instance}” was not published.", *decision.reasons]})
        self.instance, self.decision = instance, decision


def install() -> None:
    """Wrap the action, once."""
    execute = PublishRevisionAction.execute
    if getattr(execute, "asks_the_gate", False):
        return

    @wraps(execute)
    def guarded(action: PublishRevisionAction, skip_permission_checks: bool = False) -> Any:
        action.check(skip_permission_checks=skip_permission_checks)  # who may not publish learns nothing else
        decision = decide(action.object)
        if decision.gate != "block":
            return execute(action, skip_permission_checks=skip_permission_checks)
        reasons = " ".join(decision.reasons)
        logger.warning("not published: “%s” pk=%s: %s", action.object, action.object.pk, reasons)
        if action.log_action == _SCHEDULED:
            # The command publishes one object after the other: an error here would hold up all that come later.  This
            # one stays scheduled, and is tried again the next time.
            return None
        raise Refused(action.object, decision)

    guarded.asks_the_gate = True  # type: ignore[attr-defined]
    PublishRevisionAction.execute = guarded
