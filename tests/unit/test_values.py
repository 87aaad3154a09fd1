"""AnyValue as text: leaves of maps and arrays, bounded in depth, number and size."""

from __future__ import annotations

from opentelemetry.proto.common.v1 import common_pb2 as otlp

from logtriage._pb.logtriage.wire.v1.projection_pb2 import AnyValue, Record
from logtriage.pipeline.values import MAX_DEPTH, MAX_LEAVES, Leaf, body_text, leaves, rendered, scalar_text
from support.records import key_value


def projected(value: otlp.AnyValue) -> AnyValue:
    return AnyValue.FromString(value.SerializeToString())


def a_map(**pairs: object) -> otlp.AnyValue:
    return otlp.AnyValue(kvlist_value=otlp.KeyValueList(values=[key_value(key, value) for key, value in pairs.items()]))


def an_array(*values: otlp.AnyValue) -> otlp.AnyValue:
    return otlp.AnyValue(array_value=otlp.ArrayValue(values=values))


def test_scalars_have_the_text_that_opentelemetry_gives_them() -> None:
    texts = {
        b"lost": otlp.AnyValue(string_value="lost"),
        b"-7": otlp.AnyValue(int_value=-7),
        b"true": otlp.AnyValue(bool_value=True),
        b"false": otlp.AnyValue(bool_value=False),
        b"1.5": otlp.AnyValue(double_value=1.5),
        b"AAE=": otlp.AnyValue(bytes_value=b"\x00\x01"),
        b"": otlp.AnyValue(),
    }
    assert {scalar_text(projected(value)): value for value in texts.values()} == texts


def test_a_map_is_its_leaves_one_a_line_and_only_strings_stand_verbatim() -> None:
    value = projected(a_map(what="lost", code=7, inner=a_map(why="gone")))
    text, spans = rendered(leaves(value))
    assert text == b"what=lost\ncode=7\nwhy=gone"
    assert [text[start:end] for start, end in spans] == [b"lost", b"gone"]


def test_an_array_has_no_keys_of_its_own() -> None:
    value = projected(an_array(otlp.AnyValue(string_value="a"), a_map(k="b")))
    assert leaves(value) == [Leaf(b"", b"a", True), Leaf(b"k", b"b", True)]


def test_what_is_nested_too_deep_is_not_looked_into() -> None:
    value = otlp.AnyValue(string_value="deep")
    for depth in range(MAX_DEPTH + 2):
        assert bool(leaves(projected(value))) is (depth <= MAX_DEPTH)
        value = an_array(value)


def test_at_most_so_many_leaves_are_taken() -> None:
    assert len(leaves(projected(an_array(*[otlp.AnyValue(int_value=1)] * 1000)))) == MAX_LEAVES


def test_a_huge_map_is_not_taken_apart_and_nothing_of_it_counts_as_verbatim() -> None:
    value = projected(an_array(a_map(what="the cart is gone", pad="x" * 70_000)))
    text, spans = rendered(leaves(value))
    assert text
    assert spans == ()


def test_broken_bytes_inside_a_map_are_left_out() -> None:
    assert leaves(AnyValue(kvlist_value=b"\xff\xff")) == []
    assert leaves(AnyValue(array_value=b"\x0a\x99")) == []


def test_bad_utf8_stays_as_it_came() -> None:
    assert body_text(Record(body=AnyValue(string_value=b"lost \xff"))) == b"lost \xff"
    assert body_text(Record()) == b""
