"""The spool's open files, used by one thread: opened, found in place, closed and opened anew after faults.

A commit that failed is in doubt: its rows are doomed, and before the next commit the file is opened anew and compared
with what is known.
"""

from __future__ import annotations

from collections.abc import Callable

from logtriage.errors import SpoolError, SpoolStartError
from logtriage.spool.counts import Counts
from logtriage.spool.database import Connect, Database
from logtriage.spool.events import Events
from logtriage.spool.faults import Fault, fault_of
from logtriage.spool.folder import Folder
from logtriage.spool.known import Known
from logtriage.spool.recovery import Recovery


class OpenFiles:
    """The database, if it is open, and the account beside it. ``fault`` is why nothing can be stored, if that is so."""

    def __init__(
        self,
        folder: Folder,
        known: Known,
        events: Events,
        *,
        retry_seconds: float,
        connect: Connect,
        clock: Callable[[], float],
    ) -> None:
        self._folder = folder
        self._known = known
        self._events = events
        self._retry_seconds = retry_seconds
        self._clock = clock
        self._retry_at = 0.0
        self.counts = Counts(folder.path)
        self.recovery = Recovery(folder, self.counts, events, connect=connect, clock=clock)
        self.db: Database | None = None
        self.fault: Fault | None = None

    def open(self) -> None:
        """Open for the first time; a disk that fails is tried again later.

        Raises:
            SpoolInUseError: another process holds the folder.
            SpoolFormatError: a newer version wrote the file.
        """
        try:
            self._folder.take()
            self.db = self.recovery.open(self._known)
            self.counts.restart(self._known.account)
        except SpoolStartError:
            raise
        except Exception as error:
            self.fail(error)

    def close(self) -> None:
        """Close the files and leave the folder."""
        if self.db is not None:
            self.db.close()
        self.recovery.close()
        self.counts.close()
        self._folder.release()

    def in_place(self) -> Database:
        """Give the database, back in its place if somebody moved it away."""
        if self.db is None:
            raise OSError("the spool is not open")
        if not (self.db.is_in_place and self.counts.is_in_place and self._folder.is_taken):
            self._reopen(self.db)
        return self.db

    def _reopen(self, db: Database | None) -> None:
        """Close and open anew, and compare; what is open is the better copy if the file's name is gone."""
        try:
            if db is None:
                self.db = self.recovery.open(self._known)
            elif db.is_in_place:
                db.close()
                self.db = self.recovery.open(self._known)
            else:
                self.db = self.recovery.put_back_in_place(self._known, db)
        finally:
            if self.db is not None and self.db.is_closed:
                self.db = None
        self.counts.restart(self._known.account)

    def heal(self) -> None:
        """Try again what failed, when it is time: write, close, open anew, compare."""
        if self.fault is None or self._clock() < self._retry_at:
            return
        try:
            if self.db is not None and self.fault is not Fault.CORRUPT:
                self.db.begin()
                self.db.commit(sequence=self._known.sequence, last_id=self._known.last_id)
            self._reopen(self.db)
        except SpoolError as error:
            self.fail(OSError(str(error)))
        except Exception as error:
            self.fail(error)
        else:
            self._work_again()

    def _work_again(self) -> None:
        if self.fault is not None:
            self.fault = None
            self._events.recovered()

    def fail(self, error: Exception) -> None:
        """Stop storing, or, where the file is corrupt, begin a new one at once."""
        fault = fault_of(error)
        if self.db is not None:
            self.db.rollback()
        if fault is Fault.CORRUPT and self._known.is_complete:
            try:
                if self.db is not None:
                    self.db.close()
                    self.db = None
                self.db = self.recovery.set_aside(self._known, error)
                self.counts.restart(self._known.account)
                self._work_again()
                return
            except Exception as second:
                error, fault = second, fault_of(second)
        self.fault = fault
        self._retry_at = self._clock() + self._retry_seconds
        self._events.failed(fault, error)
