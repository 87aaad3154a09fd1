"""The bench notices what a broken service would do to records."""

from __future__ import annotations

import pytest

from bench.check import WrongOutputError, check_annotated, check_relayed
from bench.load import Load, Request
from logtriage.pipeline.wire import parse_request
from support.annotating import annotate, annotator
from support.records import records_of


@pytest.fixture
def sent() -> list[Request]:
    return Load(seed=3).requests(200, batch=100, error_percent=50)


@pytest.fixture
def received(sent: list[Request]) -> list[bytes]:
    warm = annotator()
    annotate(warm, Load(seed=4).each_error_once().data)
    return [annotate(warm, request.data) for request in sent]


def _without_first_record(request: bytes) -> bytes:
    split = parse_request(request)
    del split.resource_logs[0].scope_logs[0].log_records[0]
    return split.SerializeToString()


def test_what_the_annotator_does_passes(sent: list[Request], received: list[bytes]) -> None:
    assert check_annotated(sent, received, status="cached") == 100


def test_a_lost_record_is_noticed(sent: list[Request], received: list[bytes]) -> None:
    received[0] = _without_first_record(received[0])

    with pytest.raises(WrongOutputError, match="200 records were sent, 199 arrived"):
        check_annotated(sent, received, status="cached")


def test_a_record_that_arrives_twice_is_noticed(sent: list[Request], received: list[bytes]) -> None:
    with pytest.raises(WrongOutputError, match="300 arrived"):
        check_annotated(sent, [*received, received[0]], status="cached")


def test_errors_that_were_not_annotated_are_noticed(sent: list[Request], received: list[bytes]) -> None:
    received[0] = sent[0].data

    with pytest.raises(WrongOutputError, match="50 records were changed"):
        check_annotated(sent, received, status="cached")


def test_another_status_is_noticed(sent: list[Request], received: list[bytes]) -> None:
    with pytest.raises(WrongOutputError, match="100 of 100 errors are not `fresh`"):
        check_annotated(sent, received, status="fresh")


def test_an_annotated_record_with_a_spoiled_body_is_noticed(sent: list[Request], received: list[bytes]) -> None:
    spoiled = []
    for request in received:
        split = parse_request(request)
        for resource_logs in split.resource_logs:
            for scope_logs in resource_logs.scope_logs:
                for i, raw in enumerate(scope_logs.log_records):
                    scope_logs.log_records[i] = raw.replace(b"worker-7", b"worker-8") if b"logtriage." in raw else raw
        spoiled.append(split.SerializeToString())

    with pytest.raises(WrongOutputError, match="spoiled"):
        check_annotated(sent, spoiled, status="cached")


def test_a_request_that_the_relay_changed_is_noticed(sent: list[Request]) -> None:
    changed = [sent[0].data, sent[1].data[:-1] + b"x"]

    with pytest.raises(WrongOutputError, match="not the same"):
        check_relayed(sent, changed)


def test_requests_that_the_relay_passed_in_another_order_are_fine(sent: list[Request]) -> None:
    check_relayed(sent, [request.data for request in reversed(sent)])

    assert sum(len(records_of(request.data)) for request in sent) == 200
