"""The routes, and what happens to a request on its way to a worker and back."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import pickle
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from qa.config import POLICY, key_of
from qa.serve import languagetool, openapi, pool, wire
from qa.serve.cache import Cache
from qa.serve.guard import SIGNATURE, TIMESTAMP, Guard, read_body
from qa.serve.measure import Metrics
from qa.serve.middleware import Edge
from qa.serve.wire import CheckRequest, FixRequest, Refusal
from qa.serve.work import Setup, unchecked, unfixed
from qa.serve.worker import Job, Kind, Reply, refused

log = logging.getLogger("qa.serve")
_SEARCH = 0.85  # share of the time until its deadline in which a worker searches; the rest makes the answer
_GRACE = 0.5  # seconds after its deadline in which a worker must have answered with what it has
_RETRY = 1  # seconds after which a refused client may come again
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGES = {"": "index.html", "docs": "docs.html"}
_MEDIA = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the server does.  Times are in seconds, sizes in bytes."""

    workers: int = 2
    queue: int = 64  # requests that wait for a worker
    body: int = 4_000_000
    patience: float = 10.0  # for the head of a request to come, and again for its body
    time: float = 30.0  # for a request that names no deadline
    cache: int = 8_000_000  # answers that are kept


@dataclass(frozen=True, slots=True)
class Service:
    """All that the server is told when it starts."""

    setup: Setup = field(default_factory=Setup)
    limits: Limits = field(default_factory=Limits)
    guard: Guard = field(default_factory=Guard)
    origins: tuple[str, ...] = ()  # that browsers may call from


def create(service: Service) -> Starlette:
    """The ASGI application."""
    desk = Desk(service)
    routes = [
        Route("/v1/check", desk.check, methods=["POST"]),
        Route("/v1/fix", desk.fix, methods=["POST"]),
        Route("/v1/policy", desk.policy, methods=["GET"]),
        Route("/v1/rules", desk.rules, methods=["GET"]),
        Route("/v2/check", desk.v2_check, methods=["GET", "POST"]),
        Route("/v2/languages", desk.v2_languages, methods=["GET"]),
        Route("/v2/info", desk.v2_info, methods=["GET"]),
        Route("/v2/healthcheck", desk.v2_healthcheck, methods=["GET"]),
        Route("/v2/maxtextlength", desk.v2_maxtextlength, methods=["GET"]),
        Route("/healthz", desk.healthz, methods=["GET"]),
        Route("/readyz", desk.readyz, methods=["GET"]),
        Route("/metrics", desk.metrics, methods=["GET"]),
        Route("/openapi.json", desk.openapi, methods=["GET"]),
        *(Route(f"/{path}", page(name), methods=["GET"]) for path, name in _PAGES.items()),
        *(Route(f"/static/{name}", page(name), methods=["GET"]) for name in _assets()),
    ]
    middleware = [Middleware(Edge, metrics=desk.measured)]
    if service.origins:
        allowed = ["authorization", "content-type", TIMESTAMP, SIGNATURE, "x-request-id"]
        exposed = ["retry-after", "x-request-id", "qa-cache"]
        middleware.append(
            Middleware(
                CORSMiddleware,
                allow_origins=list(service.origins),
                allow_methods=["GET", "POST"],
                allow_headers=allowed,
                expose_headers=exposed,
            )
        )
    handlers: Any = {Refusal: _refuse, HTTPException: _http_error, Exception: _crash}
    return Starlette(routes=routes, middleware=middleware, exception_handlers=handlers, lifespan=desk.lifespan)


