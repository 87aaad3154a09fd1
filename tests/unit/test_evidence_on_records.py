"""What stands on a record stands in that record: evidence verbatim, and no value of another record anywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValueList
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.engines.judgement import Judgement
from logtriage.engines.local.engine import LocalEngine
from logtriage.pipeline.fields import length_delimited
from logtriage.pipeline.values import leaves
from logtriage.pipeline.wire import parse_record
from logtriage.schema import attributes as names
from logtriage.schema.record import RecordView, judged_text
from support.annotating import annotate, annotate_and_tally, annotator
from support.records import TIME, attributes_of, in_collector_order, key_value, record, records_of, request
from support.scripted_engine import judgement

LOCAL = LocalEngine()
TEMPLATES = (
    "ERROR connection reset by {ip}, retry attempt 1 succeeded for order {uuid}",
    "connection refused: dial tcp {ip}: connect: connection refused (trace {hex}); retrying in {ms}ms",
    "write /srv/cart/{hex}.log: no space left on device after {ms}ms",
    "http: TLS handshake error from {ip}: EOF",
    "user {number} may not read order {uuid}: permission denied",
    "KeyError: 'cart' in request {uuid}\n  File \"/srv/{hex}/cart.py\", line {number}, in add",
    "upstream timed out while reading from {ip}, session {number}, at 2026-03-04T05:06:{second:02d}Z",
    '{{"level":"error","msg":"no route to host","trace_id":"{hex}","order":"{uuid}"}}',
    "nothing that anybody knows about {uuid}",
)
VALUES = st.fixed_dictionaries(
    {
        "uuid": st.uuids().map(str),
        "ip": st.builds("10.{}.{}.{}:{}".format, *[st.integers(100, 255)] * 3, st.integers(10_000, 65_535)),
        "hex": st.binary(min_size=8, max_size=16).map(bytes.hex).filter(lambda text: not text.isdecimal()),
        "number": st.integers(10_000, 9_999_999),
        "ms": st.integers(1001, 9999),
        "second": st.integers(10, 59),
    }
)


def quoting_everything(view: RecordView) -> Judgement:
    """An engine that quotes whatever it can, every line of it."""
    text = judged_text(view.body)
    quotes = (text, *text.split(b"\n"), *view.attributes.values())
    return judgement(quotes=tuple(quote for quote in quotes if quote))


def strings_of(raw: bytes) -> list[bytes]:
    """Give the decoded strings of body and attributes, ours left out."""
    wire = parse_record(raw)
    assert wire is not None
    values = [wire.body, *(a.value for a in wire.attributes if not a.key.startswith(b"logtriage."))]
    strings: list[bytes] = []
    for value in values:
        strings += [leaf.text for leaf in leaves(value) if leaf.is_verbatim]
    return strings


def evidence_of(raw: bytes) -> list[bytes]:
    wire = parse_record(raw)
    assert wire is not None
    for attribute in wire.attributes:
        if attribute.key == names.EVIDENCE.encode():
            return [leaf.text for leaf in leaves(attribute.value)]
    return []


def assert_verbatim(raw: bytes) -> list[bytes]:
    evidence = evidence_of(raw)
    strings = strings_of(raw)
    for piece in evidence:
        assert any(piece in text for text in strings), piece
    return evidence


def ours_as_text(raw: bytes) -> str:
    told = attributes_of(LogRecord.FromString(raw))
    return repr({key: value for key, value in told.items() if key.startswith(names.PREFIX) and key != names.FIRST_SEEN})


@pytest.mark.parametrize("engine", ["local", "quoting everything"])
@given(template=st.sampled_from(TEMPLATES), one=VALUES, two=VALUES, in_order=st.booleans())
def test_two_records_of_a_fingerprint_share_a_verdict_and_no_value(
    engine: str, template: str, one: dict[str, object], two: dict[str, object], in_order: bool
) -> None:
    target = annotator(engine=LOCAL) if engine == "local" else annotator(quoting_everything)
    raws = [
        record(
            template.format(**values),
            attributes={"exception.message": f"lost order {values['uuid']} for good", "user.id": str(values["number"])},
            time_unix_nano=TIME + i * 10**9,
        ).SerializeToString()
        for i, values in enumerate((one, two))
    ]
    results = [records_of(annotate(target, request(in_collector_order(raw) if in_order else raw)))[0] for raw in raws]
    told = [attributes_of(LogRecord.FromString(result)) for result in results]
    assert told[0][names.FINGERPRINT] == told[1][names.FINGERPRINT]
    assert (told[0][names.STATUS], told[1][names.STATUS]) == ("fresh", "cached")
    assert told[0][names.VERDICT_ID] == told[1][names.VERDICT_ID]
    assert told[0][names.FIRST_SEEN] == told[1][names.FIRST_SEEN] == "2026-11-18T11:06:40.000000Z"
    for result in results:
        assert_verbatim(result)
        text = ours_as_text(result)
        for values in (one, two):
            for name in ("uuid", "ip", "hex", "number"):
                assert str(values[name]) not in text
            assert f"{values['ms']}ms" not in text
    if engine != "local":
        assert evidence_of(results[0]) == evidence_of(results[1]) != []


@given(st.binary(max_size=60), st.sampled_from((b"", b"\xff", b"\xc3\x28", b"\xf0\x9f")))
def test_evidence_of_bad_utf8_is_verbatim_valid_text(noise: bytes, bad: bytes) -> None:
    body = b"the cart " + bad + b"cannot be opened again " + noise + bad
    raw = b"\x10\x11" + length_delimited(5, length_delimited(1, body))
    (result,) = records_of(annotate(annotator(quoting_everything), request(raw)))
    evidence = assert_verbatim(result)
    assert any(b"cannot be opened again" in piece for piece in evidence)
    assert LogRecord.FromString(result[len(raw) :]).attributes


@given(
    st.recursive(
        st.one_of(
            st.sampled_from(("the cart is gone for good", "7c2f0b1e-5d2a-4a53-9a1b-0f2f6c9f1a11 is lost in the till")),
            st.integers(10**9, 10**12),
            st.floats(1e50, 1e60),
            st.booleans(),
        ),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(("reason of it", "what")), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_evidence_of_a_map_or_array_body_stands_in_one_of_its_strings(content: object) -> None:
    item = record()
    item.body.CopyFrom(any_value(content))
    for target in (annotator(quoting_everything), annotator(engine=LOCAL)):
        (result,) = records_of(annotate(target, request(item)))
        assert_verbatim(result)


def any_value(content: object) -> AnyValue:
    if isinstance(content, list):
        return AnyValue(array_value=ArrayValue(values=[any_value(item) for item in content]))
    if isinstance(content, dict):
        return AnyValue(kvlist_value=KeyValueList(values=[key_value(k, any_value(v)) for k, v in content.items()]))
    return key_value("", content).value


@given(st.integers(0, 300), st.sampled_from(("x", "word ", "cart lost; ")))
def test_evidence_of_a_body_over_the_cap_stands_in_the_body(shift: int, unit: str) -> None:
    body = (
        "the cart cannot be opened " + unit * (8000 // len(unit)) + "y" * shift + " " + unit * 900 + " at the very end"
    )
    (result,) = records_of(annotate(annotator(quoting_everything), request(record(body))))
    assert assert_verbatim(result)


def test_evidence_of_a_huge_map_body_stands_in_one_of_its_strings() -> None:
    item = record()
    pairs = [key_value(f"reason{i}", f"no space left on device {i}") for i in range(3000)]
    item.body.CopyFrom(AnyValue(array_value=ArrayValue(values=[AnyValue(kvlist_value=KeyValueList(values=pairs))])))
    for target in (annotator(quoting_everything), annotator(engine=LOCAL)):
        (result,) = records_of(annotate(target, request(item)))
        assert_verbatim(result)


def test_a_piece_that_a_record_does_not_hold_is_left_out_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logtriage.pipeline.annotator.digest_of", lambda **_: b"\x01" * 8)
    target = annotator(lambda _: judgement(quotes=(b"the cart is gone", b"and the till is shut")))
    annotate(target, request(record("the cart is gone\nand the till is shut")))
    data, tally = annotate_and_tally(target, request(record("all is quiet\nand the till is shut")))
    (result,) = records_of(data)
    assert tally.pieces_missing == 1
    assert evidence_of(result) == [b"and the till is shut"]
