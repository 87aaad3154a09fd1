"""Exception classes in a text: the root of the chain, by the name of its class."""

from __future__ import annotations

import pytest

from logtriage.engines.local.exception_search import find_class
from logtriage.engines.local.exceptions import CLASSES
from logtriage.engines.local.text import JudgedText


def _found_in(original: bytes) -> str | None:
    found = find_class(JudgedText(original=original, lowered=original.lower()))
    return found.name if found is not None else None


def test_each_known_class_is_found_by_its_name() -> None:
    missing = [name for name in CLASSES if _found_in(b"ferry: " + name + b": ramp is up") is None]

    assert not missing


@pytest.mark.parametrize(
    ("original", "name"),
    [
        (b"RampException\nCaused by: harbour.KeyError: quay", "KeyError"),
        (b"open ramp: ECONNREFUSED", "ECONNREFUSED"),
        (b"harbour.RampNotFound: 7", "an unknown class named like `notfound`"),
    ],
)
def test_the_class_nearest_the_root_is_given(original: bytes, name: str) -> None:
    assert _found_in(original) == name


@pytest.mark.parametrize(
    "original", [b"the error of an exception", b"rampException", b"Error", b"\tat a.KeyError.raise"]
)
def test_what_is_no_class_or_only_a_frame_is_not_found(original: bytes) -> None:
    assert _found_in(original) is None
