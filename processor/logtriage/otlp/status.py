"""The one place where exceptions and gRPC statuses meet, in both directions.

Which codes are worth another try: OTLP specification, "Failures" (opentelemetry-proto v1.11.0, docs/specification.md).
The Collector's exporter throws away what is answered with any other code.
"""

from __future__ import annotations

from dataclasses import dataclass

import grpc
from google.protobuf.any_pb2 import Any
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import DecodeError
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status

from logtriage.errors import (
    DeliveryError,
    NotProtobufError,
    PermanentDeliveryError,
    RequestError,
    RetryableDeliveryError,
)

RETRYABLE = frozenset(
    (
        grpc.StatusCode.CANCELLED,
        grpc.StatusCode.DEADLINE_EXCEEDED,
        grpc.StatusCode.ABORTED,
        grpc.StatusCode.OUT_OF_RANGE,
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.DATA_LOSS,
    )
)
"""RESOURCE_EXHAUSTED is one more, but only with RetryInfo."""

MISCONFIGURED = frozenset(
    (
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.UNIMPLEMENTED,
        grpc.StatusCode.NOT_FOUND,
    )
)
"""Our token or our address is wrong: an operator can mend that, so the sender keeps its batch."""

MIN_RETRY_SECONDS, MAX_RETRY_SECONDS = 1.0, 15.0
"""Bounds of RetryInfo: the Collector drops at once if the wait passes its `max_elapsed_time` (300 s)."""

DETAILS_KEY = "grpc-status-details-bin"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What an Export call is ended with. ``details`` are the bytes of google.rpc.Status, empty for none."""

    code: grpc.StatusCode
    message: str
    details: bytes = b""

    @property
    def is_retryable(self) -> bool:
        """True if the sender keeps the request."""
        return self.code is grpc.StatusCode.UNAVAILABLE


def unavailable(message: str, *, retry_after_seconds: float) -> Refusal:
    """Refuse for now: UNAVAILABLE with RetryInfo between 1 and 15 seconds."""
    seconds = min(max(retry_after_seconds, MIN_RETRY_SECONDS), MAX_RETRY_SECONDS)
    delay = Duration()
    delay.FromNanoseconds(int(seconds * 1e9))
    packed = Any()
    packed.Pack(RetryInfo(retry_delay=delay))
    status = Status(code=grpc.StatusCode.UNAVAILABLE.value[0], message=message, details=[packed])
    return Refusal(grpc.StatusCode.UNAVAILABLE, message, status.SerializeToString())


def refusal_of(error: Exception) -> Refusal:
    """Map what the pipeline raised to what the sender is told."""
    match error:
        case RetryableDeliveryError():
            wait = error.retry_after_seconds if error.retry_after_seconds is not None else MIN_RETRY_SECONDS
            if error.is_misconfigured:
                wait = MAX_RETRY_SECONDS
            return unavailable(str(error), retry_after_seconds=wait)
        case PermanentDeliveryError():
            return Refusal(grpc.StatusCode[error.code], str(error), error.status_details)
        case NotProtobufError() | RequestError():
            return Refusal(grpc.StatusCode.INVALID_ARGUMENT, str(error))
    return unavailable("LogTriage could not handle the request", retry_after_seconds=5)


def delivery_error_of(code: grpc.StatusCode, message: str, details: bytes) -> DeliveryError:
    """Map downstream's answer to an exception: retryable or permanent."""
    retry_after_seconds = _retry_after_seconds(details)
    if code in MISCONFIGURED:
        return RetryableDeliveryError(
            f"downstream answers {code.name}: check `exporter.endpoint` and `exporter.headers` ({message})",
            is_misconfigured=True,
            code=code.name,
        )
    if code in RETRYABLE or (code is grpc.StatusCode.RESOURCE_EXHAUSTED and retry_after_seconds is not None):
        return RetryableDeliveryError(
            f"downstream answers {code.name}: {message}", retry_after_seconds=retry_after_seconds, code=code.name
        )
    return PermanentDeliveryError(message, code=code.name, status_details=details)


def _retry_after_seconds(details: bytes) -> float | None:
    """Read RetryInfo out of google.rpc.Status; None if there is none."""
    if not details:
        return None
    try:
        status = Status.FromString(details)
        for detail in status.details:
            info = RetryInfo()
            if detail.Is(RetryInfo.DESCRIPTOR) and detail.Unpack(info):
                return float(info.retry_delay.ToNanoseconds()) / 1e9
    except (DecodeError, ValueError):
        return None
    return None
