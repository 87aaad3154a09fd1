"""What a failing disk or file is called, and which of its faults pass by themselves."""

from __future__ import annotations

import errno
import sqlite3
from enum import StrEnum


class Fault(StrEnum):
    """Why the spool cannot store; the label `reason` of its metrics."""

    FULL = "disk_full"
    READ_ONLY = "read_only"
    IO = "io_error"
    LOCKED = "locked"
    CORRUPT = "corrupt"
    BUG = "exception"

    @property
    def meaning(self) -> str:
        """What a person reads."""
        return _MEANINGS[self]


_MEANINGS = {
    Fault.FULL: "the disk is full",
    Fault.READ_ONLY: "the folder or its file cannot be opened for writing",
    Fault.IO: "the disk fails",
    Fault.LOCKED: "another program has the file open",
    Fault.CORRUPT: "the file is corrupt",
    Fault.BUG: "an exception of ours",
}

_OF_SQLITE = {
    sqlite3.SQLITE_FULL: Fault.FULL,
    sqlite3.SQLITE_READONLY: Fault.READ_ONLY,
    sqlite3.SQLITE_PERM: Fault.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Fault.READ_ONLY,
    sqlite3.SQLITE_IOERR: Fault.IO,
    sqlite3.SQLITE_BUSY: Fault.LOCKED,
    sqlite3.SQLITE_LOCKED: Fault.LOCKED,
    sqlite3.SQLITE_CORRUPT: Fault.CORRUPT,
    sqlite3.SQLITE_NOTADB: Fault.CORRUPT,
    sqlite3.SQLITE_FORMAT: Fault.CORRUPT,
    sqlite3.SQLITE_CONSTRAINT: Fault.CORRUPT,
    sqlite3.SQLITE_MISMATCH: Fault.CORRUPT,
}
_SCHEMA_IS_DAMAGED = (
    "no such table",
    "no such column",
    "table ",
    "malformed database schema",
    "unsupported file format",
)
_OF_ERRNO = {
    errno.ENOSPC: Fault.FULL,
    errno.EDQUOT: Fault.FULL,
    errno.EFBIG: Fault.FULL,
    errno.EROFS: Fault.READ_ONLY,
    errno.EACCES: Fault.READ_ONLY,
    errno.EPERM: Fault.READ_ONLY,
}


def fault_of(error: Exception) -> Fault:
    """Name what an exception of SQLite or of the operating system means."""
    if isinstance(error, sqlite3.ProgrammingError):
        return Fault.BUG
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_IOERR)
        if code == sqlite3.SQLITE_ERROR:
            return Fault.CORRUPT if str(error).startswith(_SCHEMA_IS_DAMAGED) else Fault.BUG
        return _OF_SQLITE.get(code & 0xFF, Fault.IO)
    if isinstance(error, OSError):
        return _OF_ERRNO.get(error.errno or 0, Fault.IO)
    return Fault.BUG
