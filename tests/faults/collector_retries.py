"""What the Collector's otlp exporter does with an answer: retry, and when, or throw the batch away.

Its rules (`exporter/otlpexporter`, `exporter/exporterhelper`): six codes are retried, RESOURCE_EXHAUSTED only with
RetryInfo, everything else is permanent; exponential back-off with jitter, and never sooner than RetryInfo says. The
times are scaled down for tests; the call's own timeout is not.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

import grpc
from google.rpc.error_details_pb2 import RetryInfo
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse

TIMEOUT_SECONDS = 5.0
INITIAL_INTERVAL_SECONDS, MAX_INTERVAL_SECONDS, MULTIPLIER, RANDOMIZATION = 5.0, 30.0, 1.5, 0.5

RETRYABLE = frozenset({"CANCELLED", "DEADLINE_EXCEEDED", "ABORTED", "OUT_OF_RANGE", "UNAVAILABLE", "DATA_LOSS"})


def retry_info_seconds(details: bytes) -> float | None:
    """Read RetryInfo from the bytes of a google.rpc.Status; None if there is none."""
    for detail in Status.FromString(details).details:
        info = RetryInfo()
        if detail.Unpack(info):
            return info.retry_delay.seconds + info.retry_delay.nanos / 1e9
    return None


def rejected_in(response: bytes) -> int:
    """Read how many records an answer with OK refuses for good: the Collector logs and counts them, and drops them."""
    return int(ExportLogsServiceResponse.FromString(response).partial_success.rejected_log_records)


def is_retryable(code: str, retry_info: float | None) -> bool:
    """Tell whether the batch is kept."""
    return code in RETRYABLE or (code == "RESOURCE_EXHAUSTED" and retry_info is not None)


def details_of(error: grpc.aio.AioRpcError) -> bytes:
    """Give the status details of a refusal; empty if there are none."""
    for key, value in error.trailing_metadata() or ():
        if key == "grpc-status-details-bin" and isinstance(value, bytes):
            return value
    return b""


@dataclass(slots=True)
class BackOff:
    """Waits of one batch. ``scale`` shortens them all, RetryInfo too."""

    random: random.Random
    scale: float
    _interval: float = INITIAL_INTERVAL_SECONDS

    def next_seconds(self, retry_info: float | None) -> float:
        """Give how long to wait before the next try."""
        wait = self._interval * self.random.uniform(1 - RANDOMIZATION, 1 + RANDOMIZATION)
        self._interval = min(self._interval * MULTIPLIER, MAX_INTERVAL_SECONDS)
        return max(wait, retry_info or 0.0) * self.scale
