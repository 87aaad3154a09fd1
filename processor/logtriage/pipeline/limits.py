"""What a record may still carry before a backend refuses it because of us.

Loki refuses an entry with more than 128 structured-metadata entries or 64 KiB of them; resource and scope attributes,
and about ten fields of the record itself, become entries too.
"""

from __future__ import annotations

from dataclasses import dataclass

from logtriage._pb.logtriage.wire.v1.projection_pb2 import Record
from logtriage.pipeline.views import entries_of
from logtriage.schema.attributes import MAX_RECORD_ENTRIES, MAX_RECORD_METADATA_BYTES
from logtriage.schema.record import ResourceView

RECORD_FIELD_ENTRIES = 10
"""severity_number, severity_text, trace_id, span_id, flags, event_name, observed_timestamp, dropped_attributes_count,
scope_name, scope_version (Loki, pkg/loghttp/push/otlp.go)."""

OUR_ENTRIES = 18
"""At most: category, severity, confidence, actionable, status, engine, reason, fingerprint, first_seen, verdict_id,
model, prompt_version, suggested_action, evidence, reasoning_trace, and three originals."""

OUR_SMALL_BYTES = 2048
"""At most what we add without reasoning and evidence."""

_CLEARLY_BELOW_BYTES = MAX_RECORD_METADATA_BYTES - 20 * 1024
_CLEARLY_BELOW_ENTRIES = MAX_RECORD_ENTRIES - RECORD_FIELD_ENTRIES - OUR_ENTRIES
_BYTES_OF_AN_ENTRY = 5
"""An attribute of one letter without a value takes as many; a record too small to hold many needs no counting."""


@dataclass(frozen=True, slots=True)
class Room:
    """What still fits."""

    reasoning: bool
    evidence: bool


PLENTY = Room(reasoning=True, evidence=True)


def plenty_below_bytes(resource: ResourceView) -> int:
    """Give the size under which a record of this resource has room for all: too small to hold many attributes."""
    if resource.size_bytes >= _CLEARLY_BELOW_BYTES:
        return 0
    return max(0, (_CLEARLY_BELOW_ENTRIES - resource.entries + 1) * _BYTES_OF_AN_ENTRY)


def room_of(
    record: Record, size_bytes: int, resource: ResourceView, *, evidence_bytes: int, reasoning_bytes: int
) -> Room:
    """Tell what fits on a record of ``size_bytes``: the reasoning goes first, then the evidence."""
    if size_bytes < plenty_below_bytes(resource):
        return PLENTY
    entries = resource.entries + RECORD_FIELD_ENTRIES
    for item in record.attributes:
        entries += entries_of(item.value)
        if entries > MAX_RECORD_ENTRIES:
            break
    metadata_bytes = resource.size_bytes + size_bytes - record.body.ByteSize()
    entries_left = MAX_RECORD_ENTRIES - entries - OUR_ENTRIES
    bytes_left = MAX_RECORD_METADATA_BYTES - metadata_bytes - OUR_SMALL_BYTES
    if entries_left >= 0 and bytes_left >= evidence_bytes + reasoning_bytes:
        return PLENTY
    if entries_left >= -1 and bytes_left >= evidence_bytes:
        return Room(reasoning=False, evidence=True)
    return Room(reasoning=False, evidence=False)
