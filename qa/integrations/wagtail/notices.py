"""What the editor is told at the top of the next page."""

from __future__ import annotations

from django.db import models
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder

from qa.integrations.wagtail.decision import Decision


def tell(request: HttpRequest, instance: models.Model, decision: Decision) -> None:
    """Say what the gate decided, if it was not simply a pass."""
    if decision.gate == "pass":
        return
    reasons = format_html_join(" ", "{}", ((each,) for each in decision.reasons))
    refused = decision.gate == "block"
    sentence = "“{}” was not published. {}" if refused else "Please look at “{}” again. {}"
    address = AdminURLFinder(request.user).get_edit_url(instance)
    buttons = [messages.button(address, "Edit")] if address and address != request.path else None
    show = messages.error if refused else messages.warning
    show(request, format_html(sentence, instance, reasons), buttons=buttons)
