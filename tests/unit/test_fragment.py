"""The attributes of a verdict as bytes: what the message API would write."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.pipeline.fragment import attributes_bytes, skipped_bytes
from logtriage.schema import attributes as names
from logtriage.schema.provenance import Reason
from support.records import attributes_of, key_value, record

VALUES = st.one_of(
    st.text(max_size=300),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.lists(st.text(max_size=20), min_size=1, max_size=5).map(tuple),
)


def by_message_api(key: str, value: object) -> bytes:
    if isinstance(value, tuple):
        value = AnyValue(array_value=ArrayValue(values=[AnyValue(string_value=item) for item in value]))
    return LogRecord(attributes=[key_value(key, value)]).SerializeToString()


@given(st.dictionaries(st.text(max_size=40), VALUES, max_size=4))
def test_the_bytes_are_those_of_the_message_api(attributes: dict[str, object]) -> None:
    wanted = b"".join(by_message_api(key, value) for key, value in attributes.items())
    assert attributes_bytes(attributes) == wanted  # type: ignore[arg-type]


def test_a_record_followed_by_the_bytes_carries_the_attributes() -> None:
    raw = record("x", attributes={"a": 1}).SerializeToString() + attributes_bytes(
        {"b": ("x", "y"), "c": True, "d": 1.0}
    )
    assert attributes_of(LogRecord.FromString(raw)) == {"a": 1, "b": ["x", "y"], "c": True, "d": 1.0}


def test_a_lone_surrogate_does_not_stop_a_record() -> None:
    told = attributes_of(LogRecord.FromString(attributes_bytes({"a": "\udcff"})))
    assert told == {"a": "?"}


def test_a_record_without_a_verdict_says_why_and_carries_no_category() -> None:
    raw = skipped_bytes(Reason.INTERNAL_ERROR, is_actionable=True, fingerprint=b"\x01" * 8)
    assert attributes_of(LogRecord.FromString(raw)) == {
        names.IS_ACTIONABLE_FOR_ONCALL: True,
        names.STATUS: "skipped",
        names.REASON: "internal_error",
        names.FINGERPRINT: "01" * 8,
    }
