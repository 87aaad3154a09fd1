from __future__ import annotations

import pytest

from logtriage.evaluation.signs import signs_in_attribute, signs_in_values


@pytest.mark.parametrize(
    "values",
    [
        [b"state=ok", b"state=failed"],
        [b"link up", b"link down"],
        [b"/tmp/a", b"/tmp/refused"],
    ],
)
def test_words_of_an_outcome_inside_of_a_mask_are_a_sign(values: list[bytes]) -> None:
    (sign,) = signs_in_values(values)

    assert sign.startswith("words of an outcome are masked")


@pytest.mark.parametrize("values", [[b"code=404", b"code=503"], [b"7", b"13"], [b"-1", b"-2"]])
def test_few_small_numbers_inside_of_a_mask_are_a_sign(values: list[bytes]) -> None:
    (sign,) = signs_in_values(values)

    assert sign.startswith("small numbers are masked")


@pytest.mark.parametrize(
    "values",
    [
        [],
        [b"state=failed"],
        [b"10.0.0.1", b"10.0.0.2"],
        [b"node17", b"node3"],
        [b"12345", b"7"],
        [b"%d" % number for number in range(100)],
        [b"cupola", b"token"],
    ],
)
def test_identifiers_and_counters_are_no_sign(values: list[bytes]) -> None:
    assert signs_in_values(values) == []


@pytest.mark.parametrize("name", [b"jar.status", b"status", b"exit_code", b"http.statusCode", b"grpc.code"])
def test_an_attribute_named_like_a_code_with_few_values_is_a_sign(name: bytes) -> None:
    assert signs_in_attribute(name, [b"1", b"2"])
    assert not signs_in_attribute(name, [b"1"])
    assert not signs_in_attribute(name, [b"%d" % number for number in range(100)])


@pytest.mark.parametrize("name", [b"colour", b"encoded", b"postcodes", b"request.id"])
def test_other_attributes_are_no_sign(name: bytes) -> None:
    assert not signs_in_attribute(name, [b"1", b"2"])
