"""What leaves equals what came in plus our attributes, whatever the shape of the record."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.pipeline.fields import fields
from logtriage.schema import attributes as names
from logtriage.schema.category import Category
from logtriage.schema.record import LEVEL_NAMES
from logtriage.schema.severity import Severity, severity_of_number, severity_of_word
from support.annotating import annotate, annotator
from support.records import attributes_of, in_collector_order, records_of, request
from support.scripted_engine import judgement
from support.strategies import log_records, record_bytes

VERDICTS = st.sampled_from(
    (
        judgement(Category.CODE_BUG, Severity.ERROR),
        judgement(Category.RESOURCE_EXHAUSTION, Severity.FATAL),
        judgement(Category.TRANSIENT_NETWORK, Severity.WARN, is_actionable=False),
        judgement(Category.NOISE, Severity.DEBUG, is_actionable=False, is_named_noise=True),
    )
)


def ours(item: LogRecord) -> list[KeyValue]:
    return [attribute for attribute in item.attributes if attribute.key.startswith(names.PREFIX)]


def without_ours(item: LogRecord) -> LogRecord:
    copy = LogRecord()
    copy.CopyFrom(item)
    del copy.attributes[:]
    copy.attributes.extend(attribute for attribute in item.attributes if not attribute.key.startswith(names.PREFIX))
    return copy


def annotated_by_message_api(original: LogRecord, added: list[KeyValue], severity: Severity) -> LogRecord:
    """Do with the generated message classes what the annotator does on bytes."""
    expected = without_ours(original)
    told = {attribute.key: attribute.value for attribute in added}
    if names.ORIGINAL_SEVERITY_NUMBER in told:
        expected.severity_number = severity.number  # type: ignore[assignment]
        expected.severity_text = severity.value
    if names.ORIGINAL_LEVEL in told:
        for attribute in expected.attributes:
            word = attribute.value.string_value
            if attribute.key.lower().encode() not in LEVEL_NAMES or severity_of_word(word) in (None, severity):
                continue
            lowered = severity.value.lower()
            attribute.value.string_value = (
                lowered if word.islower() else lowered.capitalize() if word.istitle() else severity.value
            )
    expected.attributes.extend(added)
    return expected


@given(log_records(), VERDICTS, st.booleans())
def test_appending_equals_annotating_through_the_message_api(
    original: LogRecord, verdict: object, collector_order: bool
) -> None:
    raw = original.SerializeToString()
    raw = in_collector_order(raw) if collector_order else raw
    (result_bytes,) = records_of(annotate(annotator(lambda _: verdict), request(raw)))  # type: ignore[arg-type,return-value]
    result = LogRecord.FromString(result_bytes)
    added = ours(result)
    if not added:
        assert result == without_ours(original)
        return
    told = attributes_of(result)
    severity = Severity(str(told[names.SEVERITY]))
    assert result == annotated_by_message_api(original, added, severity)
    if names.ORIGINAL_SEVERITY_NUMBER in told:
        assert told[names.ORIGINAL_SEVERITY_NUMBER] == original.severity_number
        assert told[names.ORIGINAL_SEVERITY_TEXT] == original.severity_text
    else:
        assert severity_of_number(result.severity_number) is severity
        assert severity_of_word(result.severity_text) in (None, severity)


@given(record_bytes(), VERDICTS)
def test_no_scalar_of_ours_occurs_twice_and_unknown_fields_stay(pair: tuple[bytes, bytes], verdict: object) -> None:
    for raw in (*pair, in_collector_order(pair[0])):
        (result,) = records_of(annotate(annotator(lambda _: verdict), request(raw)))  # type: ignore[arg-type,return-value]
        numbers = [field.number for field in fields(result)]
        if names.ORIGINAL_SEVERITY_NUMBER in attributes_of(LogRecord.FromString(result)):
            assert numbers.count(2) == 1
            assert numbers.count(3) == 1
        unknown = [raw[f.start : f.end] for f in fields(raw) if f.number > 12]
        assert [result[f.start : f.end] for f in fields(result) if f.number > 12] == unknown


@given(st.lists(record_bytes(), min_size=1, max_size=5), st.booleans())
def test_records_that_are_not_selected_leave_byte_for_byte(pairs: list[tuple[bytes, bytes]], shuffled: bool) -> None:
    raws = [pair[1] if shuffled else pair[0] for pair in pairs]
    results = records_of(annotate(annotator(), request(*raws)))
    for raw, result in zip(raws, results, strict=True):
        if names.STATUS in attributes_of(LogRecord.FromString(result)):
            continue
        if b"logtriage." not in raw:
            assert result == raw
        kept = [raw[f.start : f.end] for f in fields(raw) if f.number != 6]
        assert [result[f.start : f.end] for f in fields(result) if f.number != 6] == kept


@given(record_bytes())
def test_a_request_without_a_selected_record_leaves_as_the_bytes_received(pair: tuple[bytes, bytes]) -> None:
    data = request(*pair)
    result = annotate(annotator(), data)
    if not any(b"logtriage." in item for item in records_of(result)) and b"logtriage." not in data:
        assert result == data


@given(log_records(), st.sampled_from((0, 9, 13, 17, 21)), st.booleans())
def test_incoming_attributes_of_ours_are_never_believed(
    original: LogRecord, number: int, collector_order: bool
) -> None:
    original.severity_number = number  # type: ignore[assignment]
    for key, value in (("logtriage.category", "noise"), ("logtriage.is_actionable_for_oncall", "forged")):
        original.attributes.add(key=key).value.string_value = value
    raw = original.SerializeToString()
    (result,) = records_of(annotate(annotator(), request(in_collector_order(raw) if collector_order else raw)))
    told = attributes_of(LogRecord.FromString(result))
    assert told.get(names.CATEGORY) != "noise"
    assert told.get(names.IS_ACTIONABLE_FOR_ONCALL) != "forged"
    if names.STATUS not in told:
        assert not any(key.startswith(names.PREFIX) for key in told)
