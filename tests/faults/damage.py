"""Ways in which a database file is found after a crash of more than the process."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

PAGE_BYTES = 4096
DATABASE, WAL = "spool.sqlite3", "spool.sqlite3-wal"

Damage = Callable[[Path, random.Random], None]


def _flip(file: Path, rng: random.Random, *, bits: int = 20) -> None:
    data = bytearray(file.read_bytes())
    for _ in range(bits):
        data[rng.randrange(PAGE_BYTES, len(data))] ^= 1 << rng.randrange(8)
    file.write_bytes(data)


def flipped_bits(spool: Path, rng: random.Random) -> None:
    """Twenty bits of the database, its first page left alone."""
    _flip(spool / DATABASE, rng)


def flipped_bits_in_the_log(spool: Path, rng: random.Random) -> None:
    """Twenty bits of the log: what follows the first of them is gone."""
    _flip(spool / WAL, rng)


def torn_page(spool: Path, rng: random.Random) -> None:
    """Three pages of the database, the second half of each as zeros."""
    data = bytearray((spool / DATABASE).read_bytes())
    for page in rng.sample(range(1, len(data) // PAGE_BYTES), 3):
        data[page * PAGE_BYTES + PAGE_BYTES // 2 : (page + 1) * PAGE_BYTES] = bytes(PAGE_BYTES // 2)
    (spool / DATABASE).write_bytes(data)


def first_page_gone(spool: Path, rng: random.Random) -> None:
    """The first page of the database as zeros."""
    data = bytearray((spool / DATABASE).read_bytes())
    data[:PAGE_BYTES] = bytes(PAGE_BYTES)
    (spool / DATABASE).write_bytes(data)


def truncated(spool: Path, rng: random.Random) -> None:
    """The database cut to half."""
    data = (spool / DATABASE).read_bytes()
    (spool / DATABASE).write_bytes(data[: len(data) // 2])


def deleted_log(spool: Path, rng: random.Random) -> None:
    """No log."""
    (spool / WAL).unlink(missing_ok=True)


def not_a_database(spool: Path, rng: random.Random) -> None:
    """Noise in the place of the database, and no log."""
    deleted_log(spool, rng)
    (spool / DATABASE).write_bytes(rng.randbytes(64 * 1024))


OF_THE_LOG: tuple[Damage, ...] = (flipped_bits_in_the_log, deleted_log)
DAMAGES: tuple[Damage, ...] = (
    flipped_bits,
    flipped_bits_in_the_log,
    torn_page,
    first_page_gone,
    truncated,
    deleted_log,
    not_a_database,
)
