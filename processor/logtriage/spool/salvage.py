"""One database that was set aside, and the rows that can be read of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from logtriage.spool.database import Connect, connect
from logtriage.spool.pages import Pages
from logtriage.spool.row import Row


class Source:
    """A file that was set aside. Opened when first asked, which looks at all of its pages: a second for a GiB."""

    def __init__(self, path: Path, *, connect: Connect = connect) -> None:
        self.path = path
        self.skips_errors = False
        """Take a page that the disk does not give for damaged."""
        self._connect = connect
        self._pages: Pages | None = None

    def read(self, row_id: int) -> Row | None:
        """Read a row; None if it is not there or damaged.

        Raises:
            OSError: the disk fails, which may pass.
        """
        return self._opened().read(row_id)

    def records_of(self) -> dict[int, int]:
        """Give the records of each row, without an account of what is held: what the heads say.

        Where they cannot be listed, all that looks like a row counts, delivered ones among it.
        """
        try:
            connection = self._connect(str(self.path))
            try:
                connection.execute("PRAGMA locking_mode=EXCLUSIVE")
                listed = connection.execute("SELECT id, records FROM head ORDER BY id").fetchall()
            finally:
                connection.close()
            return {row_id: records for row_id, records in listed if _is_count(row_id) and _is_count(records)}
        except (sqlite3.Error, OSError):
            return self._records_of_pages()

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._pages is not None:
            self._pages.close()
            self._pages = None

    def _records_of_pages(self) -> dict[int, int]:
        try:
            pages = self._opened()
            rows = ((row_id, pages.read(row_id)) for row_id in pages.ids())
            return {row_id: row.records for row_id, row in rows if row is not None}
        except OSError:
            return {}

    def _opened(self) -> Pages:
        if self._pages is None:
            self._pages = Pages(self.path, skips_errors=self.skips_errors)
        return self._pages


def _is_count(value: object) -> bool:
    return isinstance(value, int) and 0 < value < 1 << 62
