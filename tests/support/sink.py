"""A real OTLP logs service behind the one under test: keeps what arrives, answers as a test scripts it."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType

import grpc
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from support.records import records_of

EXPORT = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"


@dataclass(frozen=True)
class Refuse:
    """End the call with a status."""

    code: grpc.StatusCode
    message: str = "scripted"
    details: bytes = b""


Answer = bytes | Refuse
Script = Callable[[int, bytes], Answer | Awaitable[Answer]]
"""From the number of the call (from 0) and the request to the answer, at once or later."""


class Sink:
    """Listens on a free loopback port while entered."""

    def __init__(self, script: Script | None = None) -> None:
        self.script: Script = script or (lambda number, request: b"")
        self.requests: list[bytes] = []
        """Requests answered OK."""
        self.calls: list[bytes] = []
        """All requests, refused ones too."""
        self.metadata: list[dict[str, str | bytes]] = []
        self.address = ""

    async def __aenter__(self) -> Sink:
        self._server = grpc.aio.server(options=[("grpc.max_receive_message_length", 64 * 1024 * 1024)])
        service, method = EXPORT.strip("/").split("/")
        handler = grpc.unary_unary_rpc_method_handler(self._export)
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.stop(0)

    async def _export(self, request: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        number = len(self.calls)
        self.calls.append(request)
        self.metadata.append(dict(context.invocation_metadata() or ()))
        answer = self.script(number, request)
        if inspect.isawaitable(answer):
            answer = await answer
        if isinstance(answer, Refuse):
            trailing = (("grpc-status-details-bin", answer.details),) if answer.details else ()
            await context.abort(answer.code, answer.message, trailing)
        self.requests.append(request)
        return answer  # type: ignore[return-value]

    @property
    def records(self) -> list[LogRecord]:
        """All records of requests answered OK, in the order they came."""
        return [LogRecord.FromString(item) for request in self.requests for item in records_of(request)]
