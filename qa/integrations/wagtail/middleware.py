"""A refusal in the admin is a message beside the page, not a server error."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.admin.admin_url_finder import AdminURLFinder

from qa.integrations.wagtail.guard import Refused
from qa.integrations.wagtail.notices import tell


class RefusalMiddleware:
    """Answers for the views that know nothing of a gate: approvals, bulk actions, snippets."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show a refusal, and lead to where it can be mended."""
        home = reverse("wagtailadmin_home")
        if not isinstance(exception, Refused) or not request.path.startswith(home):
            return None
        tell(request, exception.instance, exception.decision)
        if not request.accepts("text/html") or request.headers.get("X-Requested-With") == "XMLHttpRequest":
            message = " ".join(exception.messages)
            return JsonResponse({"success": False, "error_code": "refused", "error_message": message}, status=409)
        return redirect(AdminURLFinder(request.user).get_edit_url(exception.instance) or home)
