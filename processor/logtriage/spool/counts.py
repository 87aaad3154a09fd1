"""A second account of what is held, small and beside the database, so that a loss can be counted by record.

Whatever becomes of the database, this file says which rows it held, with how many records. After each commit of the
database a frame is appended: the commit's number, the rows that it kept (tentative ones are nobody's loss: their sender
has no OK) and those that it removed; frames with kept rows are synced before the sender gets its OK. So the account is
never ahead of the database, unless the database fell back: then what is missing is lost, and known.

A frame: ``LTc1``, CRC-32 of the rest, length of the body; the body: commit number, highest id, whether the frame says
all that is held (`snapshot`) or a change, the removed ids, the kept ids with their records. Little-endian.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from logtriage.spool.syncing import sync_folder, write_all

COUNTS_NAME: Final = "spool.counts"
_MARK: Final = b"LTc1"
_FRAME: Final = struct.Struct("<4sII")
_BODY: Final = struct.Struct("<QQ?II")
_ID: Final = struct.Struct("<Q")
_ROW: Final = struct.Struct("<QI")
_MAX_BYTES: Final = 4 << 20
"""Past this, or four times what a snapshot takes, the file is written anew."""


@dataclass(slots=True)
class Account:
    """What the file says. ``is_whole`` is false if some of it could not be read: then it says too little."""

    sequence: int = 0
    last_id: int = 0
    records_of: dict[int, int] = field(default_factory=dict)
    is_whole: bool = True


class Counts:
    """The open file. Raises OSError; it is then of no more use until `restart`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / COUNTS_NAME
        self._descriptor = -1
        self._size_bytes = 0
        self._bound_bytes = _MAX_BYTES

    def load(self) -> Account:
        """Read the file; a missing one is an empty account that is not whole."""
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return Account(is_whole=False)
        return _read(data)

    def restart(self, account: Account) -> None:
        """Replace the file by one that says all that is held."""
        self.close()
        frame = _frame(account.sequence, account.last_id, (), account.records_of, is_snapshot=True)
        beside = self._path.with_name(self._path.name + ".new")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            write_all(descriptor, frame)
            os.fsync(descriptor)
            beside.replace(self._path)
            sync_folder(self._path.parent)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        self._size_bytes = len(frame)
        self._bound_bytes = max(_MAX_BYTES, 4 * len(frame))

    def append(self, sequence: int, last_id: int, removed: Collection[int], added: Mapping[int, int]) -> None:
        """Add one commit; synced if it kept rows (``added``)."""
        frame = _frame(sequence, last_id, removed, added, is_snapshot=False)
        write_all(self._descriptor, frame)
        self._size_bytes += len(frame)
        if added:
            os.fdatasync(self._descriptor)

    @property
    def is_too_long(self) -> bool:
        """True if the file should be written anew."""
        return self._size_bytes > self._bound_bytes

    @property
    def is_in_place(self) -> bool:
        """False once the file's name is gone, or names another file."""
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except OSError:
            return False

    def close(self) -> None:
        """Close the file, if it is open."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _frame(
    sequence: int, last_id: int, removed: Collection[int], added: Mapping[int, int], *, is_snapshot: bool
) -> bytes:
    body = b"".join(
        (
            _BODY.pack(sequence, last_id, is_snapshot, len(removed), len(added)),
            *(_ID.pack(row_id) for row_id in removed),
            *(_ROW.pack(row_id, records) for row_id, records in added.items()),
        )
    )
    return _FRAME.pack(_MARK, zlib.crc32(body), len(body)) + body


def _read(data: bytes) -> Account:
    account = Account()
    end = 0
    for start, stop in _frames(data):
        if start != end:
            account.is_whole = False
        end = stop
        _apply(account, data[start + _FRAME.size : stop])
    if end != len(data):
        account.is_whole = False
    return account


def _frames(data: bytes) -> Iterator[tuple[int, int]]:
    """Give the places of the frames that are whole, looking for the next mark after damage."""
    at = data.find(_MARK)
    while 0 <= at <= len(data) - _FRAME.size:
        _, checksum, length = _FRAME.unpack_from(data, at)
        stop = at + _FRAME.size + length
        if length >= _BODY.size and stop <= len(data) and zlib.crc32(data[at + _FRAME.size : stop]) == checksum:
            yield at, stop
            at = data.find(_MARK, stop)
        else:
            at = data.find(_MARK, at + 1)


def _apply(account: Account, body: bytes) -> None:
    sequence, last_id, is_snapshot, removed, added = _BODY.unpack_from(body)
    at = _BODY.size + removed * _ID.size
    if is_snapshot:
        account.records_of.clear()
    for (row_id,) in _ID.iter_unpack(body[_BODY.size : at]):
        account.records_of.pop(row_id, None)
    account.records_of.update(_ROW.iter_unpack(body[at : at + added * _ROW.size]))
    account.sequence, account.last_id = sequence, max(account.last_id, last_id)
