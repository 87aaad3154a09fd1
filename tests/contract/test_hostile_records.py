"""Odd and broken records beside sound ones: each arrives, and the sound ones as if they were alone."""

from __future__ import annotations

import asyncio

import pytest
from google.protobuf.message import DecodeError
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.pipeline.fields import encode_varint, fields, length_delimited
from logtriage.pipeline.wire import parse_record
from support.mutations import what_must_stay
from support.records import attributes_of, record, records_of, request
from support.running import running

LOUD = record("the cart is gone", attributes={"n": 1}).SerializeToString()
QUIET = record("fine", number=9, text="INFO").SerializeToString()
BAD = b"\xff\xfe\xed\xa0\x80"


def attribute(key: bytes, value: bytes) -> bytes:
    return length_delimited(6, length_delimited(1, key) + length_delimited(2, value))


def text(value: bytes) -> bytes:
    return length_delimited(1, value)


def nested(field: int, depth: int) -> bytes:
    value = text(b"deep")
    for _ in range(depth):
        inner = (
            length_delimited(1, value) if field == 5 else length_delimited(1, text(b"k") + length_delimited(2, value))
        )
        value = length_delimited(field, inner)
    return value


ERROR = b"\x10\x11\x1a\x05ERROR"
BODY = length_delimited(5, text(b"the cart is gone"))
RECORDS = {
    "bad UTF-8 in the body": ERROR + length_delimited(5, text(b"the cart \xff\xfe is gone")),
    "bad UTF-8 in the severity text": b"\x10\x12" + length_delimited(3, BAD) + BODY,
    "bad UTF-8 in a key": ERROR + BODY + attribute(BAD, text(b"x")),
    "bad UTF-8 in the cause": ERROR + BODY + attribute(b"exception.type", text(BAD)) + attribute(b"error", text(BAD)),
    "bad UTF-8 in the event name": ERROR + BODY + length_delimited(12, BAD),
    "zero bytes and terminal codes": ERROR + length_delimited(5, text(b"the\0cart \x1b[31mis\x1b[0m \xe2\x80\xaegone")),
    "arrays in arrays": ERROR + length_delimited(5, nested(5, 200)) + attribute(b"deep", nested(5, 200)),
    "maps in maps": ERROR + length_delimited(5, nested(6, 200)) + attribute(b"deep", nested(6, 200)),
    "10,000 attributes": ERROR + BODY + b"".join(attribute(b"k%d" % i, text(b"v")) for i in range(10_000)),
    "40,000 attributes": ERROR + BODY + b"".join(attribute(b"k%d" % i, text(b"v")) for i in range(40_000)),
    "a key of one MiB": ERROR + BODY + attribute(b"k" * 1024 * 1024, text(b"v")),
    "an empty key": ERROR + BODY + attribute(b"", text(b"v")) * 3,
    "a body of three MiB": ERROR + length_delimited(5, text(b"gone " * 600_000)),
    "a severity text of one MiB": b"\x10\x12" + length_delimited(3, b"E" * 1024 * 1024) + BODY,
    "no body": ERROR,
    "bytes as body": ERROR + length_delimited(5, length_delimited(7, b"\xff\0\xff")),
    "body in pieces": ERROR + length_delimited(5, text(b"first")) + length_delimited(5, text(b"last")),
    "a group": b"\xa3\x06\x08\x07\xa4\x06" + ERROR + BODY,
    "a severity of two bytes": b"\x10" + encode_varint(9999) + BODY,
    "a negative severity": b"\x10" + encode_varint(2**64 - 1) + BODY,
    "a severity beyond 31 bits": b"\x10" + encode_varint(2**31) + BODY,
    "severity 25": b"\x10\x19" + BODY,
    "no severity": BODY,
    "severity as fixed32": b"\x15\x11\x00\x00\x00" + BODY,
    "severity packed": b"\x12\x02\x11\x15" + BODY,
    "cut off": LOUD[:-3],
    "not protobuf": b"\xff\xff\xff",
    "empty": b"",
    "groups a hundred and fifty deep": ERROR + BODY + b"\xa3\x06" * 150 + b"\xa4\x06" * 150,
}


