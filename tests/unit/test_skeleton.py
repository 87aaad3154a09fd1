"""Counting by walking lengths equals full parsing, stops at its limit, and refuses what is no protobuf."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logtriage.errors import NotProtobufError
from logtriage.pipeline.fields import length_delimited
from logtriage.pipeline.skeleton import count_up_to
from logtriage.pipeline.wire import parse_request
from support.strategies import UNKNOWN_FIELDS

NO_LIMIT = 10**9
UNKNOWN = st.builds(b"".join, UNKNOWN_FIELDS)


def count_by_parsing(data: bytes) -> int:
    request = parse_request(data)
    return sum(
        1 + sum(1 + len(scope.log_records) for scope in resource.scope_logs) for resource in request.resource_logs
    )


def nested(tag: int, inner: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    fields = st.one_of(st.builds(length_delimited, st.just(tag), inner), UNKNOWN)
    return st.builds(b"".join, st.lists(fields, max_size=4))


SCOPES = nested(2, st.binary(max_size=200))
REQUESTS = nested(1, nested(2, SCOPES))


@given(REQUESTS)
def test_the_count_equals_full_parsing_with_unknown_fields_of_every_wire_type(data: bytes) -> None:
    assert count_up_to(data, NO_LIMIT) == count_by_parsing(data)


@given(REQUESTS, st.integers(0, 8))
def test_counting_stops_right_above_the_limit(data: bytes, limit: int) -> None:
    full, counted = count_by_parsing(data), count_up_to(data, limit)
    assert counted == full if full <= limit else limit < counted <= limit + 3


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_counted_or_refused_never_worse(data: bytes) -> None:
    try:
        parsed: int | None = count_by_parsing(data)
    except NotProtobufError:
        parsed = None
    try:
        counted = count_up_to(data, NO_LIMIT)
    except NotProtobufError:
        assert parsed is None
    else:
        assert parsed in (None, counted)


@pytest.mark.parametrize(
    "data",
    [
        b"\x0a",
        b"\x0a\x05abc",
        b"\x0a\x02\x12\x05",
        b"\x0a\x04\x12\x02\x12\x05",
        b"\x0f",
        b"\x0c",
        b"\x08",
        b"\x09abc",
        b"\x0d\x01",
        b"\x0b\x08\x01",
        b"\x0b\x14",
        b"\x80" * 11,
        b"\x0a" + b"\xff" * 10,
    ],
)
def test_bytes_that_are_no_request_are_refused(data: bytes) -> None:
    with pytest.raises(NotProtobufError):
        count_up_to(data, NO_LIMIT)


def test_eight_mib_of_two_byte_records_cost_the_limit_and_no_more() -> None:
    records = b"\x12\x00" * (4 * 1024 * 1024)
    data = length_delimited(1, length_delimited(2, records))
    began = time.perf_counter()
    assert count_up_to(data, 50_000) == 50_001
    assert time.perf_counter() - began < 0.3


@pytest.mark.parametrize("tag", [b"\x0a\x00", b"\x0a\x02\x12\x00"])
def test_empty_resources_and_scopes_count_like_records(tag: bytes) -> None:
    assert 1001 <= count_up_to(tag * 100_000, 1000) <= 1002


def test_a_length_of_more_than_one_byte_is_read() -> None:
    scope = length_delimited(2, b"\x12\x00" * 5 + length_delimited(2, b"x" * 300))
    assert count_up_to(length_delimited(1, scope), NO_LIMIT) == 8
