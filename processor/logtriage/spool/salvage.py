"""Read what can be read of a database that was set aside, row by row.

Each row is looked up by its id, so that a damaged page costs the rows on it and below it, and no others. A damaged
first page would cost all: it is replaced by that of an empty spool, which has the same tables in the same places.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from logtriage.spool.database import Connect, Database, connect, size_of, wal_of
from logtriage.spool.faults import Fault, fault_of
from logtriage.spool.folder import first_page_of
from logtriage.spool.row import Row
from logtriage.spool.row_bytes import read_row

_PAGE_BYTES = 4096
_SIZE_AT, _FREE_PAGES_AT = 28, 32


class Source:
    """One file that was set aside. Opened when first asked."""

    def __init__(self, path: Path, *, connect: Connect = connect) -> None:
        self.path = path
        self._connect = connect
        self._connection: sqlite3.Connection | None = None

    def read(self, row_id: int) -> Row | None:
        """Read a row; None if it is not there or damaged.

        Raises:
            sqlite3.Error: for a reason that may pass; not for damage.
        """
        try:
            query = "SELECT data FROM row WHERE id = ?"
            found = self._opened().execute(query, (row_id,)).fetchone()
        except sqlite3.Error as error:
            if fault_of(error) is Fault.CORRUPT:
                return None
            raise
        return read_row(found[0], row_id) if found is not None and isinstance(found[0], bytes) else None

    def records_of(self) -> dict[int, int]:
        """Give the records of each row, as far as they can be listed."""
        found: dict[int, int] = {}
        for query in ("SELECT id, records FROM head ORDER BY id", "SELECT id, records FROM head ORDER BY id DESC"):
            found |= {
                row_id: records
                for row_id, records in self._listed(query)
                if isinstance(row_id, int) and isinstance(records, int) and 0 < records < 1 << 31
            }
        return found

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._connection is not None:
            try:
                self._connection.close()
            except sqlite3.Error:
                pass
            self._connection = None

    def _listed(self, query: str) -> Iterator[tuple[object, object]]:
        try:
            yield from self._opened().execute(query)
        except (sqlite3.Error, OSError):
            return

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = self._open()
            try:
                self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
                self._connection.execute("SELECT data FROM row WHERE id = 0").fetchone()
            except sqlite3.Error as error:
                if fault_of(error) is not Fault.CORRUPT or not self._has_our_size():
                    raise
                self.close()
                self._replace_first_page()
                self._connection = self._open()
        return self._connection

    def _open(self) -> sqlite3.Connection:
        connection = self._connect(str(self.path))
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("PRAGMA mmap_size=0")
        return connection

    def _has_our_size(self) -> bool:
        return size_of(self.path) >= 2 * _PAGE_BYTES and not first_page_of(self.path).exists()

    def _replace_first_page(self) -> None:
        model = self.path.with_name(self.path.name + "-model")
        try:
            empty = Database(model)
            empty.checkpoint(shrink=True)
            empty.close()
            page = bytearray(model.read_bytes()[:_PAGE_BYTES])
        finally:
            for file in (model, wal_of(model)):
                file.unlink(missing_ok=True)
        pages = size_of(self.path) // _PAGE_BYTES
        page[_SIZE_AT : _SIZE_AT + 4] = pages.to_bytes(4, "big")
        page[_FREE_PAGES_AT : _FREE_PAGES_AT + 8] = bytes(8)
        with self.path.open("r+b") as damaged:
            first_page_of(self.path).write_bytes(damaged.read(_PAGE_BYTES))
            first_page_of(self.path).chmod(0o600)
            damaged.seek(0)
            damaged.write(page)
