"""The severity read from the head, from the tail and through the declared field is the one full parsing reads."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.pipeline.severity_scan import UNKNOWN, indexes_to_look_at, scan
from logtriage.pipeline.wire import parse_record
from support.records import in_collector_order, record
from support.strategies import log_records, record_bytes


def forges_a_tail(item: LogRecord) -> bool:
    """Ids directly before the times can end like a severity; then there is neither body, attribute, text nor flag."""
    return item.severity_number == 0 and not item.HasField("body") and not item.severity_text


@given(log_records())
@example(record(number=17))
@example(record(number=9, text=""))
def test_head_and_tail_equal_full_parsing(item: LogRecord) -> None:
    ascending = item.SerializeToString()
    for raw in (ascending, in_collector_order(ascending)):
        severity, offset, _ = scan(raw)
        if severity != UNKNOWN and not forges_a_tail(item):
            assert severity == item.severity_number
            assert raw[offset] == severity
        declared = parse_record(raw)
        assert declared is not None
        assert (declared.severity_number[-1] if declared.severity_number else 0) == item.severity_number


@given(record_bytes())
def test_the_declared_field_equals_full_parsing_in_any_order(pair: tuple[bytes, bytes]) -> None:
    for raw in pair:
        declared = parse_record(raw)
        assert declared is not None
        expected = LogRecord.FromString(raw).severity_number
        assert (declared.severity_number[-1] if declared.severity_number else 0) == expected


@given(st.lists(log_records(), min_size=1, max_size=4))
def test_no_record_at_or_above_the_threshold_is_passed_over(items: list[LogRecord]) -> None:
    for order in (bytes, in_collector_order):
        raws = [order(item.SerializeToString()) for item in items]
        looked_at = set(indexes_to_look_at(raws, 17))
        for i, item in enumerate(items):
            if item.severity_number >= 17 or (item.severity_number == 0 and not forges_a_tail(item)):
                assert i in looked_at


def test_a_scope_of_one_sender_is_read_in_one_pass_in_both_orders() -> None:
    quiet = [record(f"info {i}", number=9, text="INFO", attributes={"n": i}).SerializeToString() for i in range(50)]
    loud = record("boom", attributes={"n": 99}).SerializeToString()
    for order in (bytes, in_collector_order):
        records = [order(item) for item in [*quiet[:20], loud, *quiet[20:]]]
        assert indexes_to_look_at(records, 17) == [20]
