"""The spool on disk: the event loop's side. What blocks is done by the writing thread."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final, TypeVar

from logtriage.errors import SpoolStartError, SpoolUnavailableError
from logtriage.spool.database import Connect, connect
from logtriage.spool.faults import Fault
from logtriage.spool.folder import Folder
from logtriage.spool.lasting import Lasting
from logtriage.spool.ops import Asked, Keep, Put, Read, Remove, Stop
from logtriage.spool.request_hashes import RequestHashes
from logtriage.spool.room import Room
from logtriage.spool.row import Head, Row
from logtriage.spool.spool import Found
from logtriage.spool.store import Store
from logtriage.spool.told import Told
from logtriage.spool.upkeep import file_bytes
from logtriage.spool.writer import Writer
from logtriage.telemetry.logs import fields
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog

PATIENCE_SECONDS: Final = 1.0
"""A disk that hangs must not hold up answers: after this, `put` and `keep` give up and nothing more is held."""
START_PATIENCE_SECONDS: Final = 5.0
"""A disk that hangs must not keep the service from serving: after this it does, and holds once the spool is open."""
TEND_SECONDS: Final = 1.0
"""So often is done what nobody asks for; after a fault, everything is tried again after twice that."""
_CLOSE_SECONDS: Final = 5.0

_logger = logging.getLogger(__name__)

AskedT = TypeVar("AskedT", bound=Asked)


class SqliteSpool:
    """Keeps rows in `<state.directory>/spool`. A `Spool`."""

    def __init__(
        self,
        folder: Path,
        *,
        max_records: int,
        max_bytes: int,
        min_free_bytes: int,
        meter: Meter,
        rate_limited_log: RateLimitedLog,
        connect: Connect = connect,
        patience_seconds: float = PATIENCE_SECONDS,
        start_patience_seconds: float = START_PATIENCE_SECONDS,
        tend_seconds: float = TEND_SECONDS,
    ) -> None:
        self._folder = Folder(folder)
        self._min_free_bytes = min_free_bytes
        self._meter = meter
        self._log = rate_limited_log
        self._connect = connect
        self._patience_seconds = patience_seconds
        self._start_patience_seconds = start_patience_seconds
        self._tend_seconds = tend_seconds
        self._room = Room(max_records=max_records, max_bytes=max_bytes)
        self._hashes = RequestHashes()
        self._store: Store | None = None
        self._writer: Writer | None = None
        self._is_stuck = False
        self._hanging = Lasting()

    async def start(self, found: Found) -> list[Head]:
        """Open and give what is held from before."""
        loop = asyncio.get_running_loop()
        first: list[Head] = []
        is_started = False

        def hear(heads: Sequence[Head]) -> None:
            self._room.add(heads)
            if is_started:
                found(heads)
            else:
                first.extend(heads)

        told = Told(
            loop,
            found=hear,
            gone=self._room.take,
            cut_off=self._hashes.cut_off,
            forget_hashes=self._hashes.forget_all,
            meter=self._meter,
            log=self._log,
            folder=self._folder.path,
        )
        self._store = Store(
            self._folder,
            told,
            min_free_bytes=self._min_free_bytes,
            retry_seconds=2 * self._tend_seconds,
            connect=self._connect,
        )
        self._writer = Writer(
            self._store,
            loop,
            tend_seconds=self._tend_seconds,
            on_fault=lambda error: told.failed(Fault.BUG, error),
        )
        opening = self._writer.start()
        await asyncio.wait((opening,), timeout=self._start_patience_seconds)
        is_started = True
        if not opening.done():
            self._is_stuck = True
            self._hanging.is_to_be_told("opening")
            self._log.error(
                "opening",
                "the spool is not open yet, the disk of `state.directory` hangs or is slow: nothing is held until then",
                folder=str(self._folder.path),
                seconds=self._start_patience_seconds,
            )
            opening.add_done_callback(self._opened_late)
            return first
        try:
            opening.result()
        except SpoolStartError:
            self._writer = None
            raise
        return first

    def _opened_late(self, opening: asyncio.Future[None]) -> None:
        """Begin to hold; or never, if the folder is not ours: the service is serving by now, and goes on without."""
        error = None if opening.cancelled() else opening.exception()
        if error is None:
            self._unstick(opening)
            _logger.info("the spool is open: records are held from now on", extra=fields(folder=str(self._folder.path)))
            return
        if self._writer is not None:
            self._writer.refuse(SpoolUnavailableError("the spool cannot be opened", reason="closed"))
        self._writer = self._store = None
        self._log.error("opened late", "the spool cannot be opened: nothing is held until a restart", error=str(error))

    async def put(self, rows: Sequence[Row]) -> list[Head]:
        """Store rows of one request, all or none, tentative."""
        if not rows:
            return []
        if self._writer is None or self._is_stuck:  # one waits for a disk that hangs: others cost time and memory
            raise SpoolUnavailableError("the spool is not open, or its disk hangs", reason="hangs")
        self._room.check(rows)
        op = Put(self._future(), rows)
        self._room.add(rows)
        try:
            await self._ask(op, self._patience_seconds)
        except BaseException:
            self._give_up(op)
            raise
        self._hashes.opened(rows[0].request_hash, [row.fingerprint for row in rows])
        return op.heads

    async def keep(self, ids: Collection[int], request_hash: bytes) -> None:
        """Make rows held, before the sender gets its OK."""
        marks = {*self._hashes.kept(request_hash), *self._hashes.expired()}
        if not ids and not marks:
            return
        op = Keep(self._future(), tuple(ids), marks)
        try:
            await self._ask(op, self._patience_seconds)
        except SpoolUnavailableError:
            self._hashes.not_kept(request_hash)
            # A thread that is only late may still keep them: they are let go of behind it.
            self._ask_later(Remove(self._future(), op.ids))
            raise

    async def discard(self, ids: Collection[int], request_hash: bytes) -> None:
        """Forget tentative rows."""
        self._hashes.discarded(request_hash)
        await self._remove(ids, self._patience_seconds)

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
        op = Read(self._future(), ids)
        await self._ask(op, None)
        return op.found

    async def remove(self, ids: Collection[int]) -> None:
        """Delete rows that were delivered."""
        await self._remove(ids, None)

    async def _remove(self, ids: Collection[int], patience_seconds: float | None) -> None:
        if not ids:
            return
        try:
            await self._ask(Remove(self._future(), tuple(ids)), patience_seconds)
        except SpoolUnavailableError as error:
            self._log.error("remove", "rows could not be removed: they may be delivered twice", error=str(error))

    async def close(self) -> None:
        """Finish what was asked for, and leave the folder to others."""
        if self._writer is None:
            return
        try:
            await self._ask(Stop(self._future()), _CLOSE_SECONDS)
        except SpoolUnavailableError as error:
            self._log.error("close", "the spool could not be closed in time", error=str(error))
        else:
            self._writer.join(_CLOSE_SECONDS)
        self._writer = None

    @property
    def has_room(self) -> bool:
        """False over a mark, on a full disk, while broken, and while the disk hangs."""
        store = self._store
        if store is None or self._writer is None or self._is_stuck:
            return False
        return self._room.has_room and store.has_space and not store.is_broken

    @property
    def free_bytes_below_floor(self) -> int | None:
        """What the disk has free, if that is less than `hold.min_free_mib`; else None."""
        return None if self._store is None else self._store.free_bytes_below_floor

    @property
    def is_broken(self) -> bool:
        """True while nothing can be stored because of the disk or the file."""
        return self._store is None or self._store.is_broken or self._is_stuck

    @property
    def rows(self) -> int:
        """How many rows are stored, tentative ones too."""
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
        """What the database and its log take on the disk."""
        return file_bytes(self._folder)

    def _future(self) -> asyncio.Future[None]:
        return asyncio.get_running_loop().create_future()

    async def _ask(self, op: AskedT, patience_seconds: float | None) -> None:
        """Hand over and wait; raises the op's error, or that the disk hangs."""
        if self._writer is None:
            raise SpoolUnavailableError("the spool is not open", reason="closed")
        self._writer.ask(op)  # type: ignore[arg-type]
        done, _ = await asyncio.wait((op.done,), timeout=patience_seconds)
        if not done:
            self._is_stuck = True
            op.done.add_done_callback(self._unstick)
            if self._hanging.is_to_be_told("hangs"):
                self._log.error("hangs", "the disk of the spool hangs: nothing is held", seconds=patience_seconds)
            raise SpoolUnavailableError("the disk hangs", reason="hangs")
        self._unstick(op.done)
        if op.error is not None:
            raise op.error

    def _ask_later(self, op: Remove) -> None:
        if self._writer is not None:
            self._writer.ask(op)

    def _unstick(self, _: asyncio.Future[None]) -> None:
        self._is_stuck = False
        self._hanging.end()

    def _give_up(self, op: Put) -> None:
        """Let go of what was reserved; of rows that are, or will be, stored although nobody waits any more."""

        def let_go(_: object) -> None:
            if op.error is None:
                self._ask_later(Remove(self._future(), [head.id for head in op.heads]))
            else:
                self._room.take(op.rows)

        if op.done.done():
            let_go(op.done)
        else:
            op.done.add_done_callback(let_go)
