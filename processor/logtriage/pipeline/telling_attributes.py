"""The attributes of a record that tell something: part of its fingerprint, its own level, how many it stands for.

Most attributes of most records tell nothing, and most come again byte for byte: those are known by their bytes, and
only new ones are parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from logtriage._pb.logtriage.wire.v1.projection_pb2 import AnyValue, KeyValue
from logtriage.pipeline.values import scalar_text
from logtriage.schema.record import LEVEL_NAMES
from logtriage.schema.severity import Severity, severity_of_word
from logtriage.triage.envelope import LOG_COUNT, weight_of
from logtriage.verdicts.fingerprint import is_in_fingerprint
from logtriage.verdicts.repeats import Repeats

_MAX_KNOWN = 4096
_MAX_KNOWN_BYTES = 512


class Telling(NamedTuple):
    """One attribute that tells something. ``level``: of one of `LEVEL_NAMES` whose value is a level word."""

    key: bytes
    value: AnyValue
    is_in_fingerprint: bool
    level: Severity | None


class TellingAttributes:
    """Reads attributes. Not thread-safe: it belongs to the event loop."""

    def __init__(self) -> None:
        self._attributes: Repeats[Telling | None] = Repeats(max_entries=_MAX_KNOWN, max_text_bytes=_MAX_KNOWN_BYTES)

    def among(self, attributes: Iterable[bytes]) -> Sequence[Telling]:
        """Give those of a record's attributes that tell something, in order.

        Raises:
            DecodeError: one of them is no KeyValue.
        """
        known = self._attributes.known
        found: list[Telling] = []
        for raw in attributes:
            telling = known.get(raw, _UNREAD)
            if telling is _UNREAD:
                telling = self._read(raw)
            if telling is not None:
                found.append(telling)
        return found

    def _read(self, raw: bytes) -> Telling | None:
        telling = _telling(KeyValue.FromString(raw))
        if self._attributes.is_second(raw):
            self._attributes.keep(raw, telling)
        return telling


_UNREAD = Telling(b"", AnyValue(), False, None)


def _telling(attribute: KeyValue) -> Telling | None:
    key = attribute.key
    if key.lower() in LEVEL_NAMES:
        word = attribute.value.string_value
        level = severity_of_word(word.decode("utf-8", "replace")) if word else None
        return Telling(key, attribute.value, is_in_fingerprint(key), level)
    if is_in_fingerprint(key) or key == LOG_COUNT:
        return Telling(key, attribute.value, key != LOG_COUNT, None)
    return None


def fingerprint_attributes(attributes: Iterable[Telling]) -> dict[bytes, bytes]:
    """Give the attributes that a fingerprint reads, as text; first of duplicates."""
    found: dict[bytes, bytes] = {}
    for attribute in attributes:
        if attribute.is_in_fingerprint and attribute.key not in found:
            found[attribute.key] = scalar_text(attribute.value)
    return found


def log_count_of(attributes: Iterable[Telling]) -> int:
    """Give how many records one stands for (`log_count` of the Collector's `log_dedup`); 1 without it."""
    for attribute in attributes:
        if attribute.key == LOG_COUNT:
            return weight_of({LOG_COUNT: scalar_text(attribute.value)})
    return 1
