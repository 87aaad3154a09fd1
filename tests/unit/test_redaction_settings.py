"""Settings of redaction: users' patterns are bounded and tested when the settings are read."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from logtriage.config.redaction import RedactionSettings


def settings_with(pattern: str, **more: str) -> RedactionSettings:
    return RedactionSettings.model_validate({"patterns": [{"name": "mine", "pattern": pattern, **more}]})


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bC-[0-9]{6}\b",
        r"(?:AB|CD)[0-9]{2,8}",
        r"[*+]x{1,3}",
        r"a\+b\*",
        r"[]+]x",
        r"[^]*]x",
        r"(?i:mrn)[ :]{1,3}[0-9]{8}",
    ],
)
def test_bounded_patterns_are_taken(pattern: str) -> None:
    assert settings_with(pattern).patterns[0].pattern == pattern


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        (r"a+", "unbounded"),
        (r"[a-z]*x", "unbounded"),
        (r"x{2,}", "unbounded"),
        (r"(?:ab{1,5}){1,5}", "repeats a group"),
        (r"a{0,64}b{0,64}c", "ways"),
        (r"(ab)c", "capturing group"),
        (r"x{0,5}", "empty text"),
        (r"(?:", "no regular expression"),
        (r"x", "at least 2"),
        ("ab" * 300, "at most 500"),
    ],
)
def test_a_pattern_that_could_be_slow_or_wrong_is_refused_with_the_reason(pattern: str, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        settings_with(pattern)


def test_an_example_that_the_pattern_does_not_match_is_refused() -> None:
    settings_with(r"C-[0-9]{6}", example="order C-123456")
    with pytest.raises(ValidationError, match="is not matched"):
        settings_with(r"C-[0-9]{6}", example="order C-12")


@pytest.mark.parametrize("name", ["1x", "a", "x_", "a b", "é" * 3])
def test_a_name_that_makes_no_placeholder_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="no name"):
        RedactionSettings.model_validate({"patterns": [{"name": name, "pattern": "abc"}]})
