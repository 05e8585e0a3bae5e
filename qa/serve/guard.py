"""Who may ask, and how much: body limits, the bearer token, and signatures over the raw body."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from starlette.requests import ClientDisconnect, Request

from qa.serve.wire import Refusal

TIMESTAMP, SIGNATURE = "x-qa-timestamp", "x-qa-signature"
_PREFIX = "sha256="


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of the signature header: HMAC-SHA256 over the timestamp, a full stop and the raw body."""
    message = timestamp.encode("utf-8") + b"." + body
    return _PREFIX + hmac.new(secret.encode("utf-8"), message, sha256).hexdigest()


@dataclass(slots=True)
class Guard:
    """What a request must show.  Without a token and a secret, nothing.

    Where both are set, either will do.  `window` is how many seconds a timestamp may be off; within it each signature
    is good for one request.
    """

    token: str | None = None
    secret: str | None = None
    window: float = 300.0
    _seen: dict[str, float] = field(default_factory=dict)  # when each signature may be forgotten, oldest first

    def admit(self, headers: Mapping[str, str], body: bytes, key: str | None = None) -> None:
        """Let a request pass, or raise Refusal.  `key` is a token that is not in a header."""
        if self.token is None and self.secret is None:
            return
        if self.secret is not None and SIGNATURE in headers:
            self._check_signature(self.secret, headers, body)
            return
        if self.token is not None:
            scheme, _, given = headers.get("authorization", "").partition(" ")
            offered = given.strip() if scheme.lower() == "bearer" else key
            if offered is not None and hmac.compare_digest(offered.encode("utf-8"), self.token.encode("utf-8")):
                return
            if offered is not None:
                raise Refusal(401, "wrong_token", "This token is not the right one.")
        wanted = "a bearer token" if self.token is not None else "a signature"
        raise Refusal(401, "unauthorized", f"This server wants {wanted}.")

    def _check_signature(self, secret: str, headers: Mapping[str, str], body: bytes) -> None:
        timestamp, given = headers.get(TIMESTAMP, ""), headers[SIGNATURE]
        try:
            age = time.time() - float(timestamp)
        except ValueError:
            raise Refusal(401, "wrong_timestamp", f"{TIMESTAMP} must be a Unix time in seconds.") from None
        right = sign(secret, timestamp, body)
        if not hmac.compare_digest(given.encode("utf-8"), right.encode("utf-8")):
            raise Refusal(401, "wrong_signature", "The signature does not belong to this body and timestamp.")
        if not abs(age) <= self.window:  # also refuses NaN
            raise Refusal(401, "stale_timestamp", f"The timestamp is off by more than {self.window:g} seconds.")
        now = time.monotonic()
        for old in [name for name, end in self._seen.items() if end < now]:
            del self._seen[old]
        if right in self._seen:
            raise Refusal(401, "replayed", "This signature was used already: sign again with a new timestamp.")
        self._seen[right] = now + 2 * self.window


async def read_body(request: Request, most: int, seconds: float) -> bytes:
    """The body of a request of at most `most` bytes, all of which must come within `seconds`.  Raises Refusal."""
    too_large = Refusal(413, "body_too_large", f"The body is larger than {most:,} bytes.")
    try:
        length = int(request.headers.get("content-length", "0"))
    except ValueError:
        raise Refusal(400, "invalid_request", "Content-Length is not a number.") from None
    if length > most:
        raise too_large
    parts, size = [], 0
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                size += len(chunk)
                if size > most:
                    raise too_large
                parts.append(chunk)
    except TimeoutError:
        raise Refusal(408, "body_too_slow", f"The body did not come within {seconds:g} seconds.") from None
    except ClientDisconnect:
        raise Refusal(400, "client_gone", "The client left before its request was whole.") from None
    return b"".join(parts)
