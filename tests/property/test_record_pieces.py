"""A record read in pieces tells what the whole record does: the short way takes and refuses the same bytes."""

from __future__ import annotations

from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from logtriage._pb.logtriage.wire.v1.projection_pb2 import AnyValue, Record, RecordPieces
from logtriage.pipeline.fields import encode_varint, length_delimited
from logtriage.pipeline.said_severity import SaidSeverities
from logtriage.pipeline.telling_attributes import TellingAttributes
from logtriage.pipeline.values import body_text, body_text_of
from logtriage.schema.severity import severity_of_number, severity_of_word
from support.strategies import record_bytes

ATTRIBUTES = TellingAttributes()
SEVERITIES = SaidSeverities()


def in_pieces(raw: bytes) -> tuple[bytes, list[bytes], tuple[int, ...], tuple[bytes, ...], bytes, int] | None:
    try:
        record = RecordPieces.FromString(raw)
        body = body_text_of(record.body)
        keys = [one.key for one in ATTRIBUTES.among(record.attributes)]
    except DecodeError:
        return None
    time = record.time_unix_nano or record.observed_time_unix_nano
    return body, keys, tuple(record.severity_number), tuple(record.severity_text), record.event_name, time


def whole(raw: bytes) -> tuple[bytes, list[bytes], tuple[int, ...], tuple[bytes, ...], bytes, int] | None:
    try:
        record = Record.FromString(raw)
    except DecodeError:
        return None
    attributes = [one.SerializeToString() for one in record.attributes]
    keys = [one.key for one in TellingAttributes().among(attributes)]
    time = record.time_unix_nano or record.observed_time_unix_nano
    texts = tuple(record.severity_text)
    return body_text(record), keys, tuple(record.severity_number), texts, record.event_name, time


@given(record_bytes(), st.integers(0, 400), st.integers(0, 255))
def test_pieces_and_whole_agree_on_records_and_on_spoiled_ones(pair: tuple[bytes, bytes], at: int, byte: int) -> None:
    for raw in pair:
        spoiled = raw[: at % len(raw)] + bytes((byte,)) + raw[at % len(raw) + 1 :] if raw else raw
        for data in (raw, spoiled, raw[: at % (len(raw) + 1)]):
            assert in_pieces(data) == whole(data)


STRINGS = st.one_of(st.binary(max_size=4), st.binary(min_size=120, max_size=140), st.integers(0, 40_000).map(bytes))


@given(st.lists(st.one_of(STRINGS.map(lambda text: length_delimited(1, text)), st.binary(max_size=6)), max_size=3))
def test_a_body_in_any_pieces_has_the_text_of_their_merge(pieces: list[bytes]) -> None:
    raw = b"".join(length_delimited(5, piece) for piece in pieces)
    try:
        text: bytes | None = body_text_of(pieces)
    except DecodeError:
        text = None
    try:
        wanted: bytes | None = body_text(Record.FromString(raw))
    except DecodeError:
        wanted = None
    assert text == wanted


@given(st.binary(max_size=200), st.booleans())
def test_a_string_body_whose_length_is_written_long_or_is_not_all_has_the_text_of_a_parser(
    text: bytes, has_more: bool
) -> None:
    size = encode_varint(len(text))
    padded = bytes((*size[:-1], size[-1] | 0x80, 0))
    for head in (size, padded):
        body = b"\x0a" + head + text + (b"\x10\x01" if has_more else b"")
        value = AnyValue.FromString(body)
        assert body_text_of([body]) == body_text(Record(body=value))


@given(
    st.lists(st.integers(-5, 40), max_size=3),
    st.lists(st.sampled_from((b"", b"ERROR", b"warn", b"Fatal", b"x", b"\xff")), max_size=3),
)
def test_what_a_record_says_of_its_severity_is_read_from_the_last_number_and_text(
    numbers: list[int], texts: list[bytes]
) -> None:
    for _ in range(2):
        said = SEVERITIES.read(tuple(numbers), tuple(texts))
        by_number = severity_of_number(numbers[-1]) if numbers else None
        by_text = severity_of_word(texts[-1].decode("utf-8", "replace")) if texts else None
        assert said.level is (by_text if by_number is None else by_number)
        assert (said.numbers, said.texts, said.told_by_text) == (tuple(numbers), tuple(texts), by_text)
