"""Measure what the service costs beside a bare relay of the same bytes: `make bench`, or `python -m bench.run`.

Needs `tests` on PYTHONPATH and the project installed. Four processes: the relay, the service as users run it, a sink
behind both, and this one, which makes the load and sends it. docs/performance.md says how to read the output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import grpc
from rich.console import Console

from bench import processes
from bench.cell import Bench, Cell, Target, run_cell
from bench.check import Bodies, WrongOutputError, check_annotated
from bench.hardware import hardware
from bench.limits import (
    ADDED_BUDGETS,
    ADDED_UNITS,
    NEVER_SEEN_BUDGET,
    NEVER_SEEN_MEAN_MS,
    NEVER_SEEN_P99_MS,
    RSS_MIB,
    START_CPU_SECONDS,
    Limit,
)
from bench.load import BATCH_SIZES, ERROR_PERCENTS, Load
from bench.measure import CHANNEL_OPTIONS, send
from bench.report import print_cells, print_limits
from bench.sink import take
from bench.templates import ERRORS, OTHERS

RECORDS = {0: 100_000, 5: 100_000, 100: 25_000}
"""Records of one measurement, by per cent of errors: about a second of CPU each."""
QUICK_RECORDS = {0: 40_000, 5: 40_000, 100: 8_192}
STARTS = 3


def main() -> int:
    """Run the bench; 1 if a figure is over three times what docs/performance.md states, or the output is wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__, allow_abbrev=False)
    parser.add_argument("--quick", action="store_true", help="fewer records, median of three instead of five")
    parser.add_argument("--json-only", action="store_true", help="print the JSON object and nothing else")
    arguments = parser.parse_args()
    console = Console(quiet=arguments.json_only, width=None if sys.stdout.isatty() else 140)
    began = time.monotonic()
    try:
        found = asyncio.run(_run(console, is_quick=arguments.quick))
    except WrongOutputError as error:
        print(f"the output is wrong: {error}", file=sys.stderr)
        return 1
    found["seconds"] = round(time.monotonic() - began, 1)
    print(json.dumps(found))
    return 1 if found["failed"] else 0


async def _run(console: Console, *, is_quick: bool) -> dict[str, object]:
    machine = hardware()
    console.print(", ".join(f"{key} {value}" for key, value in machine.items()), highlight=False)
    pairs = 3 if is_quick else 5
    templates = sum(len(texts) for table in (ERRORS, OTHERS) for texts in table.values())
    load, bodies = Load(), Bodies()
    starts: list[processes.Started] = []
    cells: list[Cell] = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        _, sink_port = stack.enter_context(processes.module("bench.sink"))
        sink_address = f"127.0.0.1:{sink_port}"
        relay_pid, relay_port = stack.enter_context(processes.module("bench.relay", sink_address))
        for i in range(STARTS):
            config, port = _settings(Path(folder), sink_address)
            opened = processes.service(config, port, Path(folder) / "service.log")
            if i < STARTS - 1:
                with opened as started:
                    starts.append(started)
        serving = stack.enter_context(opened)
        starts.append(serving)
        async with AsyncExitStack() as channels:
            sink, relay, service = [
                await channels.enter_async_context(grpc.aio.insecure_channel(address, options=CHANNEL_OPTIONS))
                for address in (sink_address, f"127.0.0.1:{relay_port}", f"127.0.0.1:{port}")
            ]
            bench = Bench(load, bodies, Target(relay_pid, relay), Target(serving.pid, service), sink)
            await _warm_up(bench)
            for error_percent in ERROR_PERCENTS:
                for batch in BATCH_SIZES:
                    records = (QUICK_RECORDS if is_quick else RECORDS)[error_percent]
                    with console.status(f"{error_percent} % errors in batches of {batch}"):
                        cell = await run_cell(
                            bench, error_percent=error_percent, batch=batch, records=records, pairs=pairs
                        )
                    cells.append(cell)
    with console.status("never-seen fingerprints"):
        unseen = _never_seen(500 if is_quick else 2_000)
    limits = _limits(cells, starts, cells[-1].peak_rss_mib, unseen)
    print_cells(console, cells, pairs)
    print_limits(console, limits)
    console.print(
        f"{len(bodies):,} records of {templates} templates, no body twice; all arrived once, those without a verdict "
        f"byte for byte; {sum(cell.annotated for cell in cells):,} annotated, all `cached`."
    )
    wall_seconds = statistics.median(one.wall_seconds for one in starts)
    console.print(f"Start to serving: {wall_seconds:.2f} s on the wall, median of {STARTS}.")
    sizes = load.mean_record_bytes()
    console.print("Mean bytes of a record: " + ", ".join(f"{kind} {size}" for kind, size in sizes.items()))
    return {
        "hardware": machine,
        "quick": is_quick,
        "templates": templates,
        "records": len(bodies),
        "mean_record_bytes": sizes,
        "cells": [cell.as_json() for cell in cells],
        "start_cpu_seconds": [round(start.cpu_seconds, 3) for start in starts],
        "start_wall_seconds": [round(start.wall_seconds, 3) for start in starts],
        "peak_rss_mib": round(cells[-1].peak_rss_mib, 1),
        "never_seen": unseen,
        "over_budget": [limit.name for limit in limits if limit.misses_budget],
        "failed": [limit.name for limit in limits if limit.fails],
    }


