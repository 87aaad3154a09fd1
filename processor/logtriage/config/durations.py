"""Read and write durations in Go's notation (`5s`, `1m30s`, `200ms`), as the Collector's configuration has them."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, ValidationInfo, WithJsonSchema

_SECONDS_PER_UNIT = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART = r"\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h)"
_PATTERN = rf"^(?:0|(?:{_PART})+)$"
_DURATION = re.compile(_PATTERN.replace(r"\d", "[0-9]"))
_EACH_PART = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ns|us|µs|ms|s|m|h)")
_MAX_CHARACTERS = 64
_MAX_SECONDS = 2**63 / 1e9
"""Go's ``time.Duration`` is a signed 64-bit number of nanoseconds: about 292 years."""


def parse_duration(text: str) -> float:
    """Give the seconds of a duration such as ``1m30s``.

    Raises:
        ValueError: the text is no duration; the message says how to write one.
    """
    stripped = text.strip()
    if len(stripped) > _MAX_CHARACTERS or not _DURATION.match(stripped):
        raise ValueError(f"is no duration: {_hint(stripped)}")
    seconds = sum(float(amount) * _SECONDS_PER_UNIT[unit] for amount, unit in _EACH_PART.findall(stripped))
    if seconds >= _MAX_SECONDS:
        raise ValueError("is too long for a duration: the longest is about 292 years")
    return round(seconds, 9)


def format_duration(seconds: float) -> str:
    """Write seconds in the shortest form that `parse_duration` reads back: ``90.0`` gives ``1m30s``."""
    if seconds == 0:
        return "0s"
    nanoseconds = round(seconds * 1e9)
    if nanoseconds < 1_000_000_000:
        for unit, size in (("ms", 1_000_000), ("us", 1_000)):
            if nanoseconds % size == 0:
                return f"{nanoseconds // size}{unit}"
        return f"{nanoseconds}ns"
    whole, rest = divmod(nanoseconds, 1_000_000_000)
    hours, minutes, left = whole // 3600, whole // 60 % 60, whole % 60
    text = (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "")
    if left or rest:
        text += f"{left}{f'.{rest:09d}'.rstrip('0') if rest else ''}s"
    return text


def _hint(text: str) -> str:
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        return f"add a unit, for example `{text}s`"
    return "write `5s`, `1m30s`, `200ms` or `0s` (units: ns, us, ms, s, m, h)"


def _seconds_of_setting(value: Any, info: ValidationInfo) -> Any:
    """Read a duration; a bare number is seconds in Python code, and a fault in a file, where its unit is a guess."""
    if isinstance(value, str):
        return parse_duration(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and not (info.context or {}).get("is_from_file"):
        return value
    raise ValueError(f"is no duration: {_hint(str(value) if is_number else '')}")


Seconds = Annotated[
    float,
    BeforeValidator(_seconds_of_setting),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema({"type": "string", "pattern": _PATTERN.replace(r"\d", "[0-9]")}),
]
"""A duration: seconds in Python, Go's notation in YAML. Bounds are set by ``Field(gt=...)`` beside it."""
