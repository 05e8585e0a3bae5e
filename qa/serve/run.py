"""Running the server: its socket, its log, and what ends it."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import socket
import sys
from functools import partial
from ipaddress import ip_address
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.errors import BadConfiguration
from qa.serve.app import Service, create

_MOST_CONNECTIONS = 1000
_FAREWELL = 10  # seconds that requests have to finish when the server is told to end
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


def run(service: Service, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; port 0 takes any that is free.  Raises BadConfiguration."""
    _log_as_json()
    config = uvicorn.Config(
        create(service),
        http=partial(PatientProtocol, patience=service.limits.patience),  # type: ignore[arg-type]
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_FAREWELL,
    )
    try:
        listener = socket.create_server((host, port), family=_family(host), backlog=1024)
    except OSError as error:
        raise BadConfiguration(f"cannot listen on {host} port {port}: {error.strerror or error}") from error
    if not _is_loopback(host) and service.guard.token is None and service.guard.secret is None:
        logging.getLogger("qa.serve").warning("open to the network without a token", extra={"host": host})
    with listener:
        address = f"[{host}]" if ":" in host else host
        for number in (signal.SIGINT, signal.SIGTERM):  # uvicorn raises them again when it has ended
            signal.signal(number, lambda *_: None)
        print(f"http://{address}:{listener.getsockname()[1]}", flush=True)
        uvicorn.Server(config).run(sockets=[listener])


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


class PatientProtocol(H11Protocol):
    """The protocol, whose patience with clients that send the head of a request letter by letter has an end."""

    def __init__(self, *arguments: Any, patience: float, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self._patience = patience
        self._answered: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to look, every now and then, whether a new request has come."""
        super().connection_made(transport)
        self._look = self.loop.call_later(self._patience, self._lose_patience)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is left to wait for."""
        self._look.cancel()
        super().connection_lost(exc)

    def _lose_patience(self) -> None:
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self.cycle is self._answered:
            self.transport.close()
            return
        self._answered = self.cycle
        self._look = self.loop.call_later(self._patience, self._lose_patience)


class _JsonLines(logging.Formatter):
    """One JSON object for each line of the log.  Texts that are checked never stand in it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S") + f".{int(record.msecs):03}",
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **{key: value for key, value in vars(record).items() if key not in _PLAIN},
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def _log_as_json() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
