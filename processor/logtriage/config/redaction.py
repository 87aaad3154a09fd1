"""Settings of what is redacted before a text leaves for the model."""

from __future__ import annotations

import re
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from logtriage.config.section import Flag, Section

MAX_STEPS = 1024
"""Product of the variable repeats of a pattern: what one attempt may cost at worst."""

_LONGEST_PATTERN = 500
_QUANTIFIER = re.compile(r"\{(\d*)(,?)(\d*)\}")


def _checked_pattern(pattern: str) -> str:
    """Refuse what cannot be read, matches nothing at all, or could take longer than linear time."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    if compiled.search("") or compiled.match(""):
        raise ValueError("matches the empty text: it would redact everything")
    if compiled.groups:
        raise ValueError("has a capturing group: write `(?:...)`")
    if re.search(r"\\[1-9]|\(\?P=|\(\?\(", pattern):
        raise ValueError("refers back to a group: that can take very long on some texts")
    steps = 1
    for quantifier, is_after_group in _quantifiers(pattern):
        if quantifier in ("*", "+"):
            raise ValueError(f"has the unbounded `{quantifier}`: write how often at most, such as `{{1,64}}`")
        low, high = _bounds(quantifier)
        if high is None:
            raise ValueError(f"has the unbounded `{quantifier}`: write how often at most, such as `{{{low},64}}`")
        if is_after_group and high > 1 and _quantifiers_inside(pattern):
            raise ValueError("repeats a group that has repeats in it: that can take very long on some texts")
        steps *= max(1, high - low + 1)
    if steps > MAX_STEPS:
        raise ValueError(f"could try {steps} ways at each character, more than {MAX_STEPS}: use smaller repeats")
    return pattern


def _quantifiers(pattern: str) -> list[tuple[str, bool]]:
    """Give each quantifier outside of character classes, and whether it repeats a group."""
    found: list[tuple[str, bool]] = []
    index = 0
    is_in_class = False
    previous = ""
    while index < len(pattern):
        char = pattern[index]
        if char == "\\":
            previous = "\\x"
            index += 2
            continue
        if is_in_class:
            is_in_class = char != "]"
        elif char == "[":
            is_in_class = True
            index += 2 if pattern[index + 1 : index + 2] == "^" else 1
            previous = "]"
            index += pattern[index : index + 1] == "]"
            continue
        elif char == "(" and pattern[index + 1 : index + 2] == "?":
            index += 2
            continue
        elif char in "*+" or (char == "?" and previous not in ("*", "+", "}", "?")):
            found.append((char, previous == ")"))
        elif char == "{" and (quantifier := _QUANTIFIER.match(pattern, index)):
            found.append((quantifier[0], previous == ")"))
            index = quantifier.end()
            previous = "}"
            continue
        previous = char
        index += 1
    return found


def _quantifiers_inside(pattern: str) -> bool:
    return any(not is_after_group and quantifier != "?" for quantifier, is_after_group in _quantifiers(pattern))


def _bounds(quantifier: str) -> tuple[int, int | None]:
    if quantifier == "?":
        return 0, 1
    parts = _QUANTIFIER.match(quantifier)
    if parts is None or not (parts[1] or parts[3]):
        return 0, 0
    low = int(parts[1] or 0)
    if not parts[2]:
        return low, low
    return low, int(parts[3]) if parts[3] else None


def _checked_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z_]{0,30}[A-Za-z]", name):
        raise ValueError("is no name: 2 to 32 letters and `_`, a letter first and last")
    return name


KeyName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=64)]


class RedactionPattern(Section):
    """A pattern of the user's own."""

    name: Annotated[str, AfterValidator(_checked_name)] = Field(
        description="Names the placeholder: `customer` gives `<CUSTOMER_1>`."
    )
    pattern: Annotated[
        str, StringConstraints(min_length=2, max_length=_LONGEST_PATTERN), AfterValidator(_checked_pattern)
    ] = Field(description="A regular expression of Python with bounded repeats; the whole match is redacted.")
    example: str = Field("", max_length=2000, description="A text that the pattern must match; tested at start.")

    @model_validator(mode="after")
    def _example_must_match(self) -> Self:
        if self.example and not re.search(self.pattern, self.example):
            raise ValueError(f"`example` of `{self.name}` is not matched by `pattern`")
        return self


class RedactionSettings(Section):
    """What is redacted before a text leaves for the model."""

    ip_addresses: Flag = Field(
        False,
        description="Redact IP addresses too. They often tell which peer failed; loopback addresses always stay.",
    )
    allow: tuple[str, ...] = Field(
        (), max_length=1000, description="Never redacted: values as they stand in the text, or names of keys."
    )
    keys: tuple[KeyName, ...] = Field(
        (), max_length=200, description="Further names of keys whose values are always redacted, in any letter case."
    )
    patterns: tuple[RedactionPattern, ...] = Field(
        (), max_length=50, description="Further patterns that are redacted, each with a `name` and a `pattern`."
    )
