"""The severity of a record follows its verdict: both fields and the stale level attributes, the originals kept."""

from __future__ import annotations

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.config.judging import SeverityMode
from logtriage.schema import attributes as names
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity
from support.annotating import annotate, annotator
from support.records import attributes_of, in_collector_order, key_value, record, records_of, request
from support.scripted_engine import judgement

BLIP = judgement(
    Category.TRANSIENT_NETWORK, Severity.WARN, is_actionable=False, lowering_quotes=(b"retry 1 succeeded",)
)
BODY = "retry 1 succeeded"
ORIGINALS = {names.ORIGINAL_SEVERITY_NUMBER, names.ORIGINAL_SEVERITY_TEXT, names.ORIGINAL_LEVEL}


def out_of(item: LogRecord, said: object = BLIP, mode: SeverityMode = SeverityMode.APPLY) -> LogRecord:
    raw = item.SerializeToString()
    results = [
        LogRecord.FromString(records_of(annotate(annotator(lambda _: said, severity_mode=mode), request(order)))[0])  # type: ignore[arg-type,return-value]
        for order in (raw, in_collector_order(raw))
    ]
    assert results[0] == results[1]
    return results[0]


def test_apply_sets_number_and_text_and_keeps_the_originals() -> None:
    item = out_of(record(BODY, number=18, text="Error"))
    assert (item.severity_number, item.severity_text) == (13, "WARN")
    told = attributes_of(item)
    assert (told[names.ORIGINAL_SEVERITY_NUMBER], told[names.ORIGINAL_SEVERITY_TEXT]) == (18, "Error")
    assert names.ORIGINAL_LEVEL not in told


def test_annotate_leaves_the_severity_and_the_level_alone() -> None:
    item = out_of(record(BODY, attributes={"level": "error"}), mode=SeverityMode.ANNOTATE)
    assert (item.severity_number, item.severity_text) == (17, "ERROR")
    told = attributes_of(item)
    assert told["level"] == "error"
    assert told[names.SEVERITY] == "WARN"
    assert not told.keys() & ORIGINALS


@pytest.mark.parametrize(
    ("number", "text"), [(17, "ERROR"), (18, "error"), (20, "ERROR4"), (17, ""), (17, "E"), (19, "oops")]
)
def test_fields_that_say_it_already_stay_and_nothing_is_added(number: int, text: str) -> None:
    item = out_of(record("x", number=number, text=text, attributes={"level": "err"}), judgement())
    assert (item.severity_number, item.severity_text) == (number, text)
    told = attributes_of(item)
    assert told["level"] == "err"
    assert not told.keys() & ORIGINALS


@pytest.mark.parametrize(("number", "text"), [(0, "ERROR"), (17, "INFO"), (21, "ERROR"), (0, "")])
def test_one_wrong_field_is_enough_to_set_both(number: int, text: str) -> None:
    item = out_of(record("ERROR x", number=number, text=text), judgement(severity=Severity.ERROR))
    if number == 21:  # a refused lowering: FATAL stays what it is
        assert item.severity_number == 21
        return
    assert (item.severity_number, item.severity_text) == (17, "ERROR")
    assert attributes_of(item)[names.ORIGINAL_SEVERITY_NUMBER] == number


@pytest.mark.parametrize(
    ("key", "value", "wanted"),
    [
        ("level", "error", "warn"),
        ("LEVEL", "ERROR", "WARN"),
        ("Level", "Error", "Warn"),
        ("severity", "err", "warn"),
        ("SeverityText", "error", "warn"),
        ("severity_text", "SEVERE", "WARN"),
        ("lvl", "eror", "warn"),
        ("log.level", "eRRor", "WARN"),
        ("status", "Severe", "Warn"),
        ("syslog.severity", "info", "warn"),
    ],
)
def test_a_stale_level_attribute_is_rewritten_in_the_style_of_the_application(
    key: str, value: str, wanted: str
) -> None:
    told = attributes_of(out_of(record(BODY, attributes={key: value})))
    assert told[key] == wanted
    assert told[names.ORIGINAL_LEVEL] == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("status", "500"),
        ("status", "failed"),
        ("status", 500),
        ("level", 50),
        ("level", True),
        ("level", ""),
        ("level", "warning"),
        ("level", "WARN"),
        ("loglevel", "error"),
        ("my.level", "error"),
        ("error", "error"),
    ],
)
def test_data_and_levels_that_are_right_are_not_touched(key: str, value: object) -> None:
    told = attributes_of(out_of(record(BODY, attributes={key: value})))
    assert told[key] == value
    assert names.ORIGINAL_LEVEL not in told


def test_a_level_inside_a_map_is_data() -> None:
    inner = AnyValue(kvlist_value=KeyValueList(values=[key_value("level", "error")]))
    told = attributes_of(out_of(record(BODY, attributes={"log": inner, "level": inner})))
    assert told["log"] == told["level"] == {"level": "error"}


def test_of_several_stale_levels_the_value_of_the_first_is_kept() -> None:
    told = attributes_of(out_of(record(BODY, attributes={"status": "500", "LVL": "SEVERE", "level": "error"})))
    assert (told["status"], told["LVL"], told["level"]) == ("500", "WARN", "warn")
    assert told[names.ORIGINAL_LEVEL] == "SEVERE"


def test_a_key_that_stands_twice_is_rewritten_by_value() -> None:
    item = record(BODY)
    item.attributes.extend(key_value("status", value) for value in ("error", "500", "ERROR", "failed"))
    values = [a.value.string_value for a in out_of(item).attributes if a.key == "status"]
    assert values == ["warn", "500", "WARN", "failed"]


def test_a_stale_level_is_rewritten_also_where_the_fields_are_right() -> None:
    item = out_of(record("x", attributes={"level": "info"}), judgement())
    told = attributes_of(item)
    assert (item.severity_number, item.severity_text) == (17, "ERROR")
    assert told["level"] == "error"
    assert told[names.ORIGINAL_LEVEL] == "info"
    assert names.ORIGINAL_SEVERITY_NUMBER not in told


def test_raising_sets_the_fields_too() -> None:
    item = out_of(record("x"), judgement(Category.RESOURCE_EXHAUSTION, Severity.FATAL))
    assert (item.severity_number, item.severity_text) == (21, "FATAL")
    assert attributes_of(item)[names.ORIGINAL_SEVERITY_NUMBER] == 17
