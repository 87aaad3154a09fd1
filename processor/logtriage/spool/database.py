"""The file of the spool: one SQLite database on one connection, used by one thread.

Heads and rows are tables of their own, so that a start reads the heads without touching a payload. WAL with
``synchronous=FULL``: a commit is on the disk when it returns (https://www.sqlite.org/pragma.html#pragma_synchronous).
``locking_mode=EXCLUSIVE`` needs no ``-shm`` file, which could be stale, or kill the process on a full disk, as mapped
memory does; and with one connection the WAL-reset fault of SQLite before 3.51.3 cannot come up
(https://www.sqlite.org/wal.html#walresetbug).
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from logtriage.errors import SpoolFormatError
from logtriage.spool.row import Head, Row
from logtriage.spool.row_bytes import read_row, write_row

Connect = Callable[[str], sqlite3.Connection]

FORMAT: Final = 1
_APPLICATION_ID: Final = 0x4C547350
PAGE_BYTES: Final = 4096
_WAL_BYTES_KEPT: Final = 8 << 20
_SCHEMA: Final = """
CREATE TABLE head (id INTEGER PRIMARY KEY, fingerprint BLOB, records INTEGER, size_bytes INTEGER, deadline INTEGER,
                   checksum INTEGER);
CREATE TABLE row (id INTEGER PRIMARY KEY, data BLOB);
CREATE TABLE tentative (id INTEGER PRIMARY KEY, request_hash BLOB, fingerprint BLOB);
CREATE TABLE state (key INTEGER PRIMARY KEY, value INTEGER);
INSERT INTO state VALUES (0, 0), (1, 0);
"""
_SEQUENCE, _LAST_ID = 0, 1


class NotOursError(sqlite3.DatabaseError):
    """The file is a database of another program, or not whole."""

    sqlite_errorcode = sqlite3.SQLITE_NOTADB


def connect(path: str) -> sqlite3.Connection:
    """Open a file on the thread that uses it, without Python's own transactions."""
    return sqlite3.connect(path, isolation_level=None, timeout=0.2)


