"""Rows whose payload is a function of their number, and spools to put them in."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from logtriage.spool.database import Connect, connect
from logtriage.spool.row import Head, Row
from logtriage.spool.spool import Spool
from logtriage.spool.sqlite import SqliteSpool
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.setup import Telemetry

HASH = b"h" * 16


def payload_of(number: int, size_bytes: int = 2000) -> bytes:
    """Give bytes that no other number has."""
    return hashlib.shake_128(str(number).encode()).digest(size_bytes)


def row_of(number: int, *, records: int = 3, size_bytes: int = 2000, request_hash: bytes = HASH) -> Row:
    """Give row ``number``."""
    return Row(
        payload=payload_of(number, size_bytes),
        records=records,
        fingerprint=number.to_bytes(8, "big"),
        metadata=(("x-scope-orgid", f"tenant-{number}"), ("trace-bin", bytes([number % 256]))),
        tenant=b"tenant",
        received_unix_nano=1_700_000_000_000_000_000 + number,
        deadline_unix_nano=1_700_000_030_000_000_000 + number,
        request_hash=request_hash,
    )


class Spooling:
    """A spool on disk, what it told, and its metrics."""

    def __init__(self, folder: Path, *, connect: Connect = connect, min_free_bytes: int = 0, **limits: int) -> None:
        self.folder = folder
        self.telemetry = Telemetry(max_source_services=10)
        self.late: list[Head] = []
        self.first: list[Head] = []
        self.spool = SqliteSpool(
            folder,
            max_records=limits.get("max_records", 100_000),
            max_bytes=limits.get("max_bytes", 512 << 20),
            min_free_bytes=min_free_bytes,
            meter=self.telemetry.meter,
            rate_limited_log=RateLimitedLog(logging.getLogger("spooling")),
            connect=connect,
            patience_seconds=10,
            start_patience_seconds=limits.get("start_patience_ms", 10_000) / 1000,
            tend_seconds=0.05,
        )

    async def hold(self, *rows: Row) -> list[Head]:
        """Put and keep."""
        heads = await self.spool.put(rows)
        await self.spool.keep([head.id for head in heads], rows[0].request_hash)
        self.spool.answer_taken(rows[0].request_hash)
        return heads

    def metric(self, name: str, **labels: str) -> float:
        """Read one metric; 0 if it was never counted."""
        return self.telemetry.registry.get_sample_value(name, labels) or 0.0

    @property
    def lost(self) -> dict[str, float]:
        """The records that were counted as lost, by reason."""
        name = "logtriage_spool_lost_log_records_total"
        found = {reason: self.metric(name, reason=reason) for reason in ("corrupt", "missing")}
        return {reason: records for reason, records in found.items() if records}

    @property
    def names(self) -> list[str]:
        """The files in the folder."""
        return sorted(file.name for file in self.folder.iterdir())


@asynccontextmanager
async def spooling(folder: Path, *, connect: Connect = connect, **limits: int) -> AsyncIterator[Spooling]:
    """Run a spool on disk."""
    opened = Spooling(folder, connect=connect, **limits)
    opened.first = await opened.spool.start(opened.late.extend)
    try:
        yield opened
    finally:
        await opened.spool.close()
        opened.telemetry.close()


async def numbers_in(spool: Spool, heads: list[Head]) -> list[int | None]:
    """Read rows back and give their numbers; None for a corrupt one."""
    found = await spool.read([head.id for head in heads])
    numbers: list[int | None] = []
    for head, row in found:
        number = None if row is None else int.from_bytes(row.fingerprint, "big")
        if row is not None:
            assert row == row_of(
                number or 0, records=row.records, size_bytes=len(row.payload), request_hash=row.request_hash
            )
            assert head.records == row.records
        numbers.append(number)
    return numbers
