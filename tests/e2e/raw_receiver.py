"""A logs service that keeps each Export request as the bytes it came in, and may pass it on as the same bytes.

Stands in for LogTriage (what does a sender put on the wire?), before it (what did it get?) and behind it (what left?).
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import grpc
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

EXPORT = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
MAX_REQUEST_BYTES = 64 * 1024 * 1024
FORWARD_SECONDS = 10.0


class RawReceiver:
    """Listen on a free loopback port; `forward_to` is the address that gets each request next, and that answers."""

    def __init__(self, forward_to: str | None = None) -> None:
        self._requests: list[bytes] = []
        self._lock = threading.Lock()
        self._channel = grpc.insecure_channel(forward_to) if forward_to else None
        self._forward = self._channel.unary_unary(EXPORT) if self._channel else None
        self._server = grpc.server(
            ThreadPoolExecutor(max_workers=8), options=[("grpc.max_receive_message_length", MAX_REQUEST_BYTES)]
        )
        handler = grpc.unary_unary_rpc_method_handler(self._export)
        service, method = EXPORT.strip("/").split("/")
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
        self.port: int = self._server.add_insecure_port("127.0.0.1:0")
        self.address = f"127.0.0.1:{self.port}"
        self._server.start()

    def _export(self, request: bytes, context: grpc.ServicerContext) -> bytes:
        if self._forward is None:
            with self._lock:
                self._requests.append(request)
            return b""
        try:
            answer: bytes = self._forward(request, timeout=FORWARD_SECONDS)
        except grpc.RpcError as refusal:
            context.set_trailing_metadata(refusal.trailing_metadata() or ())  # RetryInfo stands there
            context.abort(refusal.code(), refusal.details() or "")
        # Kept when it was accepted: a request that is refused comes again.
        with self._lock:
            self._requests.append(request)
        return answer

    def requests(self) -> list[bytes]:
        """Give the accepted requests so far, in the order of their arrival."""
        with self._lock:
            return list(self._requests)

    def parsed(self) -> list[ExportLogsServiceRequest]:
        """Give the accepted requests so far, parsed."""
        return [ExportLogsServiceRequest.FromString(request) for request in self.requests()]

    def close(self) -> None:
        """Stop listening."""
        self._server.stop(grace=2).wait()
        if self._channel is not None:
            self._channel.close()
