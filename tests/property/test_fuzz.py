"""Requests with bytes changed at random: every answer is OK or INVALID_ARGUMENT, and what can be read arrives."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import grpc
import pytest
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from support.mutations import mutated, what_must_stay
from support.records import in_collector_order, record, records_of, request
from support.running import Running, running

CAPTURED = [path.read_bytes() for path in sorted((Path(__file__).parent.parent / "data" / "requests").glob("*.bin"))]
LOUD = record("connection reset, retry attempt 1 succeeded", attributes={"level": "error", "logtriage.category": "x"})
QUIET = record("fine", number=9, text="INFO", attributes={"n": 1})
SMALL = [
    request(LOUD, QUIET),
    request(in_collector_order(QUIET.SerializeToString()), in_collector_order(LOUD.SerializeToString())),
    request(
        record("", number=0, text="", attributes={"exception.type": "E"}), record("level=error x", number=0, text="")
    ),
    *(request(*records_of(captured)[:3]) for captured in CAPTURED),
]


def full(data: bytes) -> list[LogRecord] | None:
    try:
        parsed = ExportLogsServiceRequest.FromString(data)
    except DecodeError:
        return None
    return [item for resource in parsed.resource_logs for scope in resource.scope_logs for item in scope.log_records]


def left_by(sent: LogRecord, arrived: LogRecord) -> LogRecord:
    """Give what must stay of a record; an attribute that writes its key twice, ours and another, may be gone."""
    left = what_must_stay(sent)
    if len(left.attributes) == len(what_must_stay(arrived).attributes) + 1:
        kept = list(what_must_stay(arrived).attributes)
        present = [item for item in left.attributes if item in kept]
        del left.attributes[:]
        left.attributes.extend(present)
    return left


async def ask(service: Running, case: bytes) -> None:
    before = len(service.sink.requests)
    expected = full(case)
    try:
        assert await service.export(case) == b""
    except grpc.aio.AioRpcError as error:
        refusal = error.code()
    else:
        refusal = None
    if refusal is not None:
        assert refusal is grpc.StatusCode.INVALID_ARGUMENT, case.hex()
        assert expected is None, case.hex()
        return
    arrived = service.sink.requests[before:]
    service.sink.requests.clear()
    service.sink.calls.clear()
    service.sink.metadata.clear()
    if not arrived:
        assert records_of(case) == [], case.hex()
        return
    (forwarded,) = arrived
    assert len(records_of(forwarded)) == len(records_of(case)), case.hex()
    if expected is None:
        return
    result = full(forwarded)
    assert result is not None, case.hex()
    for sent, arrived_item in zip(expected, result, strict=True):
        assert left_by(sent, arrived_item) == what_must_stay(arrived_item), case.hex()


def fuzz(cases: int, seed: int) -> None:
    dice = random.Random(seed)

    async def scenario() -> None:
        async with running() as service:
            for number in range(cases):
                base = dice.choice(CAPTURED if number % 50 == 0 else SMALL)
                await ask(service, mutated(base, dice))
            assert service.metric("logtriage_untriaged_log_records_total", reason="exception") == 0
            assert service.metric("logtriage_records_total", status="skipped", reason="internal_error") == 0

    asyncio.run(scenario())


def test_requests_with_changed_bytes_are_delivered_or_refused_as_invalid() -> None:
    fuzz(700, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [11, 12, 13, 14])
def test_many_requests_with_changed_bytes_are_delivered_or_refused_as_invalid(seed: int) -> None:
    fuzz(5_000, seed)


def test_every_request_cut_short_is_delivered_or_refused_as_invalid() -> None:
    async def scenario() -> None:
        async with running() as service:
            for end in range(len(SMALL[0])):
                await ask(service, SMALL[0][:end])

    asyncio.run(scenario())