@pytest.mark.parametrize("name", RECORDS)
def test_it_arrives_and_leaves_its_neighbours_alone(name: str) -> None:
    raw = RECORDS[name]

    async def scenario() -> None:
        async with running() as service:
            await service.export(request(LOUD, QUIET))
            await service.export(request(LOUD))
            alone = records_of(service.sink.requests[1])[0]
            assert await service.export(request(LOUD, QUIET, raw, LOUD, QUIET)) == b""
            before, quiet, odd, after, quiet_after = records_of(service.sink.requests[2])
            assert (before, quiet, after, quiet_after) == (alone, QUIET, alone, QUIET)
            assert service.metric("logtriage_records_total", status="skipped", reason="internal_error") == 0
            if parse_record(raw) is None:
                assert odd == raw
                return
            kept = {field.number for field in fields(raw)} - {2, 3, 6}
            assert [odd[f.start : f.end] for f in fields(odd) if f.number in kept] == [
                raw[f.start : f.end] for f in fields(raw) if f.number in kept
            ]
            ours = [odd[f.start : f.end] for f in fields(odd) if f.number == 6 and f.start >= len(raw)]
            LogRecord.FromString(b"".join(ours))
            try:
                sent = LogRecord.FromString(raw)
            except DecodeError:
                return
            assert what_must_stay(LogRecord.FromString(odd)) == what_must_stay(sent)

    asyncio.run(scenario())


def test_what_we_write_beside_bad_utf_8_is_valid() -> None:
    raw = b"\x10\x0d" + length_delimited(3, BAD) + attribute(b"level", text(b"warn")) + BODY

    async def scenario() -> None:
        async with running(selection={"min_severity": "WARN"}) as service:
            await service.export(request(raw))
            (odd,) = records_of(service.sink.requests[0])
            ours = [
                odd[f.start : f.end] for f in fields(odd) if f.number == 6 and b"logtriage." in odd[f.value : f.end]
            ]
            assert ours
            attributes_of(LogRecord.FromString(b"".join(ours)))

    asyncio.run(scenario())


@pytest.mark.parametrize("where", ["resource", "scope"])
def test_bad_utf_8_around_records_stays_and_costs_no_record(where: str) -> None:
    key_value = length_delimited(1, BAD) + length_delimited(2, text(BAD))
    resource = length_delimited(1, length_delimited(1, key_value)) if where == "resource" else b""
    scope = length_delimited(1, length_delimited(1, BAD) + length_delimited(3, key_value)) if where == "scope" else b""
    data = length_delimited(
        1, resource + length_delimited(2, scope + length_delimited(2, LOUD) + length_delimited(2, QUIET))
    )

    async def scenario() -> None:
        async with running() as service:
            assert await service.export(data) == b""
            (forwarded,) = service.sink.requests
            assert resource in forwarded
            assert scope in forwarded
            loud, quiet = records_of(forwarded)
            assert quiet == QUIET
            assert attributes_of(LogRecord.FromString(loud))["logtriage.status"] == "fresh"

    asyncio.run(scenario())


def test_a_record_with_more_attributes_than_are_looked_at_says_so() -> None:
    async def scenario() -> None:
        async with running() as service:
            await service.export(request(RECORDS["40,000 attributes"]))
            told = attributes_of(service.sink.records[0])
            assert told["logtriage.status"] == "skipped"
            assert told["logtriage.reason"] == "too_large"
            assert told["logtriage.is_actionable_for_oncall"] is True
            assert told["k39999"] == "v"

    asyncio.run(scenario())


def test_values_of_every_kind_and_lone_surrogates_are_taken() -> None:
    odd = [AnyValue(), AnyValue(bytes_value=b"\xed\xa0\x80"), AnyValue(double_value=float("nan"))]
    items = [record("the cart is gone", attributes={"error": value, "message": value}) for value in odd]

    async def scenario() -> None:
        async with running() as service:
            await service.export(request(*items))
            assert [attributes_of(item)["logtriage.status"] for item in service.sink.records] == ["fresh"] * 3

    asyncio.run(scenario())


def test_a_severity_text_of_one_mib_is_kept_neither_whole_nor_in_memory() -> None:
    texts = ["E" * 1024 * 1024 + str(i) for i in range(3)]

    async def scenario() -> None:
        async with running() as service:
            for text_ in texts:
                await service.export(request(record("connection reset, retry attempt 1 succeeded", text=text_)))
            for item in service.sink.records:
                told = attributes_of(item)
                assert told["logtriage.severity"] == "WARN"
                assert told["logtriage.original_severity_text"] == "E" * 1024

    asyncio.run(scenario())
