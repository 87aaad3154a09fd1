"""The spool of `hold.mode: memory`: lost with the process, records and all."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from logtriage.spool.request_hashes import RequestHashes
from logtriage.spool.room import Room
from logtriage.spool.row import Head, Row, head_of
from logtriage.spool.spool import Found


class MemorySpool:
    """Keeps rows in memory. The answer OK is then no promise over a crash: `hold.mode: memory` says so."""

    def __init__(self, *, max_records: int, max_bytes: int) -> None:
        self._room = Room(max_records=max_records, max_bytes=max_bytes)
        self._rows: dict[int, tuple[Head, Row]] = {}
        self._hashes = RequestHashes()
        self._last_id = 0

    async def start(self, found: Found) -> list[Head]:
        """Give nothing: nothing is held from before."""
        return []

    async def put(self, rows: Sequence[Row]) -> list[Head]:
        """Store rows of one request, all or none."""
        self._room.check(rows)
        heads = []
        for row in rows:
            self._last_id += 1
            head = head_of(row, self._last_id)
            self._rows[head.id] = (head, row)
            heads.append(head)
        self._room.add(heads)
        if rows:
            self._hashes.opened(rows[0].request_hash, [row.fingerprint for row in rows])
        return heads

    async def keep(self, ids: Collection[int], request_hash: bytes) -> None:
        """Make rows held: nothing to do here."""
        self._hashes.expired()
        self._hashes.kept(request_hash)

    async def discard(self, ids: Collection[int], request_hash: bytes) -> None:
        """Forget tentative rows."""
        self._take_out(ids)
        self._hashes.discarded(request_hash)

    def answer_taken(self, request_hash: bytes) -> None:
        """Forget the hash."""
        self._hashes.answer_taken(request_hash)

    def answer_lost(self, request_hash: bytes) -> None:
        """Remember the hash."""
        self._hashes.answer_lost(request_hash)

    def take_suppressed(self, request_hash: bytes) -> frozenset[bytes]:
        """Give the fingerprints whose rows of an equal request are stored already."""
        return self._hashes.take(request_hash)

    async def read(self, ids: Sequence[int]) -> list[tuple[Head, Row | None]]:
        """Read rows back."""
        return [self._rows[row_id] for row_id in ids if row_id in self._rows]

    async def remove(self, ids: Collection[int]) -> None:
        """Delete rows that were delivered."""
        self._take_out(ids)

    async def close(self) -> None:
        """Nothing to do: what is left is lost, and whoever closes knows it by `rows`."""

    @property
    def has_room(self) -> bool:
        """False from 80 % of a limit on until both are below 60 %."""
        return self._room.has_room

    @property
    def free_bytes_below_floor(self) -> int | None:
        """Memory has no disk."""
        return None

    @property
    def is_broken(self) -> bool:
        """Memory does not break."""
        return False

    @property
    def rows(self) -> int:
        """How many rows are stored."""
        return self._room.rows

    @property
    def records(self) -> int:
        """How many records they have."""
        return self._room.records

    @property
    def size_bytes(self) -> int:
        """How much they count for against `hold.max_mib`."""
        return self._room.size_bytes

    @property
    def file_bytes(self) -> int:
        """Nothing is on disk."""
        return 0

    def _take_out(self, ids: Collection[int]) -> None:
        self._room.take([self._rows.pop(row_id)[0] for row_id in ids if row_id in self._rows])
