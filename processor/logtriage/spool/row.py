"""What the spool holds: the rows, and the little of each row that stays in memory."""

from __future__ import annotations

from dataclasses import dataclass

from logtriage.schema.transit import Metadata

ROW_OVERHEAD_BYTES = 512
"""What a row takes beside its payload: columns, pages that are not full, its head in memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Records of one request that wait for the same thing, as bytes of an ExportLogsServiceRequest."""

    payload: bytes
    records: int
    fingerprint: bytes
    """Of all of its records, 8 bytes; empty where they differ."""
    metadata: Metadata
    """What came with the request and goes on downstream with its records."""
    tenant: bytes
    received_unix_nano: int
    deadline_unix_nano: int
    request_hash: bytes
    """`request_hash_of` the whole request."""

    @property
    def size_bytes(self) -> int:
        """What the row counts for against `hold.max_mib`."""
        metadata = sum(len(key) + len(value) for key, value in self.metadata)
        return len(self.payload) + len(self.tenant) + metadata + ROW_OVERHEAD_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known of a row without reading it. ``id`` grows, and is never used again."""

    id: int
    fingerprint: bytes
    records: int
    size_bytes: int
    deadline_unix_nano: int


def head_of(row: Row, row_id: int) -> Head:
    """Give the head of a row that is stored as ``row_id``."""
    return Head(
        id=row_id,
        fingerprint=row.fingerprint,
        records=row.records,
        size_bytes=row.size_bytes,
        deadline_unix_nano=row.deadline_unix_nano,
    )