class Desk:
    """The handlers, and what they share."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._limits, self._guard = service.limits, service.guard
        self._cache = Cache(service.limits.cache)
        self.measured = Metrics()
        self._pool = pool.Pool(
            service.limits.workers,
            service.limits.queue,
            pickle.dumps(service.setup),
            on_restart=self.measured.restarts.inc,
        )
        self.measured.watch(self._pool)

    @contextlib.asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """The workers live as long as the server."""
        self._pool.start()
        try:
            yield
        finally:
            await self._pool.stop()

    async def check(self, request: Request) -> Response:
        """POST /v1/check"""
        body = await self._admitted(request)
        wanted = wire.decode(body, CheckRequest)
        texts = wire.texts(wanted, self._service.setup.longest)

        def nothing() -> bytes:
            return wire.encode(unchecked(texts, self._service.setup.policy))

        return await self._answer(request, "check", body, wanted.deadline_ms, nothing)

    async def fix(self, request: Request) -> Response:
        """POST /v1/fix"""
        body = await self._admitted(request)
        wanted = wire.decode(body, FixRequest)
        texts = wire.texts(wanted, self._service.setup.longest)

        def nothing() -> bytes:
            return wire.encode(unfixed(texts, self._service.setup.policy))

        return await self._answer(request, "fix", body, wanted.deadline_ms, nothing)

    async def policy(self, request: Request) -> Response:
        """GET /v1/policy"""
        self._guard.admit(request.headers, b"")
        policy = self._service.setup.policy
        return JSONResponse({key_of(name): getattr(policy, name) for name in POLICY})

    async def rules(self, request: Request) -> Response:
        """GET /v1/rules"""
        from qa.rules import registry

        self._guard.admit(request.headers, b"")
        records = [
            {"id": rule.id, "category": rule.category, "severity": str(rule.severity), "doc": rule.doc.strip()}
            for rule in registry().values()
        ]
        return JSONResponse({"rules": records})

    async def v2_check(self, request: Request) -> Response:
        """GET and POST /v2/check"""
        try:
            body = await read_body(request, self._limits.body, self._limits.patience)
            query = str(request.url.query).encode("utf-8")
            values = languagetool.parameters(query, body)
            self._guard.admit(request.headers, body, values.get("apiKey"))
            languagetool.parse(values, self._service.setup.longest)
            partly = values.get("allowIncompleteResults", "").lower() in ("true", "yes")
            return await self._answer(request, "v2", body, 1000 * self._limits.time if partly else None, None, query)
        except Refusal as refusal:
            return _response(refused(refusal, plain=True), refusal.retry_after)

    async def v2_languages(self, _: Request) -> Response:
        """GET /v2/languages"""
        return JSONResponse(languagetool.languages())

    async def v2_info(self, _: Request) -> Response:
        """GET /v2/info"""
        return JSONResponse({"software": languagetool.software()})

    async def v2_healthcheck(self, _: Request) -> Response:
        """GET /v2/healthcheck"""
        return PlainTextResponse("OK") if self._pool.ready else PlainTextResponse("Error: starting", 503)

    async def v2_maxtextlength(self, _: Request) -> Response:
        """GET /v2/maxtextlength"""
        return PlainTextResponse(str(self._service.setup.longest))

    async def healthz(self, _: Request) -> Response:
        """GET /healthz: the process lives."""
        return JSONResponse({"status": "ok"})

    async def readyz(self, _: Request) -> Response:
        """GET /readyz: a worker is warm, and a request would not be refused."""
        ready = self._pool.ready > 0 and self._pool.waiting < self._limits.queue
        state = {"ready": ready, "workers": self._pool.ready, "waiting": self._pool.waiting}
        return JSONResponse(state, 200 if ready else 503)

    async def metrics(self, request: Request) -> Response:
        """GET /metrics"""
        self._guard.admit(request.headers, b"")
        return Response(self.measured.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    async def openapi(self, _: Request) -> Response:
        """GET /openapi.json"""
        return JSONResponse(openapi.document(guarded=bool(self._guard.token or self._guard.secret)))

    async def _admitted(self, request: Request) -> bytes:
        """The body of a request that may be answered.  Raises Refusal."""
        body = await read_body(request, self._limits.body, self._limits.patience)
        self._guard.admit(request.headers, body)
        return body

    async def _answer(
        self,
        request: Request,
        kind: Kind,
        body: bytes,
        deadline_ms: float | None,
        nothing: Callable[[], bytes] | None,
        query: bytes = b"",
    ) -> Response:
        """The answer from the cache or a worker; at a deadline that passes unused, what `nothing` makes."""
        now = time.monotonic()
        seconds = self._limits.time if deadline_ms is None else min(deadline_ms / 1000, self._limits.time)
        job = Job(kind, body, query, now + _SEARCH * seconds if deadline_ms is not None else None)
        key = self._cache.key(job)
        known = self._cache.get(key)
        self.measured.cache.labels("hit" if known else "miss").inc()
        if known is not None:
            return _response(known, cached=True)
        grace = _GRACE if deadline_ms is not None else 0.0
        work = self._pool.run(msgspec.msgpack.encode(job), now + seconds + grace)
        try:
            frame = await _unless_gone(request, work)
        except pool.Full:
            raise Refusal(503, "busy", "Too many requests wait already.", _RETRY) from None
        except pool.Lost:
            raise Refusal(503, "worker_lost", "The process at work on this request ended.", _RETRY) from None
        except pool.TooSlow:
            if deadline_ms is None or nothing is None:
                raise Refusal(503, "too_slow", f"No answer within {seconds:g} seconds.", _RETRY) from None
            reply = Reply(200, nothing(), incomplete=True)
        else:
            reply = msgspec.msgpack.decode(frame, type=Reply)
        if reply.crash:
            log.error("crash", extra={"traceback": reply.crash})
        self.measured.done(reply)
        self._cache.put(key, reply)
        return _response(reply)


async def _unless_gone(request: Request, work: Awaitable[bytes]) -> bytes:
    """What the work gives, which is given up when the client goes away.  Raises Refusal."""
    job, gone = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait((job, gone), return_when=asyncio.FIRST_COMPLETED)
        if job.done():
            return job.result()
        raise Refusal(499, "client_gone", "The client left.")
    finally:
        job.cancel()
        gone.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _response(reply: Reply, retry_after: int | None = None, *, cached: bool = False) -> Response:
    headers = {"qa-cache": "hit" if cached else "miss"} if reply.status == 200 else {}
    if retry_after is not None:
        headers["retry-after"] = str(retry_after)
    if reply.status == 401:
        headers["www-authenticate"] = "Bearer"
    return Response(reply.body, reply.status, headers, reply.media)


async def _refuse(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return _response(refused(refusal, plain=request.url.path.startswith("/v2/")), refusal.retry_after)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "http_error")
    response = await _refuse(request, Refusal(error.status_code, code, f"{error.detail}."))
    response.headers.update(error.headers or {})
    return response


async def _crash(request: Request, _: Exception) -> Response:
    return await _refuse(request, Refusal(500, "internal_error", "The server failed; its log says where."))


def page(name: str) -> Callable[[Request], Awaitable[Response]]:
    """The handler of a file that ships with the package."""
    data = resources.files("qa.serve").joinpath("static", name).read_bytes()
    headers = {"content-security-policy": _CSP, "referrer-policy": "no-referrer", "cache-control": "no-cache"}

    async def handler(_: Request) -> Response:
        return Response(data, headers=headers, media_type=_MEDIA[name.rpartition(".")[2]])

    return handler


def _assets() -> list[str]:
    names = (each.name for each in resources.files("qa.serve").joinpath("static").iterdir())
    return sorted(name for name in names if name.rpartition(".")[2] in _MEDIA and not name.endswith(".html"))
