"""The folder of the dead letters. The service and `logtriage deadletter` use it at the same time, without a lock.

A file appears whole, under a name that sorts by time, and is never written again. Who finds a file gone that it had
listed takes it for deleted by the other.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from logtriage.spool.letter import Header, Letter, LetterError, read_header, read_letter, write_letter
from logtriage.spool.syncing import make_folder, sync_folder, write_all

DEAD_LETTER_FOLDER_NAME: Final = "deadletter"
_SUFFIX: Final = ".request"
_UNFINISHED_SUFFIX: Final = ".new"
_UNFINISHED_SECONDS: Final = 3600.0
_HEADER_BYTES: Final = 1 << 20


class LetterFolder:
    """Dead letters by id. All methods block, and raise `OSError` unless they say otherwise."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def ids(self) -> list[str]:
        """Give the ids of all letters, oldest first; none if there is no folder."""
        try:
            names = os.listdir(self.path)
        except FileNotFoundError:
            return []
        return sorted(name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))

    def size_of(self, letter_id: str) -> int:
        """Give a letter's size on the disk; 0 if it is gone."""
        try:
            return self._file(letter_id).stat().st_size
        except FileNotFoundError:
            return 0

    def add(self, letter: Letter) -> str:
        """Write a letter, synced, and give its id. After a crash it is there whole, or not at all."""
        make_folder(self.path)
        letter_id = _new_id()
        beside, file = self.path / (letter_id + _UNFINISHED_SUFFIX), self._file(letter_id)
        try:
            _write(beside, write_letter(letter))
            beside.replace(file)
            sync_folder(self.path)
        except BaseException:
            for half in (beside, file):
                with suppress(OSError):
                    half.unlink()
            raise
        return letter_id

    def header(self, letter_id: str) -> Header:
        """Read what is known of a letter.

        Raises:
            LetterError: the file is damaged.
            FileNotFoundError: there is no such letter.
        """
        with self._file(letter_id).open("rb") as file:
            return read_header(file.read(_HEADER_BYTES))

    def read(self, letter_id: str) -> Letter:
        """Read a letter whole; raises as `header` does."""
        return read_letter(self._file(letter_id).read_bytes())

    def remove(self, letter_id: str) -> None:
        """Delete a letter, whole or damaged; raises FileNotFoundError if there is none."""
        self._file(letter_id).unlink()

    @contextmanager
    def claimed(self, letter_id: str) -> Iterator[bool]:
        """Keep others from sending a letter meanwhile; gives False if one of them is at it."""
        descriptor = os.open(self._file(letter_id), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        finally:
            os.close(descriptor)

    def drop_unfinished(self) -> None:
        """Delete what a crash left half written, unless it may still be in work; never raises."""
        with suppress(OSError):
            for file in self.path.glob("*" + _UNFINISHED_SUFFIX):
                if time.time() - file.stat().st_mtime > _UNFINISHED_SECONDS:
                    file.unlink()

    def records_of(self, letter_id: str) -> int:
        """Give a letter's records; 0 if that cannot be read."""
        try:
            return self.header(letter_id).records
        except (LetterError, OSError):
            return 0

    def _file(self, letter_id: str) -> Path:
        """Give the path of a letter; an id with a slash in it names none."""
        if os.sep in letter_id or not letter_id:
            raise FileNotFoundError(letter_id)
        return self.path / (letter_id + _SUFFIX)


def _new_id() -> str:
    """Give a name that sorts by time: UTC to the microsecond, and four digits against another one at the same time."""
    now = time.time_ns()
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime(now // 1_000_000_000))
    return f"{stamp}.{now // 1000 % 1_000_000:06d}Z-{secrets.token_hex(2)}"


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