class Database:
    """An open file. All methods raise `sqlite3.Error`; after one, only `rollback` and `close` are sure to work."""

    def __init__(self, path: Path, *, connect: Connect = connect) -> None:
        """Open the file, made with mode 0600 if it is missing.

        Raises:
            SpoolFormatError: a newer version wrote it.
            sqlite3.Error: it cannot be opened, or is no spool.
            OSError: it cannot be made.
        """
        self.path = path
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
        self._connection = connect(str(path))
        # A damaged value may call itself text, and must not be decoded.
        self._connection.text_factory = bytes
        try:
            self._set_up()
        except BaseException:
            self._connection.close()
            raise
        self.is_closed = False
        self._identity = _identity(path), _identity(wal_of(path))

    def _set_up(self) -> None:
        run = self._connection.execute
        run("PRAGMA locking_mode=EXCLUSIVE")
        found = run("PRAGMA user_version").fetchone()[0]
        owner = run("PRAGMA application_id").fetchone()[0]
        is_empty = run("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
        if owner == _APPLICATION_ID and found > FORMAT:
            raise SpoolFormatError(
                f"`{self.path}` was written by a newer LogTriage (format {found}, this one knows {FORMAT}): start the "
                "newer one until it has delivered what waits, or move the file away; nothing was changed"
            )
        if not is_empty and (owner != _APPLICATION_ID or found != FORMAT):
            raise NotOursError("is no spool of LogTriage")
        run("PRAGMA mmap_size=0")
        run("PRAGMA temp_store=MEMORY")
        run("PRAGMA cell_size_check=ON")
        if is_empty:
            run(f"PRAGMA page_size={PAGE_BYTES}")
        run("PRAGMA journal_mode=WAL")
        run("PRAGMA synchronous=FULL")
        run("PRAGMA wal_autocheckpoint=0")
        run(f"PRAGMA journal_size_limit={_WAL_BYTES_KEPT}")
        if is_empty:
            schema = f"PRAGMA application_id={_APPLICATION_ID}; PRAGMA user_version={FORMAT}; {_SCHEMA}"
            self._connection.executescript(f"BEGIN IMMEDIATE; {schema} COMMIT;")

    def heads(self) -> Iterator[Head]:
        """Give all heads by id; raises `NotOursError` at one that is not whole."""
        rows = self._connection.execute(
            "SELECT id, fingerprint, records, size_bytes, deadline, checksum FROM head ORDER BY id"
        )
        for row_id, fingerprint, records, size_bytes, deadline, checksum in rows:
            head = _head(row_id, fingerprint, records, size_bytes, deadline)
            if head is None or _head_checksum(head) != checksum:
                raise NotOursError("has a damaged head")
            yield head

    def tentative(self) -> list[tuple[int, bytes, bytes]]:
        """Give id, request hash and fingerprint of the rows that were put and not kept."""
        marks = self._connection.execute("SELECT id, request_hash, fingerprint FROM tentative ORDER BY id").fetchall()
        if not all(isinstance(row_id, int) and isinstance(a, bytes) and isinstance(b, bytes) for row_id, a, b in marks):
            raise NotOursError("has a damaged mark")
        return marks

    @property
    def sequence(self) -> int:
        """The number of the last commit."""
        return self._state(_SEQUENCE)

    @property
    def last_id(self) -> int:
        """The highest id that was ever given."""
        return self._state(_LAST_ID)

    def read(self, row_id: int) -> Row | None:
        """Read one row; None if it is missing or not as it was written."""
        found = self._connection.execute("SELECT data FROM row WHERE id = ?", (row_id,)).fetchone()
        return read_row(found[0], row_id) if found is not None and isinstance(found[0], bytes) else None

    def begin(self) -> None:
        """Begin a transaction."""
        self._connection.execute("BEGIN IMMEDIATE")

    def insert(self, rows: Iterable[tuple[Head, Row]], *, is_tentative: bool) -> None:
        """Add rows."""
        run = self._connection.execute
        for head, row in rows:
            values = (head.id, head.fingerprint, head.records, head.size_bytes, head.deadline_unix_nano)
            run("INSERT INTO head VALUES (?, ?, ?, ?, ?, ?)", (*values, _head_checksum(head)))
            run("INSERT INTO row VALUES (?, ?)", (head.id, write_row(row, head.id)))
            if is_tentative:
                run("INSERT INTO tentative VALUES (?, ?, ?)", (head.id, row.request_hash, row.fingerprint))

    def delete(self, ids: Iterable[int]) -> None:
        """Delete rows; ids that are not there do no harm."""
        numbers = [(row_id,) for row_id in ids]
        self._connection.executemany("DELETE FROM head WHERE id = ?", numbers)
        self._connection.executemany("DELETE FROM row WHERE id = ?", numbers)

    def settle(self, ids: Iterable[int]) -> None:
        """Delete the marks of tentative rows."""
        self._connection.executemany("DELETE FROM tentative WHERE id = ?", [(row_id,) for row_id in ids])

    def commit(self, *, sequence: int, last_id: int) -> None:
        """Commit and sync."""
        self._connection.executemany(
            "UPDATE state SET value = ? WHERE key = ?", [(sequence, _SEQUENCE), (last_id, _LAST_ID)]
        )
        self._connection.execute("COMMIT")

    def rollback(self) -> None:
        """Undo the transaction, if there is one; never raises."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            pass

    def checkpoint(self, *, shrink: bool) -> None:
        """Take the log into the database; ``shrink`` cuts the log's file to nothing as well."""
        self._connection.execute(f"PRAGMA wal_checkpoint({'TRUNCATE' if shrink else 'PASSIVE'})").fetchone()

    def vacuum(self) -> None:
        """Write the file anew without its free pages: for a file that is nearly empty."""
        self._connection.execute("VACUUM")

    def copy_to(self, path: Path) -> None:
        """Copy all pages into another file, synced, without caring for what is in them."""
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
        copy = sqlite3.connect(path)
        try:
            self._connection.backup(copy)
        finally:
            copy.close()

    def close(self) -> None:
        """Close; never raises."""
        self.is_closed = True
        try:
            self._connection.close()
        except sqlite3.Error:
            pass

    @property
    def is_in_place(self) -> bool:
        """True if the names of the file and of its log still name what is open here."""
        return self.file_is_in_place and self.wal_is_in_place

    @property
    def file_is_in_place(self) -> bool:
        """False once the file's name is gone or names another file."""
        return _identity(self.path) == self._identity[0]

    @property
    def wal_is_in_place(self) -> bool:
        """The same of its log: commits would go into a file that nobody finds again."""
        return _identity(wal_of(self.path)) == self._identity[1]

    def _state(self, key: int) -> int:
        found = self._connection.execute("SELECT value FROM state WHERE key = ?", (key,)).fetchone()
        if found is None or not isinstance(found[0], int):
            raise NotOursError("has no state")
        return int(found[0])


def wal_of(path: Path) -> Path:
    """Give the path of a database's log."""
    return path.with_name(path.name + "-wal")


def size_of(path: Path) -> int:
    """Give a file's size; 0 if it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _head(row_id: object, fingerprint: object, records: object, size_bytes: object, deadline: object) -> Head | None:
    if not isinstance(row_id, int) or not isinstance(fingerprint, bytes):
        return None
    if not isinstance(records, int) or not isinstance(size_bytes, int) or not isinstance(deadline, int):
        return None
    return Head(id=row_id, fingerprint=fingerprint, records=records, size_bytes=size_bytes, deadline_unix_nano=deadline)


def _head_checksum(head: Head) -> int:
    numbers = b"%d,%d,%d,%d," % (head.id, head.records, head.size_bytes, head.deadline_unix_nano)
    return zlib.crc32(numbers + head.fingerprint)
