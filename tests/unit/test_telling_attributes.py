"""Which attributes of a record tell something, whether they are new or were seen before."""

from __future__ import annotations

import pytest
from google.protobuf.message import DecodeError

from logtriage.pipeline.telling_attributes import TellingAttributes, fingerprint_attributes, log_count_of
from logtriage.schema.severity import Severity
from support.records import key_value


def raw(key: str, value: object) -> bytes:
    return key_value(key, value).SerializeToString()  # type: ignore[arg-type]


def test_a_fingerprint_reads_codes_and_causes_only() -> None:
    reader = TellingAttributes()
    raws = [raw("http.status_code", 503), raw("Err", "gone"), raw("user.id", "7"), raw("exception.type", "E")]
    for _ in range(4):
        assert fingerprint_attributes(reader.among(raws)) == {
            b"http.status_code": b"503",
            b"Err": b"gone",
            b"exception.type": b"E",
        }


def test_the_first_of_duplicates_is_in_the_fingerprint() -> None:
    among = TellingAttributes().among([raw("error", "first"), raw("error", "second")])

    assert fingerprint_attributes(among) == {b"error": b"first"}


@pytest.mark.parametrize(
    ("key", "value", "level"),
    [
        ("Level", "warn", Severity.WARN),
        ("status", "500", None),
        ("status", 500, None),
        ("level", "", None),
        ("lvl", "ERROR2", Severity.ERROR),
    ],
)
def test_a_level_attribute_tells_a_level_if_its_value_is_a_level_word(
    key: str, value: object, level: Severity | None
) -> None:
    (telling,) = TellingAttributes().among([raw(key, value)])

    assert telling.level is level


def test_a_record_stands_for_as_many_as_its_log_count_says() -> None:
    reader = TellingAttributes()
    assert log_count_of(reader.among([raw("a", 1), raw("log_count", 17)])) == 17
    assert log_count_of(reader.among([raw("a", 1)])) == 1


def test_an_attribute_that_cannot_be_read_is_never_taken_for_one_that_tells_nothing() -> None:
    reader = TellingAttributes()
    for _ in range(3):
        with pytest.raises(DecodeError):
            reader.among([raw("a", 1), b"\xff"])
