"""The producer keeps and drops what the Collector's exporter keeps and drops, and waits as it does."""

from __future__ import annotations

import random

import grpc
import pytest

from faults.collector_retries import BackOff, is_retryable, rejected_in, retry_info_seconds
from logtriage.otlp.status import unavailable
from logtriage.pipeline.wire import response_bytes

KEPT = {"CANCELLED", "DEADLINE_EXCEEDED", "ABORTED", "OUT_OF_RANGE", "UNAVAILABLE", "DATA_LOSS"}


@pytest.mark.parametrize("code", [code.name for code in grpc.StatusCode if code is not grpc.StatusCode.OK])
def test_six_codes_are_kept_and_resource_exhausted_with_retry_info_only(code: str) -> None:
    assert is_retryable(code, None) == (code in KEPT)
    assert is_retryable(code, 1.0) == (code in KEPT or code == "RESOURCE_EXHAUSTED")


def test_it_reads_the_retry_info_that_the_service_sends() -> None:
    assert retry_info_seconds(unavailable("full", retry_after_seconds=7).details) == 7
    assert retry_info_seconds(b"") is None


def test_it_reads_how_many_records_an_ok_refuses() -> None:
    assert rejected_in(b"") == 0
    assert rejected_in(response_bytes(3, b"no")) == 3


def test_it_waits_longer_each_time_with_jitter_and_never_less_than_it_is_told() -> None:
    back_off = BackOff(random.Random(1), scale=0.1)
    waits = [back_off.next_seconds(None) for _ in range(12)]
    assert 0.25 <= waits[0] <= 0.75
    assert 1.5 <= waits[-1] <= 4.5
    assert len(set(waits)) == len(waits)
    assert back_off.next_seconds(100.0) == 10.0
