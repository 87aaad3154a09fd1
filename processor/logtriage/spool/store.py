"""What is done with the spool's files, by one thread: what is asked in one commit, what is due each second."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from logtriage.crash_points import CrashPoint, reach
from logtriage.errors import SpoolUnavailableError
from logtriage.spool.database import Connect, NotOursError, connect
from logtriage.spool.events import Events
from logtriage.spool.faults import Fault
from logtriage.spool.folder import Folder
from logtriage.spool.known import Known
from logtriage.spool.open_files import OpenFiles
from logtriage.spool.ops import Keep, Op, Put, Read, Remove
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
        self._known = Known()
        self._files = OpenFiles(folder, self._known, events, retry_seconds=retry_seconds, connect=connect, clock=clock)
        self.has_space = True
        self.free_bytes_below_floor: int | None = None

    @property
    def is_broken(self) -> bool:
        """True while nothing can be stored because of the disk or the file."""
        return self._files.fault is not None

    @property
    def is_busy(self) -> bool:
        """True while there is work that nobody asked for and that should not wait for the next second."""
        return self._files.recovery.is_salvaging and self._files.fault is None

    def open(self) -> None:
        """Open for the first time; a disk that fails is tried again later.

        Raises:
            SpoolInUseError: another process holds the folder.
            SpoolFormatError: a newer version wrote the file.
        """
        self._files.open()
        self._look_at_space()

    def run(self, ops: Sequence[Op]) -> None:
        """Do what is asked; each op says how it went."""
        self._files.heal()
        for op in ops:
            if isinstance(op, Remove):
                self._events.gone(self._known.take_out(op.ids))
        for _ in range(2):
            if self._files.fault is not None:
                break
            try:
                self._commit(ops)
                break
            except Exception as error:
                self._files.fail(error)
        else:
            self._refuse(ops)
        if self._files.fault is not None:
            self._refuse(ops)
        for op in ops:
            if isinstance(op, Read):
                self._read(op)
        self._checkpoint_if_long()

    def tend(self, *, is_idle: bool) -> None:
        """Do each second what nobody asks for: heal, salvage, look at the free space; in a quiet one, shrink."""
        self.run(())
        self._look_at_space()
        if self._files.db is None or self._files.fault is not None:
            return
        try:
            if self._files.counts.is_too_long:
                self._files.counts.restart(self._known.account)
            if is_idle and self.has_space and is_worth_shrinking(self._folder, self._known):
                self._files.db.vacuum()
            if is_idle and wal_bytes(self._folder) > 0:
                checkpoint(self._files.db, shrink=True)
        except Exception as error:
            self._files.fail(error)

    def close(self) -> None:
        """Close the files and leave the folder."""
        self._files.close()

    def _commit(self, ops: Sequence[Op]) -> None:
        """Do all that is asked, and what is due, in one transaction."""
        db = self._files.in_place()
        self._files.recovery.finish_if_done(self._known)
        puts = [op for op in ops if isinstance(op, Put)]
        if puts and not self._may_grow(puts):
            puts = []
        keeps = [op for op in ops if isinstance(op, Keep) and self._can_keep(op)]
        removes = [op for op in ops if isinstance(op, Remove)]
        known, rescued = self._known, self._files.recovery.next_slice(self._known)
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
        self._files.counts.append(sequence, known.last_id, removed, accounted)
        known.doomed.clear()
        known.stale_marks.clear()
        known.heads.update((head.id, head) for head, _ in added)
        known.tentative.update(head.id for head, _ in added)
        known.tentative.difference_update(kept)
        known.cut_off.difference_update(kept)
        if removes:
            reach(CrashPoint.REMOVED)
        if rescued.rows or rescued.lost:
            self._files.recovery.rescued(known, rescued)
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
            if row_id in self._known.wanted and self._files.fault is None:
                self._rescue(row_id)
            if row_id not in self._known.heads:
                return None, True
            if self._files.db is None or row_id in self._known.wanted:
                return None, False
            try:
                row = self._files.db.read(row_id)
                if row is not None:
                    return row, True
                raise NotOursError("has a damaged row")
            except Exception as error:
                self._files.fail(error)
        return None, False

    def _rescue(self, row_id: int) -> None:
        """Salvage one row ahead of its turn."""
        rescued = self._files.recovery.next_slice(self._known, only=[row_id])
        if self._files.db is None or not (rescued.rows or rescued.lost):
            return
        try:
            self._files.db.begin()
            self._files.db.insert(rescued.rows, is_tentative=False)
            self._known.sequence += 1
            self._files.db.commit(sequence=self._known.sequence, last_id=self._known.last_id)
            self._files.counts.append(self._known.sequence, self._known.last_id, rescued.lost, {})
            self._files.recovery.rescued(self._known, rescued)
        except Exception as error:
            self._files.fail(error)

    def _refuse(self, ops: Sequence[Op]) -> None:
        """Let go of what nobody was promised; what was removed stays doomed until the disk works again."""
        fault = self._files.fault or Fault.BUG
        for op in ops:
            if isinstance(op, Put | Keep) and op.error is None:
                op.error = SpoolUnavailableError(f"nothing can be stored: {fault.meaning}", reason=fault.value)
            if isinstance(op, Keep):
                self._let_go(op)

    def _let_go(self, op: Keep) -> None:
        """Let go of rows that are not kept. The marks go all the same, once the disk works: it is answered."""
        self._events.gone(self._known.take_out(op.ids))
        self._known.stale_marks.update(op.marks)

    def _checkpoint_if_long(self) -> None:
        if self._files.db is None or self._files.fault is not None or wal_bytes(self._folder) < CHECKPOINT_BYTES:
            return
        try:
            checkpoint(self._files.db, shrink=False)
        except Exception as error:
            self._files.fail(error)

    def _look_at_space(self) -> None:
        try:
            free = free_bytes(self._folder)
            self.has_space = free >= self._min_free_bytes
            self.free_bytes_below_floor = None if self.has_space else free
        except OSError:
            self.has_space = False
        if wal_bytes(self._folder) > MAX_WAL_BYTES:
            self.has_space = False
