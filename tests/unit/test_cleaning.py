"""What is sent as received loses incoming attributes of ours; where that fails, it is sent and the fault is counted."""

from __future__ import annotations

import asyncio
import logging

import pytest

from logtriage.pipeline import cleaning
from logtriage.pipeline.cleaning import Cleaner
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.setup import Telemetry
from support.records import record, request

FORGED = request(record("glass broke", attributes={"logtriage.category": "noise"}))


class Bench:
    """A cleaner and its metrics."""

    def __init__(self, *, trust_incoming: bool = False) -> None:
        self.telemetry = Telemetry(max_source_services=10)
        self.cleaner = Cleaner(
            trust_incoming=trust_incoming,
            meter=self.telemetry.meter,
            rate_limited_log=RateLimitedLog(logging.getLogger("logtriage.tests")),
        )

    def cleaned(self, data: bytes) -> bytes:
        return asyncio.run(self.cleaner.cleaned(data))

    @property
    def faults(self) -> float:
        return self.telemetry.registry.get_sample_value("logtriage_hold_faults_total") or 0.0


def test_incoming_attributes_of_ours_are_taken_out() -> None:
    bench = Bench()
    assert b"logtriage." not in bench.cleaned(FORGED)
    assert bench.faults == 0


def test_they_stay_where_they_are_trusted() -> None:
    assert Bench(trust_incoming=True).cleaned(FORGED) == FORGED


def test_a_fault_leaves_the_request_as_it_is_and_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    def explode(_: bytes) -> bytes:
        raise RecursionError

    monkeypatch.setattr(cleaning, "without_incoming", explode)
    bench = Bench()
    assert bench.cleaned(FORGED) == FORGED
    assert bench.faults == 1
