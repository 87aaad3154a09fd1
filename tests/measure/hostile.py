"""Fingerprint hostile texts of 64 KiB and print the slowest.

    python tests/measure/hostile.py [--count 10000] [--seed 1]

Each is the body of one record: the plain masks, the masker with a memory and the spans for evidence are timed, in CPU
time, since the machine may be busy. The last line is one JSON object; the exit code is 1 if one text took more than
50 ms in all three of its runs.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "processor"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from logtriage.schema.record import judged_text
from logtriage.verdicts.fingerprint import digest_of
from logtriage.verdicts.masker import Masker
from logtriage.verdicts.masks import literal_spans
from support.hostile_texts import hostile_texts

STATED_SECONDS = 0.05


def seconds_of(text: bytes, masker: Masker) -> dict[str, float]:
    """Time one text, the least of three runs if the first is over the bound."""
    works = {
        "fingerprint": lambda: digest_of(resource_key=b"", level=None, body=text),
        "remembering": lambda: digest_of(resource_key=b"", level=None, body=text, mask=masker.mask),
        "spans": lambda: literal_spans(judged_text(text)),
    }
    taken: dict[str, float] = {}
    for name, work in works.items():
        taken[name] = float("inf")
        for _ in range(3):
            began = time.process_time()
            work()
            taken[name] = min(taken[name], time.process_time() - began)
            if taken[name] < STATED_SECONDS:
                break
    return taken


def main() -> int:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=3)
    args = parser.parse_args()
    masker = Masker()
    slowest: list[tuple[float, str, bytes]] = []
    over = 0
    for text in hostile_texts(args.count, args.seed):
        taken = seconds_of(text, masker)
        over += max(taken.values()) > STATED_SECONDS
        name = max(taken, key=lambda one: taken[one])
        slowest = sorted([*slowest, (taken[name], name, text[:200])], key=lambda one: one[0])[-args.show :]
    for seconds, name, head in reversed(slowest):
        print(f"{seconds * 1000:7.1f} ms  {name:<12} {head!r}")
    print(json.dumps({"texts": args.count, "over_50_ms": over, "slowest_ms": round(slowest[-1][0] * 1000, 1)}))
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main())
