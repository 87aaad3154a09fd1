"""The forwarder: one try for each part within the caller's time, one answer out of theirs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from logtriage._pb.logtriage.wire.v1.projection_pb2 import LogsResponse
from logtriage.errors import PermanentDeliveryError, RetryableDeliveryError
from logtriage.pipeline.forwarder import Forwarder
from logtriage.pipeline.wire import response_bytes
from logtriage.schema.transit import Metadata
from support.records import record, records_of, request

Answer = bytes | Exception


class Downstream:
    """Answers each part as scripted; the real exporter has its own tests over the wire."""

    def __init__(self, answer: Callable[[int], Answer]) -> None:
        self.answer = answer
        self.sent: list[bytes] = []
        self.timeouts: list[float] = []

    async def export(self, request: bytes, *, records: int, metadata: Metadata, timeout_seconds: float) -> bytes:
        assert records == len(records_of(request))
        assert metadata == (("x-tenant", "a"),)
        self.sent.append(request)
        self.timeouts.append(timeout_seconds)
        answer = self.answer(len(self.sent) - 1)
        if isinstance(answer, Exception):
            raise answer
        return answer


DATA = request(*(record(f"{i} " + "x" * 400) for i in range(6)))


def forward(downstream: Downstream, *, limit: int = 600, seconds: float = 5.0) -> bytes:
    forwarder = Forwarder(downstream, max_request_bytes=limit)
    return asyncio.run(forwarder.forward(DATA, 6, metadata=(("x-tenant", "a"),), deadline=time.monotonic() + seconds))


def bodies(downstream: Downstream) -> list[str]:
    from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

    sent = [item for part in downstream.sent for item in records_of(part)]
    return [LogRecord.FromString(item).body.string_value[0] for item in sent]


def test_a_small_request_goes_as_it_is_and_its_partial_success_is_passed_on() -> None:
    partial = response_bytes(3, b"too old")
    downstream = Downstream(lambda _: partial)
    assert forward(downstream, limit=len(DATA)) == partial
    assert downstream.sent == [DATA]


@pytest.mark.parametrize("answer", [b"\x0a\x00", b"\xff not protobuf", b""])
def test_an_ok_that_says_nothing_readable_is_a_plain_ok(answer: bytes) -> None:
    assert forward(Downstream(lambda _: answer), limit=len(DATA)) == b""


def test_the_parts_go_in_order_and_ok_is_one_ok() -> None:
    downstream = Downstream(lambda _: b"")
    assert forward(downstream) == b""
    assert bodies(downstream) == list("012345")


def test_partial_successes_add_up_to_no_more_than_was_sent_and_the_same_message_is_said_once() -> None:
    answers = [
        b"",
        response_bytes(2, b"too old"),
        response_bytes(1, b"too old"),
        response_bytes(0, b"slow"),
        b"\xff",
        b"",
    ]
    partial = LogsResponse.FromString(forward(Downstream(lambda i: answers[i]))).partial_success
    assert partial.rejected_log_records == 2
    assert partial.error_message == b"too old; slow"


@pytest.mark.parametrize("letter", ["ü", "☂"])
def test_a_long_message_is_cut_at_a_whole_character(letter: str) -> None:
    answer = response_bytes(1, ("." + letter * 2000).encode())
    message = LogsResponse.FromString(forward(Downstream(lambda _: answer))).partial_success.error_message
    assert 1000 < len(message) <= 1024
    assert message.decode().rstrip(letter) == "."


def test_a_part_refused_for_good_does_not_keep_back_the_others() -> None:
    refused = PermanentDeliveryError("no", code="INVALID_ARGUMENT")
    downstream = Downstream(lambda i: refused if i in (1, 3) else b"")
    with pytest.raises(PermanentDeliveryError) as raised:
        forward(downstream)
    assert raised.value is refused
    assert bodies(downstream) == list("012345")


def test_a_retryable_refusal_ends_the_try_and_weighs_more_than_one_for_good() -> None:
    answers: list[Answer] = [PermanentDeliveryError("no", code="X"), b"", RetryableDeliveryError("later")]
    downstream = Downstream(lambda i: answers[i])
    with pytest.raises(RetryableDeliveryError, match="later"):
        forward(downstream)
    assert bodies(downstream) == list("012")


def test_without_time_left_nothing_is_sent() -> None:
    downstream = Downstream(lambda _: b"")
    with pytest.raises(RetryableDeliveryError, match="no time"):
        forward(downstream, seconds=-0.001)
    assert downstream.sent == []


def test_each_part_gets_what_is_left_of_the_callers_time() -> None:
    downstream = Downstream(lambda _: b"")
    forward(downstream, seconds=5.0)
    assert 0 < downstream.timeouts[-1] <= downstream.timeouts[0] <= 5.0


def test_what_came_of_the_parts_is_told_part_by_part() -> None:
    for_good, later = PermanentDeliveryError("no", code="X"), RetryableDeliveryError("later")
    answers: list[Answer] = [b"", for_good, b"", later]
    forwarder = Forwarder(Downstream(lambda i: answers[i]), max_request_bytes=600)

    async def scenario() -> None:
        parts = await forwarder.parts_of(DATA, 6)
        forwarded = await forwarder.send(parts, metadata=(("x-tenant", "a"),), deadline=time.monotonic() + 5)
        assert forwarded.accepted == 2
        assert [(one.first, one.records, one.error) for one in forwarded.refused] == [(1, 1, for_good)]
        assert forwarded.error is later
        assert forwarded.rest == parts[3:]

    asyncio.run(scenario())


def test_a_try_takes_no_longer_than_it_may_even_if_nobody_waits() -> None:
    downstream = Downstream(lambda _: b"")
    forwarder = Forwarder(downstream, max_request_bytes=1 << 20, timeout_seconds=2.0)
    deadline = time.monotonic() + 1000
    asyncio.run(forwarder.forward(DATA, 6, metadata=(("x-tenant", "a"),), deadline=deadline))
    assert downstream.timeouts == [2.0]
