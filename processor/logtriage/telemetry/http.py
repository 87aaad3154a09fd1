"""Serve ``/metrics``, ``/livez`` and ``/readyz`` on a thread of their own, so that a busy service still answers.

No probe depends on a model. A request is a head of at most 8 KiB that arrives within 5 seconds, one a connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest

from logtriage.telemetry.logs import fields

MAX_HEAD_BYTES: Final = 8192
_HEAD_SECONDS: Final = 5.0
_LOOP_SECONDS: Final = 5.0
"""A loop that has not come round in this time is taken for stuck: Kubernetes then restarts the process."""
_REQUEST_SECONDS: Final = 15.0
_MAX_CONNECTIONS: Final = 64
_TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
_JSON: Final = "application/json"

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether requests are welcome; ``reason`` says why not, for the person who looks."""

    is_ready: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: HTTPStatus
    body: bytes
    content_type: str = _JSON


class HttpServer:
    """The HTTP server of one process.

    ``watched_loop`` is the loop whose life ``/livez`` tells. ``readiness`` is called on the server's own thread.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        registry: CollectorRegistry,
        watched_loop: asyncio.AbstractEventLoop,
        readiness: Callable[[], Readiness],
        loop_seconds: float = _LOOP_SECONDS,
        head_seconds: float = _HEAD_SECONDS,
    ) -> None:
        self._registry = registry
        self._watched_loop = watched_loop
        self._readiness = readiness
        self._loop_seconds = loop_seconds
        self._head_seconds = head_seconds
        self._sockets = _listen(host, port)
        self.port: int = self._sockets[0].getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._connections: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._run, name="logtriage-http", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, drop what is open, end the thread. May be called twice."""
        if self._thread.is_alive():
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        servers = [
            await asyncio.start_server(self._accept, sock=listening, limit=MAX_HEAD_BYTES)
            for listening in self._sockets
        ]
        await self._stop.wait()
        for server in servers:
            server.close()
        for connection in tuple(self._connections):
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._connections) >= _MAX_CONNECTIONS:
            writer.transport.abort()
            return
        task = self._loop.create_task(self._converse(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_REQUEST_SECONDS):
                method, answer = await self._answer_to(reader)
                writer.write(_bytes_of(answer, with_body=method != "HEAD"))
                await writer.drain()
        except (TimeoutError, OSError):
            pass
        except Exception:
            _logger.exception("A request to the HTTP endpoint failed", extra=fields(port=self.port))
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer_to(self, reader: asyncio.StreamReader) -> tuple[str, _Answer]:
        try:
            async with asyncio.timeout(self._head_seconds):
                head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            return "GET", _problem(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        except asyncio.IncompleteReadError:
            return "GET", _problem(HTTPStatus.BAD_REQUEST)
        except TimeoutError:
            return "GET", _problem(HTTPStatus.REQUEST_TIMEOUT)
        words = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            return "GET", _problem(HTTPStatus.BAD_REQUEST)
        method, path = words[0], words[1].partition("?")[0]
        if method not in ("GET", "HEAD"):
            return method, _problem(HTTPStatus.METHOD_NOT_ALLOWED)
        return method, await self._page(path)

    async def _page(self, path: str) -> _Answer:
        match path:
            case "/metrics":
                return _Answer(HTTPStatus.OK, generate_latest(self._registry), _TEXT)
            case "/livez":
                return await self._livez()
            case "/readyz":
                readiness = self._readiness()
                return _probe("ready" if readiness.is_ready else "not ready", readiness.reason, readiness.is_ready)
            case _:
                return _problem(HTTPStatus.NOT_FOUND)

    async def _livez(self) -> _Answer:
        came_round = asyncio.Event()

        def tell() -> None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(came_round.set)

        try:
            self._watched_loop.call_soon_threadsafe(tell)
            async with asyncio.timeout(self._loop_seconds):
                await came_round.wait()
        except RuntimeError:
            return _probe("dead", "the event loop has ended", False)
        except TimeoutError:
            return _probe("stuck", f"the event loop did not answer within {self._loop_seconds:g} s", False)
        return _probe("alive", "", True)


def _probe(status: str, reason: str, is_good: bool) -> _Answer:
    body = {"status": status} | ({"reason": reason} if reason else {})
    return _Answer(HTTPStatus.OK if is_good else HTTPStatus.SERVICE_UNAVAILABLE, json.dumps(body).encode() + b"\n")


def _problem(status: HTTPStatus) -> _Answer:
    return _Answer(status, json.dumps({"error": status.phrase}).encode() + b"\n")


def _bytes_of(answer: _Answer, *, with_body: bool) -> bytes:
    head = (
        f"HTTP/1.1 {answer.status.value} {answer.status.phrase}\r\n"
        f"Content-Type: {answer.content_type}\r\n"
        f"Content-Length: {len(answer.body)}\r\n"
        "Connection: close\r\n\r\n"
    )
    return head.encode("latin-1") + (answer.body if with_body else b"")


def _listen(host: str, port: int) -> list[socket.socket]:
    """Listen on every address of ``host`` (``localhost`` has two); with port 0 on the first, since ports would differ.

    Raises:
        OSError: the address is in use, or is none of this machine's.
    """
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    addresses = list(dict.fromkeys((family, address) for family, _, _, _, address in found))
    sockets: list[socket.socket] = []
    failure = OSError(f"`{host}` has no address")
    for family, address in addresses[:1] if port == 0 else addresses:
        try:
            sockets.append(socket.create_server(address, family=family))
        except OSError as error:
            failure = error
            if error.errno == errno.EADDRINUSE:
                break
    if failure.errno == errno.EADDRINUSE or not sockets:
        for listening in sockets:
            listening.close()
        raise failure
    return sockets
