"""Keep the files small and the disk from filling: checkpoints, shrinking, the free-space floor."""

from __future__ import annotations

import os
from typing import Final

from logtriage.crash_points import CrashPoint, reach
from logtriage.spool.database import Database, size_of, wal_of
from logtriage.spool.folder import Folder
from logtriage.spool.known import Known
from logtriage.spool.row import ROW_OVERHEAD_BYTES

CHECKPOINT_BYTES: Final = 8 << 20
"""A log of this size is taken into the database."""
MAX_WAL_BYTES: Final = 64 << 20
"""With a longer log, because no checkpoint succeeds, nothing more is stored."""
_SMALL_FILE_BYTES: Final = 4 << 20
_NEARLY_EMPTY_BYTES: Final = 16 << 20


def free_bytes(folder: Folder) -> int:
    """Give the bytes that are free on the disk of the folder.

    Raises:
        OSError: nobody knows.
    """
    found = os.statvfs(folder.path)
    return found.f_bavail * found.f_frsize


def wal_bytes(folder: Folder) -> int:
    """Give the size of the log."""
    return size_of(wal_of(folder.database))


def file_bytes(folder: Folder) -> int:
    """Give what the database and its log take on the disk."""
    return size_of(folder.database) + wal_bytes(folder)


def checkpoint(db: Database, *, shrink: bool) -> None:
    """Take the log into the database. Raises what `Database.checkpoint` does."""
    reach(CrashPoint.CHECKPOINT)
    db.checkpoint(shrink=shrink)


def is_worth_shrinking(folder: Folder, known: Known) -> bool:
    """Tell whether the database is nearly empty and its file is not small."""
    size = size_of(folder.database)
    if size <= _SMALL_FILE_BYTES or len(known.heads) * ROW_OVERHEAD_BYTES > _NEARLY_EMPTY_BYTES:
        return False
    stored = sum(head.size_bytes for head in known.heads.values())
    return stored < _NEARLY_EMPTY_BYTES and stored * 4 < size
