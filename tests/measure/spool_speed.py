"""Measure the spool: commit times of put and keep, and the start with a full spool.

    PYTHONPATH=processor:tests .venv/bin/python tests/measure/spool_speed.py [--folder FOLDER] [--quick]

The folder must lie on the disk that is to be measured: on a tmpfs nothing is synced.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from logtriage.spool.row import Row
from logtriage.spool.sqlite import SqliteSpool
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.setup import Telemetry

PAYLOAD = os.urandom(60_000)


def row(number: int, size_bytes: int) -> Row:
    return Row(
        payload=PAYLOAD[:size_bytes],
        records=10,
        fingerprint=number.to_bytes(8, "big"),
        metadata=(),
        tenant=b"",
        received_unix_nano=number,
        deadline_unix_nano=number,
        request_hash=number.to_bytes(16, "big"),
    )


def spool_in(folder: Path) -> SqliteSpool:
    return SqliteSpool(
        folder,
        max_records=10_000_000,
        max_bytes=8 << 30,
        min_free_bytes=0,
        meter=Telemetry(max_source_services=10).meter,
        rate_limited_log=RateLimitedLog(logging.getLogger()),
        patience_seconds=60,
    )


async def callers(folder: Path, count: int, seconds: float) -> None:
    """Put, keep and remove from ``count`` callers at once."""
    spool = spool_in(folder)
    await spool.start(lambda heads: None)
    puts: list[float] = []
    keeps: list[float] = []
    end = time.perf_counter() + seconds
    numbers = iter(range(1 << 40))

    async def call() -> None:
        while time.perf_counter() < end:
            one = row(next(numbers), 60_000)
            began = time.perf_counter()
            heads = await spool.put([one])
            puts.append(time.perf_counter() - began)
            began = time.perf_counter()
            await spool.keep([heads[0].id], one.request_hash)
            keeps.append(time.perf_counter() - began)
            spool.answer_taken(one.request_hash)
            await spool.remove([heads[0].id])

    await asyncio.gather(*(call() for _ in range(count)))
    await spool.close()
    for name, times in (("put", puts), ("keep", keeps)):
        cut = statistics.quantiles(times, n=100)
        print(
            f"{count:3d} callers, 60 kB: {name:4} p50 {cut[49] * 1e3:6.2f} ms  p99 {cut[98] * 1e3:7.2f} ms  "
            f"max {max(times) * 1e3:7.1f} ms  {len(times) / seconds:6.0f}/s"
        )


async def start_with(folder: Path, rows: int, size_bytes: int) -> None:
    """Fill, close, and time the start; then read all rows back."""
    spool = spool_in(folder)
    await spool.start(lambda heads: None)
    for first in range(0, rows, 500):
        heads = await spool.put([row(number, size_bytes) for number in range(first, min(first + 500, rows))])
        await spool.keep([head.id for head in heads], first.to_bytes(16, "big"))
    size = spool.file_bytes
    await spool.close()
    spool = spool_in(folder)
    began = time.perf_counter()
    heads = await spool.start(lambda late: None)
    took = time.perf_counter() - began
    began = time.perf_counter()
    for at in range(0, len(heads), 100):
        await spool.read([head.id for head in heads[at : at + 100]])
    read = time.perf_counter() - began
    await spool.close()
    print(
        f"start with {len(heads)} rows of {size_bytes / 1000:g} kB, {size / 2**20:.0f} MiB: {took:.2f} s; "
        f"all read back in {read:.1f} s"
    )
    with (folder / "spool.sqlite3").open("r+b") as file:
        file.write(bytes(4096))
    spool = spool_in(folder)
    late: list[int] = []
    began = time.perf_counter()
    first_heads = await spool.start(lambda heads: late.extend(head.id for head in heads))
    took = time.perf_counter() - began
    while len(late) + len(first_heads) < rows:
        await asyncio.sleep(0.05)
    print(
        f"the same with a lost first page: start {took:.2f} s, all rows back after {time.perf_counter() - began:.1f} s"
    )
    await spool.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--quick", action="store_true")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="spool-speed-", dir=args.folder))
    try:
        for count in (1, 16):
            asyncio.run(callers(folder / f"callers-{count}", count, 2 if args.quick else 10))
        if not args.quick:
            asyncio.run(start_with(folder / "many", 100_000, 1_000))
            asyncio.run(start_with(folder / "large", 18_000, 60_000))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
