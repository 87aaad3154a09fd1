"""Print how fast the embedded engine judges; how good it is, `logtriage eval FILE.jsonl --engine local` tells.

    python tests/measure/local_speed.py

Figures go to standard output as text for people; the last line is one JSON object.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "processor"))

from logtriage.engines.local.engine import LocalEngine
from logtriage.schema.record import RecordView, ResourceView

HOSTILE = {
    "spaces": b" ",
    "digits": b"7",
    "letter": b"a",
    "quotes": b'"',
    "brackets": b"[",
    "parentheses": b"(",
    "retry": b"retry ",
    "attempts": b"attempt 1 of 2 ",
    "error code": b"error code ",
    "connection": b"connection ",
    "failed to parse": b"failed to parse ",
    "caused by": b"caused by: java.io.IOException\n",
    "class names": b"KeyError.ValueError.",
    "relation": b'relation "',
    "upper": b"A",
    "not utf-8": b"\xff\xfe",
}


def speed() -> dict[str, Any]:
    """Time the engine: common lines of some 300 bytes, a known and an unknown one, and hostile bodies of 64 KiB."""
    started = time.perf_counter()
    engine = LocalEngine()
    start_ms = (time.perf_counter() - started) * 1e3
    tail = b" request_id=8f2c1d tenant=blue region=north-2 handler=CartController path=/v2/cart/items elapsed_ms=31 "
    known = b"2031-01-01T00:00:00Z ERROR [cart] dial tcp 10.0.0.7:6379: connect: connection refused" + tail * 2
    unknown = b"2031-01-01T00:00:00Z ERROR [cart] the gizmo would not frobnicate the sprocket today" + tail * 2
    trace = known + b"\n" + b"\tat org.example.shop.cart.CartService.total(CartService.java:118)\n" * 100
    figures: dict[str, Any] = {"start_ms": round(start_ms, 1)}
    for name, body in (("known_300_bytes", known[:300]), ("unknown_300_bytes", unknown[:300]), ("trace_7_kib", trace)):
        figures[f"{name}_us"] = round(_median_us(engine, body, repeats=400), 1)
    for name, unit in HOSTILE.items():
        body = (unit * (65536 // len(unit) + 1))[:65536]
        figures[f"hostile {name}_ms"] = round(_median_us(engine, body, repeats=5) / 1e3, 2)
    return figures


def _median_us(engine: LocalEngine, body: bytes, *, repeats: int) -> float:
    record = RecordView(resource=ResourceView(), body=body)
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        engine.judge(record)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1e6


def main() -> None:
    """Measure, print."""
    figures = speed()
    for name, value in figures.items():
        print(f"{name:28} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
