"""The setting QA_WAGTAIL of a site: a dictionary, every key of which may be left out."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured

from qa.config import Configuration, parse
from qa.errors import QaError

MIDDLEWARE = "qa.integrations.wagtail.middleware.RefusalMiddleware"
LOCAL = "local"
BLOCK, ALLOW = "block", "allow"


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting has a default; its name in QA_WAGTAIL is in capitals."""

    checker: str = LOCAL  # "local": in this process; or the address of a `qa serve`
    token: str = ""  # the bearer token of that server
    timeout: float = 10.0  # seconds after which the checker counts as down, or, here, as unfinished
    on_failure: str = BLOCK  # what becomes of a page when the checker is down: "block" or "allow"
    use_locale: bool = False  # whether a page is in the language of its Wagtail locale; else its text tells
    exclude: tuple[str, ...] = ()  # "app.model" or "app.model.field", in lower case: not to be checked
    config: Configuration = field(default_factory=Configuration)  # as in qa.toml; for the local checker


def settings() -> Settings:
    """The site's settings.  Raises ImproperlyConfigured."""
    given: dict[str, Any] = dict(getattr(django_settings, "QA_WAGTAIL", {}))
    names = {each.name.upper(): each.name for each in fields(Settings)}
    unknown = sorted(set(given) - set(names))
    if unknown:
        raise ImproperlyConfigured(f"QA_WAGTAIL: unknown key {unknown[0]!r}: the keys are {', '.join(sorted(names))}")
    values = {names[key]: value for key, value in given.items()}
    values["use_locale"] = bool(values.get("use_locale", getattr(django_settings, "WAGTAIL_I18N_ENABLED", False)))
    values["exclude"] = tuple(each.lower() for each in values.get("exclude", ()))
    try:
        values["config"] = parse(values.get("config", {}), Path("QA_WAGTAIL"))
    except QaError as error:
        raise ImproperlyConfigured(f"QA_WAGTAIL: CONFIG: {error}") from error
    found = Settings(**values)
    if found.checker != LOCAL and not found.checker.startswith(("http://", "https://")):
        raise ImproperlyConfigured(
            f"QA_WAGTAIL: CHECKER is {LOCAL!r} or the address of a server, not {found.checker!r}"
        )
    if found.checker != LOCAL and "CONFIG" in given:
        raise ImproperlyConfigured("QA_WAGTAIL: CONFIG is for the local checker: the server has its own")
    if found.on_failure not in (BLOCK, ALLOW):
        raise ImproperlyConfigured(f"QA_WAGTAIL: ON_FAILURE is {BLOCK!r} or {ALLOW!r}, not {found.on_failure!r}")
    if not isinstance(found.timeout, (int, float)) or not found.timeout > 0:
        raise ImproperlyConfigured(f"QA_WAGTAIL: TIMEOUT is a number of seconds, not {found.timeout!r}")
    return found
