"""Open the spool, compare it with what is known, set a corrupt file aside, and salvage its rows piece by piece.

Whoever calls writes the account beside the database anew afterwards.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from logtriage.crash_points import CrashPoint, reach
from logtriage.spool.counts import Account, Counts
from logtriage.spool.database import Connect, Database, NotOursError, wal_of
from logtriage.spool.events import Events
from logtriage.spool.faults import Fault, fault_of
from logtriage.spool.folder import Folder
from logtriage.spool.known import Known
from logtriage.spool.row import Head, Row, head_of
from logtriage.spool.salvage import Source
from logtriage.spool.syncing import sync_folder

SET_ASIDE_SECONDS: Final = 10.0
"""Between two files that are set aside: a disk that damages each file must not fill itself with them."""
_SLICE_ROWS, _SLICE_BYTES = 256, 4 << 20
_RETRY_SECONDS, _MAX_TRIES = 2.0, 5


@dataclass(slots=True)
class Rescued:
    """A piece of what was salvaged, to be stored with the next commit."""

    rows: list[tuple[Head, Row]] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)


class Recovery:
    """Brings database and knowledge together. All methods raise `sqlite3.Error` and `OSError`."""

    def __init__(
        self, folder: Folder, counts: Counts, events: Events, *, connect: Connect, clock: Callable[[], float]
    ) -> None:
        self._folder = folder
        self._counts = counts
        self._events = events
        self._connect = connect
        self._clock = clock
        self._sources: list[Source] = []
        self._account_is_whole = True
        self._last_set_aside = float("-inf")
        self._retry_at = float("-inf")
        self._tries = 0

    @property
    def is_salvaging(self) -> bool:
        """True while rows are to be looked for in files that were set aside, and now is the time."""
        return bool(self._sources) and self._clock() >= self._retry_at

    def open(self, known: Known) -> Database:
        """Open the database and make it and what is known agree; a corrupt one is set aside.

        Raises:
            SpoolFormatError: a newer version wrote it.
        """
        if not self._folder.is_taken:
            self._folder.take()
        if not known.is_complete and not self._sources:
            self._sources = [Source(path, connect=self._connect) for path in self._folder.unfinished()]
        try:
            return self._opened(known)
        except sqlite3.Error as error:
            if fault_of(error) is not Fault.CORRUPT:
                raise
            return self.set_aside(known, error)

    def _opened(self, known: Known) -> Database:
        db = Database(self._folder.database, connect=self._connect)
        try:
            reach(CrashPoint.RECOVERY)
            stored = {head.id: head for head in db.heads()}
            marks = db.tentative()
            sequence, last_id = db.sequence, db.last_id
            if known.is_complete:
                self._compare(known, stored)
            else:
                self._learn(known, stored, marks, sequence)
            known.sequence = max(known.sequence, sequence)
            known.last_id = max(known.last_id, last_id, max(stored, default=0))
            known.is_complete = True
        except BaseException:
            db.close()
            raise
        return db

    def _learn(
        self, known: Known, stored: dict[int, Head], marks: list[tuple[int, bytes, bytes]], sequence: int
    ) -> None:
        """Take over what a first look finds, and hold the account against it.

        A database that fell back has rows that were delivered since, or whose sender was told to come again: both are
        in no account any more. It cannot tell which requests a crash cut off.
        """
        account = self._load_account()
        missing = {row_id: records for row_id, records in account.records_of.items() if row_id not in stored}
        is_behind = sequence < account.sequence
        if account.is_whole and (is_behind or sequence == account.sequence):
            if self._sources:
                known.wanted.update(missing)
            elif missing and not is_behind:
                raise NotOursError("lacks rows that were committed")
            elif missing:
                self._lose(sum(missing.values()), "missing")
            if is_behind:
                settled = stored.keys() - account.records_of.keys()
                known.doomed.update(settled)
                stored = {row_id: head for row_id, head in stored.items() if row_id not in settled}
                known.stale_marks.update(row_id for row_id, _, _ in marks)
                marks = []
        if self._sources and not account.is_whole:
            self._list_sources(known, stored)
        known.heads.update(stored)
        known.sequence = max(sequence, account.sequence)
        known.last_id = account.last_id
        known.cut_off.update(row_id for row_id, _, _ in marks)
        self._events.found(list(stored.values()))
        self._events.cut_off(marks)

    def _compare(self, known: Known, stored: dict[int, Head]) -> None:
        """Find what a fault left in the database that should not be there, and what it took out."""
        known.doomed.update(stored.keys() - known.heads.keys())
        missing = [row_id for row_id in known.heads if row_id not in stored and row_id not in known.wanted]
        if missing:
            acknowledged = sum(known.heads[row_id].records for row_id in missing if row_id not in known.tentative)
            self._events.gone(known.take_out(missing))
            self._lose(acknowledged, "missing")

    def set_aside(self, known: Known, cause: Exception) -> Database:
        """Move a corrupt database out of the way, begin an empty one, and want what the old one held.

        Raises:
            sqlite3.Error: too soon after the last time, or the new one cannot be made.
        """
        now = self._clock()
        if now - self._last_set_aside < SET_ASIDE_SECONDS:
            raise cause
        self._last_set_aside = now
        if known.is_complete:
            self._events.gone(known.take_out(list(known.tentative)))
            known.wanted.update({row_id: head.records for row_id, head in known.heads.items()})
        else:
            account = self._load_account()
            known.wanted.update(account.records_of)
            known.sequence, known.last_id = account.sequence, account.last_id
        aside = self._folder.set_aside()
        self._sources.append(Source(aside, connect=self._connect))
        if not known.is_complete and not self._account_is_whole:
            self._list_sources(known, {})
        known.last_id = max(known.last_id, max(known.wanted, default=0))
        known.is_complete = True
        known.doomed.clear()
        known.cut_off.clear()
        known.stale_marks.clear()
        self._events.forget_hashes()
        self._events.noticed(
            "set_aside",
            "the spool's file is corrupt: it is set aside, what can be read of it is delivered",
            file=aside.name,
            rows=len(known.wanted),
            records=sum(known.wanted.values()),
            error=str(cause),
        )
        return Database(self._folder.database, connect=self._connect)

    def next_slice(self, known: Known, only: Iterable[int] | None = None) -> Rescued:
        """Look for some of the rows that are wanted; what is found is to be stored, what is lost to be told."""
        rescued = Rescued()
        if not known.wanted or (self._clock() < self._retry_at):
            return rescued
        size_bytes = 0
        for row_id in list(known.wanted) if only is None else [i for i in only if i in known.wanted]:
            try:
                row = self._row_of(row_id)
            except OSError:
                self._retry_at = self._clock() + _RETRY_SECONDS
                break
            if row is None:
                rescued.lost.append(row_id)
            else:
                rescued.rows.append((head_of(row, row_id), row))
                size_bytes += row.size_bytes
            if size_bytes > _SLICE_BYTES or len(rescued.rows) + len(rescued.lost) >= _SLICE_ROWS:
                break
        return rescued

    def rescued(self, known: Known, rescued: Rescued) -> None:
        """Take over a slice that was committed."""
        news = [head for head, _ in rescued.rows if head.id not in known.heads]
        for head, _ in rescued.rows:
            known.heads[head.id] = head
            known.wanted.pop(head.id, None)
        lost = sum(known.wanted.pop(row_id) for row_id in rescued.lost)
        gone = [known.heads.pop(row_id) for row_id in rescued.lost if row_id in known.heads]
        if news:
            self._events.found(news)
        if rescued.lost:
            self._events.gone(gone)
            self._lose(lost, "corrupt")
        if not known.wanted:
            self._finish()

    def put_back_in_place(self, known: Known, db: Database) -> Database:
        """Bring back files that somebody deleted or replaced while they were open, from the open ones.

        Gives the database to go on with.
        """
        self._events.noticed("vanished", "a file of the spool was deleted or replaced while in use: it is written anew")
        if not self._folder.is_taken:
            self._folder.take()
        if db.file_is_in_place:
            db.checkpoint(shrink=True)
            db.close()
        else:
            copy = self._folder.database.with_name(self._folder.database.name + ".new")
            db.copy_to(copy)
            db.close()
            for stranger in (wal_of(self._folder.database), self._folder.database):
                if stranger.exists():
                    self._folder.finish(self._folder.set_aside())
            copy.replace(self._folder.database)
            sync_folder(self._folder.path)
        return self.open(known)

    def close(self) -> None:
        """Close the files that are set aside."""
        for source in self._sources:
            source.close()

    def finish_if_done(self, known: Known) -> None:
        """Give files that were set aside their last name once nothing more is wanted of them."""
        if self._sources and not known.wanted:
            self._finish()

    def _finish(self) -> None:
        for source in self._sources:
            source.close()
            done = self._folder.finish(source.path)
            self._events.noticed("salvaged", "all that could be read of the corrupt file is stored", file=done.name)
        self._sources = []
        self._account_is_whole = True
        self._tries = 0

    def _row_of(self, row_id: int) -> Row | None:
        """Look in the newest file first. A disk that fails is tried a few times before its pages count as damaged."""
        for source in reversed(self._sources):
            try:
                row = source.read(row_id)
            except FileNotFoundError:
                continue
            except OSError:
                self._tries += 1
                source.skips_errors = self._tries >= _MAX_TRIES
                if self._tries > _MAX_TRIES:
                    continue
                raise
            if row is not None:
                return row
        return None

    def _list_sources(self, known: Known, stored: dict[int, Head]) -> None:
        for source in self._sources:
            listed = source.records_of()
            known.wanted.update({row_id: records for row_id, records in listed.items() if row_id not in stored})

    def _load_account(self) -> Account:
        try:
            account = self._counts.load()
        except OSError:
            account = Account(is_whole=False)
        self._account_is_whole = account.is_whole
        return account

    def _lose(self, records: int, reason: str) -> None:
        if records:
            self._events.lost(records, reason, at_most=not self._account_is_whole)
