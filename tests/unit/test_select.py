"""Selection: number, then text, then body; what cannot be read passes."""

from __future__ import annotations

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValueList

from logtriage.pipeline.select import Selector
from logtriage.schema.severity import Severity
from support.records import in_collector_order, key_value, record


def levels(*raws: bytes, min_severity: Severity = Severity.ERROR, read_body: bool = True) -> dict[int, Severity]:
    selected = Selector(min_severity=min_severity, read_body=read_body).select(raws)
    return {one.place: one.level for one in selected}


@pytest.mark.parametrize(
    ("number", "text", "body", "level"),
    [
        (17, "INFO", "x", Severity.ERROR),
        (9, "ERROR", "ERROR x", None),
        (0, "error", "INFO x", Severity.ERROR),
        (0, "info", "ERROR x", None),
        (0, "", "ERROR x", Severity.ERROR),
        (0, "oops", "ERROR x", Severity.ERROR),
        (0, "", "all is well", None),
        (-3, "ERROR", "x", Severity.ERROR),
        (25, "", "x", Severity.FATAL),
        (9999, "", "x", Severity.FATAL),
    ],
)
def test_the_first_that_tells_decides_in_both_field_orders(
    number: int, text: str, body: str, level: Severity | None
) -> None:
    raw = record(body, number=number, text=text).SerializeToString()
    for order in (raw, in_collector_order(raw)):
        assert levels(order).get(0) is level


def test_an_exception_without_any_level_is_an_error() -> None:
    raw = record("x", number=0, text="", attributes={"exception.type": "E"}).SerializeToString()
    assert levels(raw) == {0: Severity.ERROR}
    assert levels(raw, read_body=False) == {}


def test_the_body_is_read_only_if_asked_to() -> None:
    raw = record("ERROR x", number=0, text="").SerializeToString()
    assert levels(raw, read_body=False) == {}


def test_the_level_of_a_map_body_is_read() -> None:
    item = record(number=0, text="")
    item.body.CopyFrom(AnyValue(kvlist_value=KeyValueList(values=[key_value("level", "error")])))
    assert levels(item.SerializeToString()) == {0: Severity.ERROR}


@pytest.mark.parametrize("min_severity", Severity)
def test_the_threshold_is_where_it_is_set(min_severity: Severity) -> None:
    raws = [record(number=number, text="").SerializeToString() for number in range(1, 25)]
    for order in (bytes, in_collector_order):
        wanted = {i for i in range(24) if i + 1 >= min_severity.number or min_severity is Severity.DEBUG}
        assert set(levels(*map(order, raws), min_severity=min_severity)) == wanted


def test_bytes_that_are_no_record_are_not_selected_and_the_others_are() -> None:
    good = record().SerializeToString()
    assert levels(b"\xff\xff\xff", good, b"", b"\x2a\x05abc") == {1: Severity.ERROR}
