"""The records of one request that are to wait for the model, and the rows that they wait in.

All records of one request and fingerprint wait, or none: a request that is sent again because its answer was lost is
known by its bytes, and of what is stored of it only the fingerprints are remembered.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from logtriage._pb.logtriage.wire.v1.projection_pb2 import LogsRequest, ResourceLogs, ScopeLogs
from logtriage.pipeline.outgoing import envelope_of_resource, envelope_of_scope
from logtriage.schema.provenance import Reason
from logtriage.schema.transit import Metadata
from logtriage.spool.row import Row


class HeldRecord(NamedTuple):
    """One record and its place: ``request.resource_logs[resource].scope_logs[scope].log_records[place]``.

    ``is_asked_about``: the model was asked by this very record.
    """

    resource: int
    scope: int
    place: int
    raw: bytes
    fingerprint: bytes
    source_service: str
    is_asked_about: bool


class Held:
    """Collects the records of one request that are to wait, in their order."""

    __slots__ = ("_waits", "records")

    def __init__(self) -> None:
        self.records: list[HeldRecord] = []
        self._waits: dict[bytes, bool] = {}

    def waits(self, fingerprint: bytes, wanted: bool) -> bool:
        """Decide for a fingerprint by its first record in the request."""
        return self._waits.setdefault(fingerprint, wanted)

    @property
    def fingerprints(self) -> frozenset[bytes]:
        """The fingerprints whose records wait."""
        return frozenset(fingerprint for fingerprint, waits in self._waits.items() if waits)


class Leaving:
    """A row of held records that leaves: why it waits no longer, and which of its records the model judged.

    ``reason`` is None if the model answered; ``asked_about`` is -1 if it was asked by none of them.
    """

    __slots__ = ("_passed", "asked_about", "reason")

    def __init__(self, reason: Reason | None, asked_about: int = -1) -> None:
        self.reason = reason
        self.asked_about = asked_about
        self._passed = 0

    def passes_asked_about(self) -> bool:
        """Count one more record; tell whether the model was asked by it."""
        self._passed += 1
        return self._passed - 1 == self.asked_about


class NewRow(NamedTuple):
    """A row to be stored. ``asked_about``: which of its records the model was asked by; -1 for none.

    Of a row that never waits: ``reason`` says why its records could not, ``is_counted`` that they were counted already.
    """

    row: Row
    source_service: str
    asked_about: int
    reason: Reason | None = None
    is_counted: bool = False


class Origin(NamedTuple):
    """What all rows of one request share."""

    metadata: Metadata
    tenant: bytes
    received_unix_nano: int
    deadline_unix_nano: int
    request_hash: bytes


class _Growing:
    """A row while its records are collected."""

    __slots__ = ("asked_about", "first", "last_place", "payload", "records")

    def __init__(self, first: HeldRecord) -> None:
        self.payload = LogsRequest()
        self.records = 0
        self.asked_about = -1
        self.first = first
        self.last_place = (-1, -1)


def rows_of(request: LogsRequest, held: Sequence[HeldRecord], origin: Origin) -> list[NewRow]:
    """Give one row a fingerprint: its records as they came, in their order, under their resources and scopes."""
    resources: dict[int, ResourceLogs] = {}
    scopes: dict[tuple[int, int], ScopeLogs] = {}
    growing: dict[bytes, _Growing] = {}
    for record in held:
        row = growing.setdefault(record.fingerprint, _Growing(record))
        key = (record.resource, record.scope)
        if row.last_place != key:
            if row.last_place[0] != record.resource:
                envelope = resources.get(record.resource)
                if envelope is None:
                    envelope = envelope_of_resource(request.resource_logs[record.resource])
                    resources[record.resource] = envelope
                row.payload.resource_logs.add().CopyFrom(envelope)
            scope = scopes.get(key)
            if scope is None:
                scope = envelope_of_scope(request.resource_logs[record.resource].scope_logs[record.scope])
                scopes[key] = scope
            row.payload.resource_logs[-1].scope_logs.add().CopyFrom(scope)
            row.last_place = key
        row.payload.resource_logs[-1].scope_logs[-1].log_records.append(record.raw)
        if record.is_asked_about and row.asked_about < 0:
            row.asked_about = row.records
        row.records += 1
    return [
        NewRow(
            _row(row.payload.SerializeToString(), row.records, fingerprint, origin),
            row.first.source_service,
            row.asked_about,
        )
        for fingerprint, row in growing.items()
    ]


def row_of_rest(payload: bytes, records: int, origin: Origin, *, reason: Reason | None, is_counted: bool) -> NewRow:
    """Give the row of what downstream did not take of a request of which it took a part: nothing of it waits."""
    return NewRow(_row(payload, records, b"", origin), "", -1, reason, is_counted)


def take_out(request: LogsRequest, held: Sequence[HeldRecord], fingerprints: Collection[bytes]) -> int:
    """Take the records of these fingerprints out of their request; give how many. What is empty then goes, too."""
    places: dict[tuple[int, int], set[int]] = {}
    taken = 0
    for record in held:
        if record.fingerprint in fingerprints:
            places.setdefault((record.resource, record.scope), set()).add(record.place)
            taken += 1
    for (resource, scope), gone in sorted(places.items(), reverse=True):
        scope_logs = request.resource_logs[resource].scope_logs[scope]
        left = [raw for i, raw in enumerate(scope_logs.log_records) if i not in gone]
        del scope_logs.log_records[:]
        scope_logs.log_records.extend(left)
        if not left:
            del request.resource_logs[resource].scope_logs[scope]
            if not request.resource_logs[resource].scope_logs:
                del request.resource_logs[resource]
    return taken


def _row(payload: bytes, records: int, fingerprint: bytes, origin: Origin) -> Row:
    return Row(
        payload=payload,
        records=records,
        fingerprint=fingerprint,
        metadata=tuple(origin.metadata),
        tenant=origin.tenant,
        received_unix_nano=origin.received_unix_nano,
        deadline_unix_nano=origin.deadline_unix_nano,
        request_hash=origin.request_hash,
    )
