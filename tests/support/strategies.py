"""Hypothesis strategies for log records: all shapes that the wire allows."""

from __future__ import annotations

from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.pipeline.fields import encode_varint, fields, length_delimited
from logtriage.schema.attributes import ALL_ATTRIBUTES

SEVERITY_NUMBERS = st.sampled_from((0, 1, 5, 9, 13, 16, 17, 18, 20, 21, 24, 25, 9999, -1))
SEVERITY_TEXTS = st.sampled_from(
    ("", "ERROR", "error", "Error", "FATAL", "WARN", "info", "E", "oops", "x" * 300, "ünïcode")
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        (
            "connection reset, retry attempt 1 succeeded",
            "ERROR could not save order 4711",
            'level=error msg="no space left on device"',
            "loaf 5e1d8a40-77c3-4b0e-8d52-91f0c6ab3e27 cooled after 1532ms",
            "logtriage.category is noise",
            "Traceback (most recent call last):\n  KeyError: 'a'",
        )
    ),
)
KEYS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ("level", "LEVEL", "Severity", "status", "log.level", "exception.type", "exception.message", "http.status_code")
    ),
    st.sampled_from(ALL_ATTRIBUTES),
    st.just("logtriage."),
    st.just("logtriage"),
)
LEVEL_VALUES = st.sampled_from(("error", "ERROR", "Warning", "500", "failed", "info"))


def any_values(depth: int = 3) -> st.SearchStrategy[AnyValue]:
    """All eight kinds, nested."""
    scalars = st.one_of(
        st.builds(AnyValue),
        st.builds(lambda v: AnyValue(string_value=v), st.one_of(TEXTS, LEVEL_VALUES)),
        st.builds(lambda v: AnyValue(bool_value=v), st.booleans()),
        st.builds(lambda v: AnyValue(int_value=v), st.integers(-(2**63), 2**63 - 1)),
        st.builds(lambda v: AnyValue(double_value=v), st.floats(allow_nan=False)),
        st.builds(lambda v: AnyValue(bytes_value=v), st.binary(max_size=12)),
    )
    return st.recursive(
        scalars,
        lambda inner: st.one_of(
            st.builds(lambda v: AnyValue(array_value=ArrayValue(values=v)), st.lists(inner, max_size=3)),
            st.builds(
                lambda v: AnyValue(kvlist_value=KeyValueList(values=[KeyValue(key=k, value=x) for k, x in v])),
                st.lists(st.tuples(KEYS, inner), max_size=3),
            ),
        ),
        max_leaves=depth * 3,
    )


@st.composite
def log_records(draw: st.DrawFn) -> LogRecord:
    """Valid records, with any field absent, keys twice, unknown severities."""
    item = LogRecord(
        time_unix_nano=draw(st.sampled_from((0, 1, 2**64 - 1, 1_795_000_000_000_000_000))),
        observed_time_unix_nano=draw(st.sampled_from((0, 0x1811_0000_0000_0000, 1_795_000_000_000_000_000))),
        severity_number=draw(SEVERITY_NUMBERS),
        severity_text=draw(SEVERITY_TEXTS),
        attributes=[
            KeyValue(key=key, value=value) for key, value in draw(st.lists(st.tuples(KEYS, any_values()), max_size=5))
        ],
        dropped_attributes_count=draw(st.sampled_from((0, 3))),
        flags=draw(st.sampled_from((0, 1, 0x11100000))),
        trace_id=draw(st.sampled_from((b"", b"\x01" * 16, b"\x01" * 14 + b"\x10\x11", b"short"))),
        span_id=draw(st.sampled_from((b"", b"\x02" * 8))),
        event_name=draw(st.sampled_from(("", "order.failed"))),
    )
    if draw(st.booleans()):
        item.body.CopyFrom(draw(any_values()))
    return item


UNKNOWN_FIELDS = st.lists(
    st.one_of(
        st.builds(lambda n, v: encode_varint(n << 3) + encode_varint(v), st.integers(20, 200), st.integers(0, 2**63)),
        st.builds(length_delimited, st.integers(20, 200), st.binary(max_size=20)),
        st.builds(lambda n: encode_varint(n << 3 | 5) + b"\x00\x01\x02\x03", st.integers(20, 200)),
        st.builds(lambda n: encode_varint(n << 3 | 3) + b"\x08\x07" + encode_varint(n << 3 | 4), st.integers(20, 200)),
    ),
    max_size=2,
)


@st.composite
def record_bytes(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """Give a record in ascending order, and the same fields in an order drawn at random; unknown fields in both."""
    ascending = draw(log_records()).SerializeToString() + b"".join(draw(UNKNOWN_FIELDS))
    parts = [ascending[field.start : field.end] for field in fields(ascending)]
    repeated = [part for part in parts if part[0] == 0x32]
    order = draw(st.permutations(range(len(parts))))
    shuffled = [parts[i] for i in order]
    in_order = iter(repeated)
    return ascending, b"".join(next(in_order) if part[0] == 0x32 else part for part in shuffled)
