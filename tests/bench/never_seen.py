"""What a never-seen fingerprint costs: one record a request through the annotator, in a process of its own.

`python -m bench.never_seen RECORDS` prints one JSON object: CPU milliseconds of the whole path of a record (split,
select, fingerprint, judge, annotate, serialise), mean and 99th percentile.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time

from bench.load import Load
from logtriage.engines.local.engine import LocalEngine
from logtriage.pipeline.wire import parse_request
from support.annotating import annotator


async def never_seen(records: int) -> dict[str, float]:
    """Time ``records`` judgements, each of a fingerprint of its own."""
    load = Load(seed=2)
    target = annotator(engine=LocalEngine())
    known = load.each_error_once().data
    await target.annotate(parse_request(known), known, tenant=b"")
    milliseconds = []
    for request in load.never_seen(records):
        began = time.thread_time_ns()
        split = parse_request(request.data)
        _, tally = await target.annotate(split, request.data, tenant=b"")
        split.SerializeToString()
        milliseconds.append((time.thread_time_ns() - began) / 1e6)
        if len(tally.judged) != 1:
            raise AssertionError("a record that was to be new had a verdict")
    return {
        "records": records,
        "mean_ms": round(statistics.fmean(milliseconds), 3),
        "p99_ms": round(statistics.quantiles(milliseconds, n=100)[98], 3),
    }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(never_seen(int(sys.argv[1])))))
