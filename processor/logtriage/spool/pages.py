"""Find rows in the pages of a damaged SQLite database, without SQLite: whatever else is broken does not matter.

A row's cell lies on a leaf page of a table; what does not fit there continues in a chain of overflow pages. Both are
found by looking at every page of the file, and of its log, whose pages are newer. That a row is whole is told by its
own checksum, so nothing here has to be believed.

https://www.sqlite.org/fileformat2.html, sections 1.6 (b-tree pages), 2.1 (records), 4.1 (the log)
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from logtriage.spool.database import PAGE_BYTES, wal_of
from logtriage.spool.row import Row
from logtriage.spool.row_bytes import read_row

_LEAF: Final = 0x0D
_PAGE_HEADER_BYTES: Final = 8
_WAL_HEADER_BYTES, _FRAME_HEADER_BYTES = 32, 24
_MAX_LOCAL: Final = PAGE_BYTES - 35
_MIN_LOCAL: Final = (PAGE_BYTES - 12) * 32 // 255 - 23
_OVERFLOW_BYTES: Final = PAGE_BYTES - 4
_MAX_ROW_BYTES: Final = 1 << 30
_CHUNK_PAGES: Final = 256
_MAX_CELLS_OF_A_ROW: Final = 8


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where a row begins: its page, the place on it, the bytes of the row."""

    page: bytes
    at: int
    size: int


class Pages:
    """All pages of one file and its log. Raises OSError where the disk fails, unless ``skips_errors``."""

    def __init__(self, path: Path, *, skips_errors: bool) -> None:
        self._path = path
        self._skips_errors = skips_errors
        self._file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        self._pages = os.fstat(self._file).st_size // PAGE_BYTES
        self._in_log: dict[int, bytes] = {}
        try:
            self._read_log()
            self._cells = self._find_cells()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def ids(self) -> Iterator[int]:
        """Give the ids of all that looks like a row."""
        yield from self._cells

    def read(self, row_id: int) -> Row | None:
        """Give a row; None if no whole one is found."""
        for page, at in reversed(self._cells.get(row_id, ())):
            for with_log in (True, False):
                data = self._bytes_of(_cell_at(self._page(page, with_log=with_log), at), with_log=with_log)
                row = read_row(data, row_id) if data else None
                if row is not None:
                    return row
        return None

    def _bytes_of(self, cell: _Cell | None, *, with_log: bool) -> bytes:
        """Give the blob of a cell, its overflow pages joined; empty if it makes no sense."""
        if cell is None:
            return b""
        local = _local_bytes(cell.size)
        pieces = [cell.page[cell.at : cell.at + local]]
        if local < cell.size:
            left = cell.size - local
            following = int.from_bytes(cell.page[cell.at + local : cell.at + local + 4], "big")
            while left > 0 and following > 0:
                page = self._page(following, with_log=with_log)
                if len(page) < PAGE_BYTES:
                    return b""
                pieces.append(page[4 : 4 + left])
                left -= _OVERFLOW_BYTES
                following = int.from_bytes(page[:4], "big")
            if left > 0:
                return b""
        return _blob_of(b"".join(pieces))

    def _page(self, number: int, *, with_log: bool) -> bytes:
        if with_log and number in self._in_log:
            return self._in_log[number]
        return self._read((number - 1) * PAGE_BYTES, PAGE_BYTES)

    def _read(self, at: int, size: int) -> bytes:
        try:
            return os.pread(self._file, size, at)
        except OSError:
            if self._skips_errors:
                return b""
            raise

    def _read_log(self) -> None:
        """Take the newest version of each page out of the log; frames of an older log behind it are left alone."""
        try:
            data = wal_of(self._path).read_bytes()
        except FileNotFoundError:
            return
        except OSError:
            if self._skips_errors:
                return
            raise
        salts = data[16:24]
        for at in range(_WAL_HEADER_BYTES, len(data) - PAGE_BYTES + 1, _FRAME_HEADER_BYTES + PAGE_BYTES):
            if data[at + 8 : at + 16] == salts:
                start = at + _FRAME_HEADER_BYTES
                self._in_log[int.from_bytes(data[at : at + 4], "big")] = data[start : start + PAGE_BYTES]

    def _find_cells(self) -> dict[int, list[tuple[int, int]]]:
        """Map each id to the cells that claim to be it: page number and place."""
        found: dict[int, list[tuple[int, int]]] = {}
        for number, page in self._leaves():
            for row_id, at in _cells_of(page):
                places = found.setdefault(row_id, [])
                if len(places) < _MAX_CELLS_OF_A_ROW:
                    places.append((number, at))
        return found

    def _leaves(self) -> Iterator[tuple[int, bytes]]:
        """Give the leaf pages: of the file, then of the log."""
        for first in range(0, self._pages, _CHUNK_PAGES):
            chunk = self._read(first * PAGE_BYTES, _CHUNK_PAGES * PAGE_BYTES)
            if not chunk:
                chunk = b"".join(
                    self._read((first + i) * PAGE_BYTES, PAGE_BYTES) or bytes(PAGE_BYTES) for i in range(_CHUNK_PAGES)
                )
            for start in range(0, len(chunk) - PAGE_BYTES + 1, PAGE_BYTES):
                if chunk[start] == _LEAF:
                    yield first + start // PAGE_BYTES + 1, chunk[start : start + PAGE_BYTES]
        for number, page in self._in_log.items():
            if page[0] == _LEAF:
                yield number, page


def _cells_of(page: bytes) -> Iterator[tuple[int, int]]:
    """Give id and place of each cell of a leaf page that could be a row."""
    count = int.from_bytes(page[3:5], "big")
    for i in range(min(count, (PAGE_BYTES - _PAGE_HEADER_BYTES) // 2)):
        pointer = _PAGE_HEADER_BYTES + 2 * i
        at = int.from_bytes(page[pointer : pointer + 2], "big")
        size, after = _varint(page, at)
        row_id, after = _varint(page, after)
        if 0 < size < _MAX_ROW_BYTES and row_id > 0 and _blob_place(page[after : after + 32]) is not None:
            yield row_id, at


def _cell_at(page: bytes, at: int) -> _Cell | None:
    if len(page) < PAGE_BYTES or page[0] != _LEAF:
        return None
    size, after = _varint(page, at)
    _, after = _varint(page, after)
    return _Cell(page, after, size) if 0 < size < _MAX_ROW_BYTES else None


def _local_bytes(size: int) -> int:
    """Give how many bytes of a cell's content lie on its own page."""
    if size <= _MAX_LOCAL:
        return size
    local = _MIN_LOCAL + (size - _MIN_LOCAL) % _OVERFLOW_BYTES
    return local if local <= _MAX_LOCAL else _MIN_LOCAL


def _blob_place(record: bytes) -> tuple[int, int] | None:
    """Give start and length of the blob in a record of (NULL, blob), which is what a row is; None for another."""
    header_size, at = _varint(record, 0)
    first, at = _varint(record, at)
    second, at = _varint(record, at)
    if first != 0 or second < 12 or second % 2 or at != header_size:
        return None
    return header_size, (second - 12) // 2


def _blob_of(record: bytes) -> bytes:
    place = _blob_place(record)
    return b"" if place is None else record[place[0] : place[0] + place[1]]


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of one to nine bytes; give it and the place behind it. Zero past the end."""
    value = 0
    for i in range(9):
        if at + i >= len(data):
            return 0, at + i
        byte = data[at + i]
        if i == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | (byte & 0x7F)
        if byte < 0x80:
            return value, at + i + 1
    return value, at + 9
