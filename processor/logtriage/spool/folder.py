"""The folder of the spool: for one process, closed to other users; files that were set aside are kept in it, a few."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import Final

from logtriage.errors import SpoolInUseError
from logtriage.spool.database import wal_of
from logtriage.spool.syncing import make_folder, sync_folder

SPOOL_FOLDER_NAME: Final = "spool"
DATABASE_NAME: Final = "spool.sqlite3"
MAX_CORRUPT_FILES: Final = 3
_LOCK_NAME: Final = "spool.lock"
SALVAGING, _CORRUPT = "spool-salvaging-", "spool-corrupt-"


class Folder:
    """A folder that is ours while it is locked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / DATABASE_NAME
        self._lock = -1

    def take(self) -> None:
        """Make the folder if it is missing, mode 0700, and lock it.

        Raises:
            SpoolInUseError: another process has it.
            OSError: it cannot be made or written.
        """
        make_folder(self.path)
        if self.path.stat().st_uid == os.geteuid():
            self.path.chmod(0o700)
        lock = os.open(self.path / _LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise SpoolInUseError(
                f"`{self.path}` is in use by another process: give each LogTriage its own `state.directory`"
            ) from None
        except OSError:
            os.close(lock)
            raise
        self.release()
        self._lock = lock

    @property
    def is_taken(self) -> bool:
        """True while the lock is held, and the folder is still the one that it lies in."""
        try:
            return self._lock >= 0 and os.path.samestat(os.fstat(self._lock), (self.path / _LOCK_NAME).stat())
        except OSError:
            return False

    def release(self) -> None:
        """Leave the folder to others."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1

    def set_aside(self) -> Path:
        """Move the database and its log out of the way, to be salvaged; give where it is now."""
        aside = self._free_name(SALVAGING)
        # The log goes first: a new database must never be found beside the log of an old one.
        if wal_of(self.database).exists():
            wal_of(self.database).replace(wal_of(aside))
        if self.database.exists():
            self.database.replace(aside)
        sync_folder(self.path)
        return aside

    def unfinished(self) -> list[Path]:
        """Give the files whose salvage a crash cut off, oldest first."""
        found = {*self.path.glob(SALVAGING + "*.sqlite3"), *self._logs_alone()}
        return sorted(found)

    def finish(self, salvaging: Path) -> Path:
        """Rename a file whose salvage is done, for people to look at; drop the oldest of too many."""
        done = self._free_name(_CORRUPT)
        for before, after in ((wal_of(salvaging), wal_of(done)), (salvaging, done)):
            if before.exists():
                before.replace(after)
        for old in sorted(self.path.glob(_CORRUPT + "*.sqlite3"))[:-MAX_CORRUPT_FILES]:
            for file in (old, wal_of(old)):
                file.unlink(missing_ok=True)
        sync_folder(self.path)
        return done

    def _logs_alone(self) -> list[Path]:
        """Give files of which a crash left only the log moved: their database is still in place, and is moved now."""
        alone = []
        for log in self.path.glob(SALVAGING + "*.sqlite3-wal"):
            aside = log.with_name(log.name.removesuffix("-wal"))
            if not aside.exists() and self.database.exists():
                self.database.replace(aside)
                alone.append(aside)
        return alone

    def _free_name(self, prefix: str) -> Path:
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        taken = 0
        while True:
            name = f"{prefix}{stamp}{f'-{taken}' if taken else ''}.sqlite3"
            if not (self.path / name).exists() and not wal_of(self.path / name).exists():
                return self.path / name
            taken += 1