async def _warm_up(bench: Bench) -> None:
    """Make every verdict known, and both processes warm, outside the measurements."""
    first = [bench.load.each_error_once()]
    bench.bodies.add(first)
    await send(bench.service.channel, bench.service.pid, first)
    check_annotated(first, await take(bench.sink), status="fresh")
    for batch in BATCH_SIZES:
        requests = bench.load.requests(8_192, batch=batch, error_percent=5)
        bench.bodies.add(requests)
        for target in (bench.relay, bench.service):
            await send(target.channel, target.pid, requests)
    await take(bench.sink)


def _settings(folder: Path, sink_address: str) -> tuple[Path, int]:
    port = processes.free_port()
    file = folder / "logtriage.yaml"
    file.write_text(
        f"receiver: {{endpoint: '127.0.0.1:{port}'}}\n"
        f"exporter: {{endpoint: '{sink_address}', compression: none}}\n"
        "engine: local\n"
        f"telemetry: {{metrics: {{endpoint: '127.0.0.1:{processes.free_port()}'}}}}\n"
    )
    return file, port


def _never_seen(records: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.never_seen", str(records)]
    ran = subprocess.run(command, capture_output=True, text=True, env=processes.environment(), check=True)
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def _limits(
    cells: Sequence[Cell], starts: Sequence[processes.Started], rss_mib: float, unseen: dict[str, float]
) -> list[Limit]:
    limits = [
        Limit(
            name=f"added at {cell.error_percent} % errors, batches of {cell.batch:,}",
            unit="units",
            stated=ADDED_UNITS[cell.error_percent, cell.batch],
            measured=cell.added.median,
            budget=ADDED_BUDGETS.get(cell.error_percent),
        )
        for cell in cells
    ]
    limits += [
        Limit("never-seen fingerprint, mean", "ms", NEVER_SEEN_MEAN_MS, unseen["mean_ms"], NEVER_SEEN_BUDGET),
        Limit("never-seen fingerprint, 99th percentile", "ms", NEVER_SEEN_P99_MS, unseen["p99_ms"], NEVER_SEEN_BUDGET),
        Limit("start to serving, CPU", "s", START_CPU_SECONDS, statistics.median(one.cpu_seconds for one in starts)),
        Limit("peak RSS of the service", "MiB", RSS_MIB, rss_mib),
    ]
    return limits


if __name__ == "__main__":
    sys.exit(main())
