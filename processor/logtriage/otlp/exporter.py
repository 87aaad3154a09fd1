"""The exporter: sends a request downstream over OTLP/gRPC, once, as bytes."""

from __future__ import annotations

import time
from pathlib import Path

import grpc

from logtriage.config.exporter import Compression, ExporterSettings
from logtriage.errors import PermanentDeliveryError, RetryableDeliveryError
from logtriage.otlp.status import DETAILS_KEY, delivery_error_of
from logtriage.schema.transit import Metadata
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.version import __version__

EXPORT_METHOD = "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
USER_AGENT = f"LogTriage/{__version__}"
MAX_RESPONSE_BYTES = 4 * 1024 * 1024
"""OTLP specification, "OTLP/gRPC Response"."""


class OtlpExporter:
    """One channel to one downstream. Open it on the event loop that uses it, and `close` it there."""

    def __init__(self, settings: ExporterSettings, *, meter: Meter, rate_limited_log: RateLimitedLog) -> None:
        self._settings = settings
        self._meter = meter
        self._log = rate_limited_log
        self._headers = tuple((key, value.get_secret_value()) for key, value in settings.headers.items())
        self._in_flight = 0
        self._channel = _channel(settings)
        self._export: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes] = self._channel.unary_unary(EXPORT_METHOD)
        meter.observe(metrics.EXPORTER_IN_FLIGHT_REQUESTS, lambda: self._in_flight)

    async def export(self, request: bytes, *, records: int, metadata: Metadata, timeout_seconds: float) -> bytes:
        """Send a request once, within its time; give the response's bytes.

        Raises:
            RetryableDeliveryError: downstream is unavailable or slow, or refuses our token or address.
            PermanentDeliveryError: downstream refuses the records.
        """
        began = time.monotonic()
        outcome = "success"
        self._in_flight += 1
        try:
            response: bytes = await self._export(
                request,
                timeout=timeout_seconds,
                metadata=(*metadata, *self._headers),
            )
        except grpc.aio.AioRpcError as error:
            outcome = "failure"
            failure = delivery_error_of(error.code(), error.details() or "", _details_of(error))
            self._meter.add(metrics.EXPORTER_SEND_FAILED_LOG_RECORDS, records, error_type=error.code().name)
            if isinstance(failure, RetryableDeliveryError) and failure.is_misconfigured:
                self._log.error(
                    "misconfigured",
                    "downstream refuses our token or address: check `exporter.endpoint` and `exporter.headers`",
                    endpoint=self._settings.endpoint,
                    code=error.code().name,
                )
            else:
                self._log.warning(
                    f"export {error.code().name}",
                    "downstream did not take a request"
                    + (" and refuses it for good" if isinstance(failure, PermanentDeliveryError) else ""),
                    endpoint=self._settings.endpoint,
                    code=error.code().name,
                    records=records,
                )
            raise failure from error
        finally:
            self._in_flight -= 1
            self._meter.record(metrics.EXPORTER_REQUEST_DURATION, time.monotonic() - began, outcome=outcome)
        self._meter.add(metrics.EXPORTER_SENT_LOG_RECORDS, records)
        return response

    async def close(self) -> None:
        """End the channel; calls under way end with CANCELLED."""
        await self._channel.close()


def _details_of(error: grpc.aio.AioRpcError) -> bytes:
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY and isinstance(value, bytes):
            return value
    return b""


def _channel(settings: ExporterSettings) -> grpc.aio.Channel:
    options: list[tuple[str, int | str]] = [
        ("grpc.max_send_message_length", -1),
        ("grpc.max_receive_message_length", MAX_RESPONSE_BYTES),
        ("grpc.primary_user_agent", USER_AGENT),
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.enable_retries", 0),
        ("grpc.initial_reconnect_backoff_ms", 200),
        ("grpc.min_reconnect_backoff_ms", 200),
        ("grpc.max_reconnect_backoff_ms", 2000),
    ]
    keepalive = settings.keepalive
    if keepalive.time:
        options += [
            ("grpc.keepalive_time_ms", int(keepalive.time * 1000)),
            ("grpc.keepalive_timeout_ms", int(keepalive.timeout * 1000)),
            ("grpc.keepalive_permit_without_calls", int(keepalive.permit_without_stream)),
            ("grpc.http2.max_pings_without_data", 0),
        ]
    compression = grpc.Compression.Gzip if settings.compression is Compression.GZIP else grpc.Compression.NoCompression
    if settings.is_plaintext:
        return grpc.aio.insecure_channel(settings.grpc_target, options=options, compression=compression)
    tls = settings.tls
    if tls.server_name_override:
        options.append(("grpc.ssl_target_name_override", tls.server_name_override))
    credentials = grpc.ssl_channel_credentials(
        root_certificates=_read(tls.ca_file), private_key=_read(tls.key_file), certificate_chain=_read(tls.cert_file)
    )
    return grpc.aio.secure_channel(settings.grpc_target, credentials, options=options, compression=compression)


def _read(path: str) -> bytes | None:
    return Path(path).read_bytes() if path else None
