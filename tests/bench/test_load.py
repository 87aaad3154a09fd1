"""The load of the bench is what DESIGN 8 asks for: a toy would flatter the service."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from bench.check import Bodies, WrongOutputError
from bench.load import Load
from bench.templates import ERRORS
from logtriage.pipeline.fields import fields
from support.records import COLLECTOR_ORDER, records_of

CAPTURED = Path(__file__).resolve().parents[1] / "data" / "requests" / "collector_mixed_severities.bin"


@pytest.fixture(scope="module")
def load() -> Load:
    return Load(seed=7)


@pytest.fixture(scope="module")
def records(load: Load) -> list[LogRecord]:
    requests = load.requests(4_000, batch=1_000, error_percent=5)
    return [LogRecord.FromString(raw) for request in requests for raw in records_of(request.data)]


def test_the_load_has_fifty_templates_of_errors_over_several_services() -> None:
    templates = [template for texts in ERRORS.values() for template in texts]

    assert len({template.body + (template.trace.stack if template.trace else "") for template in templates}) >= 50
    assert len({template.service for template in templates}) >= 5


def test_fields_stand_in_the_order_of_a_request_captured_from_a_collector(load: Load) -> None:
    ours = records_of(load.requests(200, batch=200, error_percent=5)[0].data)

    for raw in (*ours, *records_of(CAPTURED.read_bytes())):
        places = [COLLECTOR_ORDER.index(field.number) for field in fields(raw)]
        assert all(before <= after for before, after in pairwise(places))
        attributes = [raw[field.value : field.end] for field in fields(raw) if field.number == 6]
        assert all([field.number for field in fields(attribute)] == [2, 1] for attribute in attributes)


def test_errors_make_up_exactly_the_stated_share(load: Load) -> None:
    request = load.requests(200, batch=200, error_percent=5)[0]
    parsed = ExportLogsServiceRequest.FromString(request.data)
    severities = [
        record.severity_number
        for resource_logs in parsed.resource_logs
        for scope_logs in resource_logs.scope_logs
        for record in scope_logs.log_records
    ]

    assert len(severities) == request.records == 200
    assert sum(number >= 17 for number in severities) == request.errors == 10


def test_a_fifth_of_the_bodies_is_json_and_a_tenth_of_the_records_has_a_stack_trace(records: list[LogRecord]) -> None:
    json_bodies = sum(record.body.string_value.startswith("{") for record in records)
    traces = sum(
        "\n" in record.body.string_value or any(a.key == "exception.stacktrace" for a in record.attributes)
        for record in records
    )

    assert 0.17 < json_bodies / len(records) < 0.23
    assert 0.07 < traces / len(records) < 0.13


def test_each_record_has_four_attributes(records: list[LogRecord]) -> None:
    assert {len(record.attributes) for record in records} == {4}


def test_no_slot_is_left_unfilled(records: list[LogRecord]) -> None:
    texts = [record.body.string_value for record in records]
    texts += [attribute.value.string_value for record in records for attribute in record.attributes]

    assert not [text for text in texts if "~" in text or "\x1e" in text]


def test_no_two_bodies_are_the_same(load: Load) -> None:
    bodies = Bodies()

    bodies.add(load.requests(20_000, batch=1_000, error_percent=100))

    assert len(bodies) == 20_000


def test_a_body_that_comes_twice_is_noticed(load: Load) -> None:
    requests = load.requests(200, batch=200, error_percent=0)
    bodies = Bodies()
    bodies.add(requests)

    with pytest.raises(WrongOutputError, match="200 bodies"):
        bodies.add(requests)


def test_warming_up_covers_each_template_of_an_error(load: Load) -> None:
    once = load.each_error_once()

    assert once.errors == once.records == sum(map(len, ERRORS.values()))
