"""Whom to ask: the checker in this process, or a `qa serve`.  Both speak in the types of its /v1 API."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from qa.checker import Options
from qa.gate import Policy
from qa.integrations.wagtail.conf import LOCAL, Settings
from qa.serve import wire
from qa.serve.wire import CheckRequest, CheckResponse, FixRequest, FixResponse

logger = logging.getLogger("qa.wagtail")
R = TypeVar("R")


class CheckerDown(Exception):
    """There is no answer; the text says why in half a sentence."""


class Checker(Protocol):
    """What can be asked."""

    def check(self, request: CheckRequest) -> CheckResponse:
        """Find what is wrong.  Raises CheckerDown."""

    def fix(self, request: FixRequest) -> FixResponse:
        """Repair what was chosen.  Raises CheckerDown."""


def checker(settings: Settings) -> Checker:
    """The one that the settings name."""
    return Local(settings) if settings.checker == LOCAL else Remote(settings)


@dataclass(frozen=True)
class Local:
    """The checker in this process."""

    settings: Settings

    def check(self, request: CheckRequest) -> CheckResponse:
        """Find what is wrong.  What was asked a moment ago (publishing asks twice) is known still."""
        return self._asked(wire.encode(request), CheckRequest)

    def fix(self, request: FixRequest) -> FixResponse:
        """Repair what was chosen."""
        return self._asked(wire.encode(request), FixRequest)

    def _asked(self, body: bytes, kind: type) -> Any:
        config = self.settings.config
        try:
            return _answer(body, kind, config.base.options(), config.gate, self.settings.timeout)
        except Exception as error:  # whatever it is: publishing must not end in a server error
            logger.exception("the checker failed")
            raise CheckerDown(f"the checker failed ({type(error).__name__}: {error})") from error


@lru_cache(maxsize=32)
def _answer(body: bytes, kind: type, options: Options, policy: Policy, timeout: float) -> CheckResponse | FixResponse:
    from qa.serve import work

    end = time.monotonic() + timeout
    setup = work.Setup(options, policy)
    function: Callable[..., CheckResponse | FixResponse] = work.check if kind is CheckRequest else work.fix
    answer = function(wire.decode(body, kind), setup, lambda: time.monotonic() > end)
    if answer.incomplete:
        raise TimeoutError(f"not finished after {timeout:g} seconds")
    return answer


@dataclass(frozen=True)
class Remote:
    """A `qa serve`."""

    settings: Settings

    def check(self, request: CheckRequest) -> CheckResponse:
        """Find what is wrong."""
        return self._asked("/v1/check", wire.encode(request), CheckResponse)

    def fix(self, request: FixRequest) -> FixResponse:
        """Repair what was chosen."""
        return self._asked("/v1/fix", wire.encode(request), FixResponse)

    def _asked(self, path: str, body: bytes, kind: type[R]) -> R:
        import httpx
        import msgspec

        headers = {"Content-Type": "application/json"}
        if self.settings.token:
            headers["Authorization"] = f"Bearer {self.settings.token}"
        address = self.settings.checker.rstrip("/") + path
        try:
            # Not by way of a proxy: the server is the site's own.
            answer = httpx.post(address, content=body, headers=headers, timeout=self.settings.timeout, trust_env=False)
            answer.raise_for_status()
            return msgspec.json.decode(answer.content, type=kind)
        except (httpx.HTTPError, msgspec.MsgspecError) as error:
            logger.error("%s: %s", address, error)
            raise CheckerDown(f"{address} does not answer ({type(error).__name__})") from error
