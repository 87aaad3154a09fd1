"""The spool's files, used by one thread: commits what is asked in groups, and comes back from faults.

A commit that failed is in doubt: its rows are doomed, and before the next commit the file is opened anew and compared
with what is known.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from logtriage.crash_points import CrashPoint, reach
from logtriage.errors import SpoolError, SpoolStartError, SpoolUnavailableError
from logtriage.spool.counts import Counts
from logtriage.spool.database import Connect, Database, NotOursError, connect
from logtriage.spool.events import Events
from logtriage.spool.faults import Fault, fault_of
from logtriage.spool.folder import Folder
from logtriage.spool.known import Known
from logtriage.spool.ops import Keep, Op, Put, Read, Remove
from logtriage.spool.recovery import Recovery
from logtriage.spool.row import Head, Row, head_of
from logtriage.spool.upkeep import (
    CHECKPOINT_BYTES,
    MAX_WAL_BYTES,
    checkpoint,
    free_bytes,
    is_worth_shrinking,
    wal_bytes,
)


class Store:
    """All methods may block on the disk; none but `open` raises."""

    def __init__(
        self,
        folder: Folder,
        events: Events,
        *,
        min_free_bytes: int,
        retry_seconds: float,
        connect: Connect = connect,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folder = folder
        self._events = events
        self._min_free_bytes = min_free_bytes
        self._retry_seconds = retry_seconds
        self._clock = clock
        self._counts = Counts(folder.path)
        self._recovery = Recovery(folder, self._counts, events, connect=connect, clock=clock)
        self._known = Known()
        self._db: Database | None = None
        self._fault: Fault | None = None
        self._retry_at = 0.0
        self.has_space = True
        self.free_bytes_below_floor: int | None = None

    @property
    def is_broken(self) -> bool:
        """True while nothing can be stored because of the disk or the file."""
        return self._fault is not None

    @property
    def is_busy(self) -> bool:
        """True while there is work that nobody asked for and that should not wait for the next second."""
        return self._recovery.is_salvaging and self._fault is None

    def open(self) -> None:
        """Open for the first time; a disk that fails is tried again later.

        Raises:
            SpoolInUseError: another process holds the folder.
            SpoolFormatError: a newer version wrote the file.
        """
        try:
            self._folder.take()
            self._db = self._recovery.open(self._known)
            self._counts.restart(self._known.account)
        except SpoolStartError:
            raise
        except Exception as error:
            self._fail(error)
        self._look_at_space()

    def run(self, ops: Sequence[Op]) -> None:
        """Do what is asked; each op says how it went."""
        self._heal()
        for op in ops:
            if isinstance(op, Remove):
                self._events.gone(self._known.take_out(op.ids))
        for _ in range(2):
            if self._fault is not None:
                break
            try:
                self._commit(ops)
                break
            except Exception as error:
                self._fail(error)
        else:
            self._refuse(ops)
        if self._fault is not None:
            self._refuse(ops)
        for op in ops:
            if isinstance(op, Read):
                self._read(op)
        self._checkpoint_if_long()

    def tend(self, *, is_idle: bool) -> None:
        """Do each second what nobody asks for: heal, salvage, look at the free space; in a quiet one, shrink."""
        self.run(())
        self._look_at_space()
        if self._db is None or self._fault is not None:
            return
        try:
            if self._counts.is_too_long:
                self._counts.restart(self._known.account)
            if is_idle and self.has_space and is_worth_shrinking(self._folder, self._known):
                self._db.vacuum()
            if is_idle and wal_bytes(self._folder) > 0:
                checkpoint(self._db, shrink=True)
        except Exception as error:
            self._fail(error)

    def close(self) -> None:
        """Close the files and leave the folder."""
        if self._db is not None:
            self._db.close()
        self._recovery.close()
        self._counts.close()
        self._folder.release()

    def _commit(self, ops: Sequence[Op]) -> None:
        """Do all that is asked, and what is due, in one transaction."""
        db = self._in_place()
        self._recovery.finish_if_done(self._known)
        puts = [op for op in ops if isinstance(op, Put)]
        if puts and not self._may_grow(puts):
            puts = []
        keeps = [op for op in ops if isinstance(op, Keep) and self._can_keep(op)]
        removes = [op for op in ops if isinstance(op, Remove)]
        known, rescued = self._known, self._recovery.next_slice(self._known)
        is_due = known.doomed or known.stale_marks or rescued.rows or rescued.lost
        if not (puts or keeps or removes or is_due):
            return
        began = time.perf_counter()
        added = [pair for put in puts for pair in self._with_ids(put)]
        kept = {row_id for op in keeps for row_id in (*op.ids, *op.marks)}
        settled = kept | (known.doomed - known.cut_off) | known.stale_marks
        doomed = set(known.doomed)
        sequence = known.sequence + 1
        known.doomed.update(head.id for head, _ in added)
        db.begin()
        db.delete(doomed)
        db.insert(added, is_tentative=True)
        db.insert(rescued.rows, is_tentative=False)
        db.settle(settled)
        db.commit(sequence=sequence, last_id=known.last_id)
        known.sequence = sequence
        removed = [*doomed, *rescued.lost]
        accounted = {row_id: known.heads[row_id].records for op in keeps for row_id in op.ids}
        self._counts.append(sequence, known.last_id, removed, accounted)
        known.doomed.clear()
        known.stale_marks.clear()
        known.heads.update((head.id, head) for head, _ in added)
        known.tentative.update(head.id for head, _ in added)
        known.tentative.difference_update(kept)
        known.cut_off.difference_update(kept)
        if removes:
            reach(CrashPoint.REMOVED)
        if rescued.rows or rescued.lost:
            self._recovery.rescued(known, rescued)
        self._events.committed(time.perf_counter() - began)

    def _with_ids(self, put: Put) -> list[tuple[Head, Row]]:
        put.heads = []
        for row in put.rows:
            self._known.last_id += 1
            put.heads.append(head_of(row, self._known.last_id))
        return list(zip(put.heads, put.rows, strict=True))

    def _may_grow(self, puts: Sequence[Put]) -> bool:
        """Refuse puts where the disk is too full for them."""
        self._look_at_space()
        if self.has_space:
            return True
        for put in puts:
            put.error = SpoolUnavailableError(
                "the disk of `state.directory` has less free than `hold.min_free_mib`", reason="low_disk"
            )
        return False

    def _can_keep(self, op: Keep) -> bool:
        if self._known.holds(op.ids):
            return True
        op.error = SpoolUnavailableError("the rows are not stored any more", reason="lost")
        self._let_go(op)
        return False

    def _read(self, op: Read) -> None:
        for row_id in op.ids:
            head = self._known.heads.get(row_id)
            row, is_known = self._row_of(row_id)
            if not is_known:
                op.error = SpoolUnavailableError("the spool cannot be read for now", reason="broken")
                return
            if head is not None:
                op.found.append((head, row))

    def _row_of(self, row_id: int) -> tuple[Row | None, bool]:
        """Read one row, wherever it is; false if that cannot be said now.

        A row that is not as it was written has the file set aside: a wrong page in its chain may belong to another row,
        and SQLite would free that with it.
        """
        for _ in range(2):
            if row_id in self._known.wanted and self._fault is None:
                self._rescue(row_id)
            if row_id not in self._known.heads:
                return None, True
            if self._db is None or row_id in self._known.wanted:
                return None, False
            try:
                row = self._db.read(row_id)
                if row is not None:
                    return row, True
                raise NotOursError("has a damaged row")
            except Exception as error:
                self._fail(error)
        return None, False

    def _rescue(self, row_id: int) -> None:
        """Salvage one row ahead of its turn."""
        rescued = self._recovery.next_slice(self._known, only=[row_id])
        if self._db is None or not (rescued.rows or rescued.lost):
            return
        try:
            self._db.begin()
            self._db.insert(rescued.rows, is_tentative=False)
            self._known.sequence += 1
            self._db.commit(sequence=self._known.sequence, last_id=self._known.last_id)
            self._counts.append(self._known.sequence, self._known.last_id, rescued.lost, {})
            self._recovery.rescued(self._known, rescued)
        except Exception as error:
            self._fail(error)

    def _refuse(self, ops: Sequence[Op]) -> None:
        """Let go of what nobody was promised; what was removed stays doomed until the disk works again."""
        fault = self._fault or Fault.BUG
        for op in ops:
            if isinstance(op, Put | Keep) and op.error is None:
                op.error = SpoolUnavailableError(f"nothing can be stored: {fault.meaning}", reason=fault.value)
            if isinstance(op, Keep):
                self._let_go(op)

    def _let_go(self, op: Keep) -> None:
        """Let go of rows that are not kept. The marks go all the same, once the disk works: it is answered."""
        self._events.gone(self._known.take_out(op.ids))
        self._known.stale_marks.update(op.marks)

    def _in_place(self) -> Database:
        """Give the database, back in its place if somebody moved it away."""
        if self._db is None:
            raise OSError("the spool is not open")
        if not (self._db.is_in_place and self._counts.is_in_place and self._folder.is_taken):
            self._reopen(self._db)
        return self._db

    def _reopen(self, db: Database | None) -> None:
        """Close and open anew, and compare; what is open is the better copy if the file's name is gone."""
        try:
            if db is None:
                self._db = self._recovery.open(self._known)
            elif db.is_in_place:
                db.close()
                self._db = self._recovery.open(self._known)
            else:
                self._db = self._recovery.put_back_in_place(self._known, db)
        finally:
            if self._db is not None and self._db.is_closed:
                self._db = None
        self._counts.restart(self._known.account)

    def _heal(self) -> None:
        """Try again what failed, when it is time: write, close, open anew, compare."""
        if self._fault is None or self._clock() < self._retry_at:
            return
        try:
            if self._db is not None and self._fault is not Fault.CORRUPT:
                self._db.begin()
                self._db.commit(sequence=self._known.sequence, last_id=self._known.last_id)
            self._reopen(self._db)
        except SpoolError as error:
            self._fail(OSError(str(error)))
        except Exception as error:
            self._fail(error)
        else:
            self._work_again()

    def _work_again(self) -> None:
        if self._fault is not None:
            self._fault = None
            self._events.recovered()

    def _fail(self, error: Exception) -> None:
        """Stop storing, or, where the file is corrupt, begin a new one at once."""
        fault = fault_of(error)
        if self._db is not None:
            self._db.rollback()
        if fault is Fault.CORRUPT and self._known.is_complete:
            try:
                if self._db is not None:
                    self._db.close()
                    self._db = None
                self._db = self._recovery.set_aside(self._known, error)
                self._counts.restart(self._known.account)
                self._work_again()
                return
            except Exception as second:
                error, fault = second, fault_of(second)
        self._fault = fault
        self._retry_at = self._clock() + self._retry_seconds
        self._events.failed(fault, error)

    def _checkpoint_if_long(self) -> None:
        if self._db is None or self._fault is not None or wal_bytes(self._folder) < CHECKPOINT_BYTES:
            return
        try:
            checkpoint(self._db, shrink=False)
        except Exception as error:
            self._fail(error)

    def _look_at_space(self) -> None:
        try:
            free = free_bytes(self._folder)
            self.has_space = free >= self._min_free_bytes
            self.free_bytes_below_floor = None if self.has_space else free
        except OSError:
            self.has_space = False
        if wal_bytes(self._folder) > MAX_WAL_BYTES:
            self.has_space = False
