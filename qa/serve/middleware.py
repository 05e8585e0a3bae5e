"""What surrounds every request: its id, a line in the log, its time in the metrics, headers of every answer."""

from __future__ import annotations

import logging
import re
import time
from typing import Any
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.serve.measure import Metrics

log = logging.getLogger("qa.serve")
_ID = re.compile(r"[\w.:-]{1,100}", re.ASCII)


class Edge:
    """The outermost middleware."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        given = Headers(scope=scope).get("x-request-id", "")
        name = given if _ID.fullmatch(given) else uuid4().hex
        seen: dict[str, Any] = {"status": 0, "bytes": 0}

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = name
                headers["x-content-type-options"] = "nosniff"
                seen["cache"] = headers.get("qa-cache")
            elif message["type"] == "http.response.body":
                seen["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            seen["status"] = 500  # the answer is sent further out
            raise
        finally:
            seconds = time.perf_counter() - begun
            route = scope.get("route")
            path = getattr(route, "path", "other")
            self._metrics.request(scope["method"], path, seen["status"], seconds)
            log.info(
                "request",
                extra={
                    "request": name,
                    "method": scope["method"],
                    "path": scope["path"],
                    "ms": round(1000 * seconds, 1),
                    **{key: value for key, value in seen.items() if value is not None},
                },
            )
