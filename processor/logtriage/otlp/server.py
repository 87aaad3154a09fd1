"""The gRPC server: options, health, the port."""

from __future__ import annotations

from collections.abc import Sequence

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from logtriage.config.receiver import ReceiverSettings
from logtriage.otlp.receiver import LOGS_SERVICE, Receiver


class CannotListenError(OSError):
    """The receiver's address cannot be bound."""


class OtlpServer:
    """Serves a receiver and ``grpc.health.v1`` (for the whole server and for the logs service)."""

    def __init__(self, settings: ReceiverSettings, receiver: Receiver) -> None:
        self._settings = settings
        self._receiver = receiver
        self._health = health.aio.HealthServicer()
        self._server = grpc.aio.server(options=server_options(settings))
        self._server.add_generic_rpc_handlers(receiver.handlers())
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        self.port = 0
        """The port that is listened on; 0 for a unix socket."""

    async def start(self) -> None:
        """Listen and report SERVING.

        Raises:
            CannotListenError: the address is in use or is none of ours.
        """
        address = self._settings.listen.address
        try:
            self.port = self._server.add_insecure_port(address)
        except RuntimeError as error:
            raise CannotListenError(f"`receiver.endpoint`: cannot listen on `{address}`: is it in use?") from error
        await self._server.start()
        await self.report(is_serving=True)

    async def report(self, *, is_serving: bool) -> None:
        """Tell ``grpc.health.v1``; after `stop` it says NOT_SERVING, whatever is told."""
        status = health_pb2.HealthCheckResponse.SERVING if is_serving else health_pb2.HealthCheckResponse.NOT_SERVING
        for service in ("", LOGS_SERVICE):
            await self._health.set(service, status)

    async def refuse(self) -> None:
        """Report NOT_SERVING and refuse what is new; calls under way go on."""
        await self._health.enter_graceful_shutdown()
        self._receiver.drain()

    async def stop(self, grace_seconds: float) -> None:
        """Refuse what is new, let calls under way finish for so long, close the port."""
        await self.refuse()
        await self._server.stop(max(grace_seconds, 0.0))


def server_options(settings: ReceiverSettings) -> Sequence[tuple[str, int]]:
    """Give the options of the server. gRPC's `maximum_concurrent_rpcs` is not among them: it answers
    RESOURCE_EXHAUSTED without RetryInfo, which makes a Collector drop the request.
    """
    parameters = settings.keepalive.server_parameters
    policy = settings.keepalive.enforcement_policy
    options = [
        ("grpc.max_receive_message_length", settings.max_recv_msg_size_bytes),
        ("grpc.max_send_message_length", 4 * 1024 * 1024),
        ("grpc.max_metadata_size", 16 * 1024),
        ("grpc.so_reuseport", 0),
        ("grpc.max_connection_idle_ms", _milliseconds(parameters.max_connection_idle)),
        ("grpc.max_connection_age_ms", _milliseconds(parameters.max_connection_age)),
        ("grpc.max_connection_age_grace_ms", _milliseconds(parameters.max_connection_age_grace)),
        ("grpc.keepalive_time_ms", _milliseconds(parameters.time)),
        ("grpc.keepalive_timeout_ms", _milliseconds(parameters.timeout)),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_ping_interval_without_data_ms", _milliseconds(policy.min_time)),
        ("grpc.http2.min_recv_ping_interval_without_data_ms", _milliseconds(policy.min_time)),
        ("grpc.http2.max_pings_without_data", 0),
    ]
    if not policy.permit_without_stream:
        options = [(k, v) for k, v in options if k != "grpc.http2.min_recv_ping_interval_without_data_ms"]
    if settings.max_concurrent_streams:
        options.append(("grpc.max_concurrent_streams", settings.max_concurrent_streams))
    return options


def _milliseconds(seconds: float) -> int:
    """Give milliseconds; 0 means never to us, and the largest number to gRPC."""
    return int(seconds * 1000) if seconds else 2**31 - 1
