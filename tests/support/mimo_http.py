"""A small HTTP/1.1 server on loopback that misbehaves as scripted, byte by byte: what the stand-in speaks through."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_HEADERS_OF_THE_SERVICE = (("Server", "MiFE/3.4.2"), ("x-mife-upstream-status", "200"))
"""Seen on real answers: nothing about limits, no request id."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One request, as its bytes came."""

    head: bytes
    body: bytes
    connection: int

    @property
    def raw(self) -> bytes:
        return self.head + self.body

    @property
    def path(self) -> str:
        return self.head.split(b" ", 2)[1].decode("latin-1")

    @property
    def method(self) -> str:
        return self.head.split(b" ", 1)[0].decode("latin-1")

    @property
    def headers(self) -> dict[str, str]:
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        return {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
        }

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer, and how it is delivered.

    ``cut_at``: so many bytes of the body, then the connection ends. ``is_unframed``: no Content-Length, the body ends
    with the connection. ``drip_seconds``: between two bytes. ``hangs``: no byte ever. ``resets``: the connection is
    torn after ``cut_at`` bytes.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    latency_seconds: float = 0.0
    drip_seconds: float = 0.0
    cut_at: int | None = None
    is_unframed: bool = False
    hangs: bool = False
    resets: bool = False

    @property
    def head(self) -> bytes:
        length = () if self.is_unframed else (("Content-Length", str(len(self.body))),)
        given = {name.lower() for name, _ in self.headers}
        own = [pair for pair in _HEADERS_OF_THE_SERVICE if pair[0].lower() not in given]
        lines = [f"HTTP/1.1 {self.status} Scripted", f"Content-Type: {self.content_type}"]
        lines += [f"{name}: {value}" for name, value in (*own, *self.headers, *length)]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


Play = Callable[[Seen], Reply]


class LoopbackServer:
    """Serves on a thread of its own while entered, so that the code under test may own or block its loop."""

    def __init__(self, play: Play, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self.play = play
        self.seen: list[Seen] = []
        self.port = port
        self._tls = tls
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._failure: BaseException | None = None
        self._is_up = threading.Event()
        self._connections: set[asyncio.Task[None]] = set()
        self._count = 0
        self._thread = threading.Thread(target=self._run, name="mimo-stand-in", daemon=True)

    def __enter__(self) -> LoopbackServer:
        self._thread.start()
        self._is_up.wait()
        if self._failure is not None:
            raise self._failure
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        for _ in range(5):  # a play that blocked may have let connections wait to be accepted
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self._loop).result()
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:
            self._failure = failure
        finally:
            self._is_up.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, limit=1 << 20, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._is_up.set()
        await self._stop.wait()
        server.close()
        for task in tuple(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._count += 1
        task = asyncio.get_running_loop().create_task(self._converse(reader, writer, self._count))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        task.add_done_callback(lambda _: writer.close())  # one that is cancelled before its first step does not

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                seen = Seen(head=head, body=b"", connection=connection)
                body = await reader.readexactly(int(seen.headers.get("content-length", "0")))
                seen = Seen(head=head, body=body, connection=connection)
                self.seen.append(seen)
                if not await self._deliver(self.play(seen), writer):
                    break
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _deliver(self, reply: Reply, writer: asyncio.StreamWriter) -> bool:
        """Send one reply; give whether the connection lives on."""
        if reply.hangs:
            await self._stop.wait()
            return False
        if reply.latency_seconds:
            await asyncio.sleep(reply.latency_seconds)
        sent = reply.body if reply.cut_at is None else reply.body[: reply.cut_at]
        writer.write(reply.head)
        if reply.drip_seconds:
            for byte in sent:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(reply.drip_seconds)
        else:
            writer.write(sent)
        await writer.drain()
        if reply.resets:
            writer.transport.abort()
            return False
        return reply.cut_at is None and not reply.is_unframed
