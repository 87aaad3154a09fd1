"""What the pipeline asks of a spool. `SqliteSpool` and `MemorySpool` pass the same contract suite.

The way of a row::

    put (tentative) ─┬─ keep ──▶ held ──▶ read ──▶ remove
                     └─ discard

Each `put` is followed by `keep` or `discard` of all of its rows, whatever happens to the call in between (shield it
against cancellation): a row that saw neither waits until the next start.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from logtriage.spool.row import Head, Row

Found = Callable[[Sequence[Head]], None]
"""Told on the event loop about rows that could only be read after `Spool.start` had returned."""


class Spool(Protocol):
    """Holds rows until they are delivered. Belongs to one event loop, which it never blocks."""

    async def start(self, found: Found) -> list[Head]:
        """Open and give what is held from before; rows that a crash left tentative are among it.

        No payload is read. What can be read only later (a disk that fails for now, a corrupt file whose rows are being
        salvaged) is told to ``found``, row by row or many at once. Content never makes it fail, and neither does a disk
        that cannot be written, or that has not answered in some seconds: then `is_broken` is true until that passes.

        Raises:
            SpoolInUseError: another process holds the folder.
            SpoolFormatError: a newer LogTriage wrote it; it is left as it is.

        Where the disk hangs, neither may be known in time: then it is logged, and `is_broken` stays true.
        """
        ...

    async def put(self, rows: Sequence[Row]) -> list[Head]:
        """Store rows of one request, all or none; returns once they are committed and synced.

        They are tentative: not to be delivered before `keep`. Works beyond `has_room`, up to the limits themselves.

        Raises:
            SpoolUnavailableError: the limits are reached, the disk is full or broken: nothing was stored.
        """
        ...

    async def keep(self, ids: Collection[int], request_hash: bytes) -> None:
        """Make rows held, before the sender gets its OK. Call it also without rows where `take_suppressed` gave any.

        Raises:
            SpoolUnavailableError: the rows are not safe, and the spool has let go of all of ``ids``: deliver these
                records now, or let the sender keep them. They are stored again if they come again.
        """
        ...

    async def discard(self, ids: Collection[int], request_hash: bytes) -> None:
        """Forget tentative rows: the sender is about to be told to keep the request. Never raises.

        If the disk fails meanwhile, the deletion is made up for once it works; what a crash cuts off arrives twice.
        """
        ...

    def answer_taken(self, request_hash: bytes) -> None:
        """Say that a kept request's OK was taken: an equal request that comes from now on is another one."""
        ...

    def answer_lost(self, request_hash: bytes) -> None:
        """Say that a kept request's call ended before its OK was taken: the sender will send it again."""
        ...

    def take_suppressed(self, request_hash: bytes) -> frozenset[bytes]:
        """Give the fingerprints whose rows of an equal request are stored already; empty for a request like any other.

        That is so where the equal request ended unanswered within the last ten minutes: its OK was not taken, or a
        crash cut it off between `put` and `keep`. Only rows with these very fingerprints may be left out of `put`:
        after a crash, more records may have to wait than did before. Given once; `keep` or `discard` of the same hash
        must follow, as after `put`.
        """
        ...

    async def read(self, ids: Sequence[int]) -> list[tuple[Head, Row | None]]:
        """Read rows back, in the order of ``ids``. ``None``: the row is corrupt; it is counted as lost and removed.

        An id that is not held (removed meanwhile) is left out.

        Raises:
            SpoolUnavailableError: cannot be read for now: try again in a second or more.
        """
        ...

    async def remove(self, ids: Collection[int]) -> None:
        """Delete rows that were delivered. Never raises; makes up for it as `discard` does."""
        ...

    async def close(self) -> None:
        """Finish what was asked for, and leave the folder to others. Rows stay."""
        ...

    @property
    def has_room(self) -> bool:
        """False from 80 % of a limit on until all are below 60 %, on a full disk, and while broken: hold nothing."""
        ...

    @property
    def free_bytes_below_floor(self) -> int | None:
        """What the disk has free, if that is less than `hold.min_free_mib`; else None."""
        ...

    @property
    def is_broken(self) -> bool:
        """True while nothing can be stored because of the disk or the file; it ends by itself."""
        ...

    @property
    def rows(self) -> int:
        """How many rows are stored, tentative ones too."""
        ...

    @property
    def records(self) -> int:
        """How many records they have."""
        ...

    @property
    def size_bytes(self) -> int:
        """How much they count for against `hold.max_mib`."""
        ...
