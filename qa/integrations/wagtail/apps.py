"""The app: put "qa.integrations.wagtail" into INSTALLED_APPS."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core import checks


class QaConfig(AppConfig):
    """Stands in the way of publishing from the moment on that Django is ready."""

    name = "qa.integrations.wagtail"
    label = "qa_wagtail"
    verbose_name = "qa"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qa.integrations.wagtail.guard import install

        install()
        checks.register(_settings_are_right)


def _settings_are_right(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """A system check of Django: wrong settings are told at start, not at the first article."""
    from django.conf import settings as django_settings
    from django.core.exceptions import ImproperlyConfigured

    from qa.integrations.wagtail.conf import MIDDLEWARE, settings

    found: list[checks.CheckMessage] = []
    try:
        settings()
    except ImproperlyConfigured as error:
        found.append(checks.Error(str(error), id="qa_wagtail.E001"))
    if MIDDLEWARE not in django_settings.MIDDLEWARE:
        message = f"{MIDDLEWARE} is not in MIDDLEWARE: a refused approval would be shown as a server error."
        found.append(checks.Warning(message, id="qa_wagtail.W001"))
    return found
