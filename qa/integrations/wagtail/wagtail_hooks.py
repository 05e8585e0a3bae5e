"""Where Wagtail's admin asks us: before it publishes, and for what the page editor loads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from qa.integrations.wagtail import urls
from qa.integrations.wagtail.decision import decide
from qa.integrations.wagtail.notices import tell


@hooks.register("before_publish_page")
def before_publish_page(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Refuse kindly: the draft is saved, and the editor sees what is wrong with it.

    An exception, which is how the action itself refuses, would undo the saving where requests are transactions.
    """
    decision = decide(page.get_latest_revision_as_object())
    tell(request, page, decision)
    if decision.gate != "block":
        return None
    if request.resolver_match and request.resolver_match.url_name == "add":
        # Wagtail creates such a page as live and publishes it then: it must not stay in the open.
        type(page).objects.filter(pk=page.pk).update(live=False, has_unpublished_changes=True)
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")
def before_bulk_action(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """Publish all of the chosen pages or none, and say which of them stand in the way."""
    if action_type != "publish":
        return None
    decisions = [(each, decide(each.get_latest_revision_as_object())) for each in objects]
    for instance, decision in decisions:
        tell(request, instance, decision)
    return redirect(action.next_url) if any(decision.gate == "block" for _, decision in decisions) else None


@hooks.register("register_admin_urls")
def register_admin_urls() -> list[URLPattern | URLResolver]:
    """The addresses of the script in the page editor."""
    return [path("qa/", include((urls.urlpatterns, "qa_wagtail"), namespace="qa_wagtail"))]


@hooks.register("insert_editor_js")
def insert_editor_js() -> SafeString:
    """The script and the styles that show findings in the page editor; both are files, for strict sites."""
    return format_html(
        '<link rel="stylesheet" href="{}"><script defer src="{}" data-qa-findings="{}"></script>',
        static("qa_wagtail/editor.css"),
        static("qa_wagtail/editor.js"),
        reverse("qa_wagtail:findings", args=[0]),
    )
