"""The receiver: OTLP/gRPC logs as raw bytes.

No generated deserializer: a bad byte in one record would cost the whole request, with a status that makes the
Collector throw it away. The same goes for an exception that escapes: nothing escapes from here but cancellation.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

import grpc

from logtriage.crash_points import CrashPoint, reach
from logtriage.errors import LogTriageError, place_of
from logtriage.otlp.status import DETAILS_KEY, Refusal, refusal_of, unavailable
from logtriage.schema.transit import Answer, Metadata
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog

LOGS_SERVICE = "opentelemetry.proto.collector.logs.v1.LogsService"
OTHER_SERVICES = (
    ("opentelemetry.proto.collector.trace.v1.TraceService", "traces"),
    ("opentelemetry.proto.collector.metrics.v1.MetricsService", "metrics"),
    ("opentelemetry.proto.collector.profiles.v1development.ProfilesService", "profiles"),
)

NO_DEADLINE_SECONDS = 30.0
"""A caller without a deadline gets this; the exporter's own timeout ends a try earlier."""
ANSWER_MARGIN_SECONDS = 0.1
"""Kept of the caller's time for the answer to arrive: an answer after the deadline means a copy."""

_LABELS = {"receiver": "otlp", "transport": "grpc"}


class Router(Protocol):
    """What the receiver hands requests to."""

    async def route(self, data: bytes, *, metadata: Metadata, tenant: bytes, deadline: float) -> Answer:
        """Give the answer to a request, or raise what ``otlp/status.py`` maps; ``deadline`` is monotonic seconds."""
        ...

    def count(self, data: bytes) -> int:
        """Count the records of a request; 0 if it cannot be read."""
        ...


class Receiver:
    """Answers Export calls. ``max_in_flight_bytes`` bounds the requests held at one time."""

    def __init__(
        self,
        router: Router,
        *,
        max_in_flight_bytes: int,
        forwarded_keys: Sequence[str],
        tenant_key: str | None,
        meter: Meter,
        rate_limited_log: RateLimitedLog,
    ) -> None:
        self._router = router
        self._max_in_flight_bytes = max_in_flight_bytes
        self._forwarded_keys = frozenset(forwarded_keys)
        self._tenant_key = tenant_key
        self._meter = meter
        self._log = rate_limited_log
        self._in_flight_bytes = 0
        self._is_draining = False
        meter.observe(metrics.RECEIVER_IN_FLIGHT, lambda: self._in_flight_bytes)

    def drain(self) -> None:
        """Refuse from now on, so that senders go elsewhere; calls under way are answered."""
        self._is_draining = True

    def handlers(self) -> tuple[grpc.GenericRpcHandler, ...]:
        """Give the handlers for a server: Export, and a helpful no for the other signals."""
        export: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(self._export)
        services = [grpc.method_handlers_generic_handler(LOGS_SERVICE, {"Export": export})]
        for service, signal in OTHER_SERVICES:
            refuse: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_unary_rpc_method_handler(_refuser(signal))
            services.append(grpc.method_handlers_generic_handler(service, {"Export": refuse}))
        return tuple(services)

    async def _export(self, data: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        size = len(data)
        if self._is_draining:
            await self._refuse(context, unavailable("LogTriage is stopping", retry_after_seconds=1), data)
        if self._in_flight_bytes + size > self._max_in_flight_bytes and self._in_flight_bytes:
            self._log.warning(
                "in_flight",
                "requests in flight are over `receiver.max_in_flight_mib`: the sender keeps its request",
                in_flight_bytes=self._in_flight_bytes,
                limit_bytes=self._max_in_flight_bytes,
            )
            await self._refuse(context, unavailable("over `receiver.max_in_flight_mib`", retry_after_seconds=1), data)
        self._in_flight_bytes += size
        try:
            metadata, tenant = self._forwarded(context)
            answer = await self._router.route(data, metadata=metadata, tenant=tenant, deadline=_deadline_of(context))
        except LogTriageError as error:
            refusal = refusal_of(error)
        except Exception as error:
            self._log.error("exception", "a request could not be handled", error=place_of(error))
            refusal = refusal_of(error)
        else:
            context.add_done_callback(lambda ended: _end(answer, ended))  # type: ignore[arg-type]  # the stub's class
            if answer.records:
                self._meter.add(metrics.RECEIVER_ACCEPTED_LOG_RECORDS, answer.records, **_LABELS)
            self._meter.add(metrics.RECEIVER_REQUESTS, 1, outcome="success", **_LABELS)
            return answer.response
        finally:
            self._in_flight_bytes -= size
        await self._refuse(context, refusal, data)
        raise AssertionError("abort raises")

    async def _refuse(self, context: grpc.aio.ServicerContext[bytes, bytes], refusal: Refusal, data: bytes) -> None:
        """End the call with a status; what was refused is counted, and told in our log."""
        records = self._router.count(data)
        if refusal.is_retryable:
            self._meter.add(metrics.RECEIVER_REFUSED_LOG_RECORDS, records, **_LABELS)
            self._meter.add(metrics.RECEIVER_REQUESTS, 1, outcome="refused", **_LABELS)
        else:
            self._meter.add(metrics.RECEIVER_FAILED_LOG_RECORDS, records, **_LABELS)
            self._meter.add(metrics.RECEIVER_REQUESTS, 1, outcome="failure", **_LABELS)
            self._log.error(
                f"refused {refusal.code.name}",
                "a request is refused for good: its sender drops it",
                code=refusal.code.name,
                records=records,
            )
        trailing = ((DETAILS_KEY, refusal.details),) if refusal.details else ()
        await context.abort(refusal.code, refusal.message, trailing)

    def _forwarded(self, context: grpc.aio.ServicerContext[bytes, bytes]) -> tuple[Metadata, bytes]:
        """Give the metadata on the allow-list, and the tenant among it."""
        if not self._forwarded_keys:
            return (), b""
        forwarded: list[tuple[str, str | bytes]] = []
        tenant = b""
        for key, value in context.invocation_metadata() or ():
            if key in self._forwarded_keys:
                forwarded.append((key, value))
                if key == self._tenant_key and not tenant:
                    tenant = value.encode() if isinstance(value, str) else value
        return forwarded, tenant


def _end(answer: Answer, context: grpc.aio.ServicerContext[bytes, bytes]) -> None:
    """Note that a call has ended after it was answered, and whether its sender can have taken the answer.

    grpc.aio tells of a sender that gave up only by a cancelled handler, or by a deadline that has passed;
    `ServicerContext.cancelled` is about a status that we set ourselves.
    """
    reach(CrashPoint.ANSWERED)
    if answer.ended is not None:
        remaining = context.time_remaining()
        answer.ended(context.done() and (remaining is None or remaining > 0))


def _deadline_of(context: grpc.aio.ServicerContext[bytes, bytes]) -> float:
    remaining = context.time_remaining()
    if remaining is None or remaining > NO_DEADLINE_SECONDS:
        remaining = NO_DEADLINE_SECONDS
    return time.monotonic() + remaining - ANSWER_MARGIN_SECONDS


def _refuser(signal: str) -> Callable[[bytes, grpc.aio.ServicerContext[bytes, bytes]], Awaitable[bytes]]:
    async def refuse(_: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        await context.abort(
            grpc.StatusCode.UNIMPLEMENTED,
            f"LogTriage takes logs only: take its exporter out of the {signal} pipelines",
        )
        raise AssertionError("abort raises")

    return refuse
