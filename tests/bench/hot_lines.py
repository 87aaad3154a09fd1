"""Where the time of a record goes: `python -m bench.hot_lines [PERCENT OF ERRORS]`, in one process, verdicts known.

First the CPU of a record without a profiler, then the ten functions that take the most under one. The profiler makes
small functions look dearer than they are: read it as an order, not as a measure.
"""

from __future__ import annotations

import asyncio
import cProfile
import pstats
import sys
import time
from collections.abc import Sequence

from bench.load import Load
from logtriage.engines.local.engine import LocalEngine
from logtriage.pipeline.annotator import Annotator
from logtriage.pipeline.wire import parse_request
from support.annotating import annotator

RECORDS = 40_000
BATCH = 1_000
TOP = 10


async def _annotate(target: Annotator, requests: Sequence[bytes]) -> None:
    for data in requests:
        split = parse_request(data)
        has_changed, _ = await target.annotate(split, data, tenant=b"")
        if has_changed:
            split.SerializeToString()


def main(error_percent: int) -> None:
    """Print both."""
    load, target = Load(), annotator(engine=LocalEngine())
    asyncio.run(_annotate(target, [load.each_error_once().data]))
    requests = [one.data for one in load.requests(RECORDS, batch=BATCH, error_percent=error_percent)]
    half = len(requests) // 2
    began = time.thread_time_ns()
    asyncio.run(_annotate(target, requests[:half]))
    print(f"{error_percent} % errors: {(time.thread_time_ns() - began) / 1e3 / half / BATCH:.2f} µs a record")
    profiler = cProfile.Profile()
    profiler.runcall(asyncio.run, _annotate(target, requests[half:]))
    pstats.Stats(profiler).strip_dirs().sort_stats("tottime").print_stats(TOP)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
