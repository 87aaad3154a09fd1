"""The unit: one full protobuf parse and serialise of the same bytes, in a process of its own.

`python -m bench.unit` reads framed requests from standard input and prints the CPU nanoseconds that they take. The
allocator is told to keep its memory: what glibc gives back to the system between two requests depends on what ran
before, and the same bytes took from 0.5 to 1.3 microseconds a record. This is the least of these, so the strictest.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from bench import processes
from bench.framing import framed, unframed
from bench.load import Request

_KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": str(2**30), "MALLOC_MMAP_THRESHOLD_": str(2**30)}
"""mallopt(3)."""


def unit_seconds(requests: Sequence[Request], *, up_to_records: int) -> float:
    """Give the CPU time a record, over whole requests with at least ``up_to_records`` records together if they have."""
    chosen: list[bytes] = []
    records = 0
    for request in requests:
        chosen.append(request.data)
        records += request.records
        if records >= up_to_records:
            break
    ran = subprocess.run(
        [sys.executable, "-m", "bench.unit"],
        input=framed(chosen),
        stdout=subprocess.PIPE,
        env={**processes.environment(), **_KEEP_MEMORY},
        check=True,
    )
    return int(ran.stdout) / 1e9 / records


def _nanoseconds(requests: Sequence[bytes]) -> int:
    began = time.thread_time_ns()
    for request in requests:
        ExportLogsServiceRequest.FromString(request).SerializeToString()
    return time.thread_time_ns() - began


if __name__ == "__main__":
    _given = unframed(sys.stdin.buffer.read())
    _nanoseconds(_given)  # once to warm up
    print(_nanoseconds(_given))
