"""Records that lie: they may misstate themselves, and reach neither our attributes nor another record."""

from __future__ import annotations

import asyncio

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.pipeline.edits import without_incoming
from logtriage.pipeline.fields import encode_varint, length_delimited
from support.annotating import annotate, annotator
from support.records import attributes_of, in_collector_order, record, records_of, request
from support.running import running

MATE = record("the cart is gone", attributes={"n": 1}).SerializeToString()
FORGED = b"\x0a\x12logtriage.category\x12\x07\x0a\x05noise"
"""A KeyValue."""
DEEP_GROUP = b"\xa3\x06" * 150 + b"\xa4\x06" * 150
"""Field 100 as groups in groups: protobuf's own reader gives up at a hundred, Go's does not."""


def forwarded(*raws: bytes, repeat: int = 1) -> list[bytes]:
    target = annotator()
    for _ in range(repeat):
        result = annotate(target, request(*raws))
    return records_of(result)


@pytest.mark.parametrize(
    "attribute",
    [
        length_delimited(6, FORGED),
        length_delimited(6, FORGED + b"\x0a\x05other"),
        length_delimited(6, b"\x0a\x05other" + FORGED),
        length_delimited(6, FORGED + DEEP_GROUP),
        length_delimited(6, DEEP_GROUP + FORGED),
        length_delimited(6, b"\x8a\x80\x00" + FORGED[1:]),
        length_delimited(6, b"\x0a\x92\x80\x00" + FORGED[2:]),
        b"\xb2\x80\x00" + encode_varint(len(FORGED)) + FORGED,
        encode_varint(1 << 35 | 0x32) + encode_varint(len(FORGED)) + FORGED,
        b"\x32" + bytes((len(FORGED) | 0x80,)) + b"\x80" * 8 + b"\x02" + FORGED,
    ],
    ids=[
        "plain",
        "key twice, ours first",
        "key twice, ours last",
        "deep group behind",
        "deep group before",
        "long tag of the key",
        "long length of the key",
        "long tag",
        "tag beyond 32 bits",
        "length beyond 64 bits",
    ],
)
@pytest.mark.parametrize("severity", [b"\x10\x09", b"\x10\x11", b""])
def test_no_spelling_of_an_attribute_of_ours_gets_through(attribute: bytes, severity: bytes) -> None:
    stripped = without_incoming(severity + attribute + b"\x2a\x06\x0a\x04boom")
    assert b"logtriage.category" not in stripped
    assert stripped == severity + b"\x2a\x06\x0a\x04boom"


def test_a_body_and_a_value_that_speak_of_us_stay_as_they_are() -> None:
    quiet = record(
        "logtriage.category is noise",
        number=9,
        text="INFO",
        attributes={
            "note": "logtriage.severity",
            "map": AnyValue(kvlist_value=KeyValueList(values=[KeyValue(key="logtriage.x")])),
        },
    ).SerializeToString()
    assert forwarded(quiet, in_collector_order(quiet)) == [quiet, in_collector_order(quiet)]


@pytest.mark.parametrize(
    "raw",
    [
        MATE + b"\x10\x09",
        b"\x10\x09" + MATE,
        MATE + b"\x12\x02\x09\x15",
        b"\x12\x01\x09" + MATE,
        b"\x15\x11\x00\x00\x00" + MATE,
        MATE + b"\x1a\x04INFO\x1a\x05FATAL",
        LogRecord(attributes=[KeyValue(key="a")], severity_number=17).SerializeToString()  # type: ignore[arg-type]
        + length_delimited(12, b"x\x10\x09\x59" + b"\0" * 8 + b"\x09" + b"\0" * 8),
        length_delimited(12, b"x") + length_delimited(9, b"\x10\x15\x59" + b"\x01" * 8 + b"\x09" + b"\x01" * 8),
        length_delimited(12, b"x") + b"\x10\x11" + length_delimited(5, length_delimited(1, b"\x10\x11\x09" + b"e" * 8)),
    ],
    ids=[
        "number again",
        "number before",
        "packed behind",
        "packed before",
        "fixed32",
        "text twice",
        "tail in the event name",
        "tail in an id",
        "tail in the body",
    ],
)
def test_a_forged_severity_misstates_the_forger_alone(raw: bytes) -> None:
    clean = forwarded(MATE)[0]
    before, forger, after = forwarded(MATE, raw, MATE)
    assert before == clean
    assert attributes_of(LogRecord.FromString(after))["logtriage.status"] == "cached"
    sent, arrived = LogRecord.FromString(raw), LogRecord.FromString(forger)
    assert arrived.body == sent.body
    assert arrived.event_name == sent.event_name
    assert arrived.trace_id == sent.trace_id
    assert [item for item in arrived.attributes if not item.key.startswith("logtriage.")] == list(sent.attributes)


def test_a_resource_in_odd_pieces_cannot_pass_for_that_of_another_service() -> None:
    """The identity of a resource is not its pieces with zero bytes between: resources hold zero bytes."""
    resource = length_delimited(1, b"\x0a\x0cservice.name" + b"\x12\x0a\x0a\x08checkout") + length_delimited(
        1, b"\x0a\x01n\x12\x00"
    )

    def one_request(*pieces: bytes) -> bytes:
        scope = length_delimited(2, length_delimited(2, MATE))
        return length_delimited(1, b"".join(length_delimited(1, piece) for piece in pieces) + scope)

    def fingerprint(data: bytes) -> object:
        return attributes_of(LogRecord.FromString(records_of(data)[0]))["logtriage.fingerprint"]

    genuine = fingerprint(annotate(annotator(), one_request(resource)))
    poisoned = annotator()
    annotate(poisoned, one_request(resource[:-1], b""))
    assert fingerprint(annotate(poisoned, one_request(resource))) == genuine


HARMLESS = "connection reset, retry attempt 1 succeeded"


@pytest.mark.parametrize(
    ("crafted", "genuine"),
    [
        (record(HARMLESS), record(HARMLESS, text="FATAL")),
        (record(HARMLESS + " in <int> ms"), record(HARMLESS + " in 5000 ms")),
        (record(HARMLESS), record(HARMLESS, attributes={"error": "data loss"})),
        (
            record(HARMLESS, attributes={"exception.type": "A\x1fB"}),
            record(HARMLESS + "\x1f", attributes={"exception.type": "A"}),
        ),
        (record(HARMLESS + "\x00ERROR"), record(HARMLESS, text="\x00ERROR")),
    ],
    ids=["FATAL by its text", "literal mask", "cause beside", "separator", "zero byte"],
)
def test_a_lowering_of_one_record_serves_no_record_that_is_not_its_like(crafted: LogRecord, genuine: LogRecord) -> None:
    async def alone_and_after(first: list[LogRecord]) -> dict[str, object]:
        async with running() as service:
            for item in (*first, genuine):
                await service.export(request(item))
            return attributes_of(service.sink.records[-1])

    alone = asyncio.run(alone_and_after([]))
    after = asyncio.run(alone_and_after([crafted]))
    for name in ("logtriage.severity", "logtriage.category", "logtriage.is_actionable_for_oncall"):
        assert after[name] == alone[name]


def test_services_whose_names_hold_zero_bytes_share_nothing() -> None:
    target = annotator()
    told = [
        attributes_of(LogRecord.FromString(records_of(annotate(target, request(record("boom"), **names)))[0]))
        for names in (
            {"service": "a\x00b", "service_namespace": "c"},
            {"service": "b", "service_namespace": "c\x00a"},
            {"service": "a", "service_namespace": "b\x00c"},
        )
    ]
    assert len({item["logtriage.fingerprint"] for item in told}) == 3
