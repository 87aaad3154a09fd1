"""Judge a labelled file with the embedded engine alone and print how good it is; ``--speed`` prints how fast.

    python tests/measure/judge_dev.py FILE.jsonl
    python tests/measure/judge_dev.py --speed

The file has one JSON object a line, as `logtriage eval` takes it. Figures go to standard output as text for people;
the last line is one JSON object. Of the records that were judged otherwise only the ids are shown.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "processor"))

from logtriage.engines.local.engine import LocalEngine
from logtriage.schema.category import Category
from logtriage.schema.record import RecordView, ResourceView
from logtriage.schema.severity import severity_of_word


def record_of(row: dict[str, Any]) -> RecordView:
    """Build the view that triage has of a labelled record; a severity text ``UNSPECIFIED`` means none."""
    word = row.get("severity_text") or "UNSPECIFIED"
    return RecordView(
        resource=ResourceView(service_name=(row.get("service_name") or "").encode()),
        body=row["body"].encode(),
        attributes={str(key).encode(): _text(value) for key, value in (row.get("attributes") or {}).items()},
        severity_text=b"" if word == "UNSPECIFIED" else word.encode(),
        level=severity_of_word(word),
    )


def _text(value: object) -> bytes:
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


def ratio(part: int, whole: int) -> float | None:
    """Divide; None where there is nothing to divide by."""
    return round(part / whole, 4) if whole else None


def measure(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Judge every record and count as the data set format defines."""
    engine = LocalEngine()
    pairs = [(row, engine.judge(record_of(row))) for row in rows]
    strict = [row["id"] for row, got in pairs if got.report.category != row["expect"]["category"]]
    lenient = [
        row["id"]
        for row, got in pairs
        if got.report.category not in (row["expect"]["category"], *row["expect"].get("also_acceptable", []))
    ]
    wanted = [(row, got) for row, got in pairs if row["expect"]["is_actionable_for_oncall"]]
    unwanted = [(row, got) for row, got in pairs if not row["expect"]["is_actionable_for_oncall"]]
    missed = [row["id"] for row, got in wanted if not got.report.is_actionable_for_oncall]
    false_pages = [row["id"] for row, got in unwanted if got.report.is_actionable_for_oncall]
    called_noise = [row for row, got in pairs if got.report.category == Category.NOISE]
    hits = [(got.report.confidence, got.report.category == row["expect"]["category"]) for row, got in pairs]
    return {
        "n": len(pairs),
        "accuracy_strict": ratio(len(pairs) - len(strict), len(pairs)),
        "accuracy_lenient": ratio(len(pairs) - len(lenient), len(pairs)),
        "macro_f1": macro_f1([(row["expect"]["category"], str(got.report.category)) for row, got in pairs]),
        "severity_accuracy": ratio(
            sum(got.report.severity == row["expect"]["severity"] for row, got in pairs), len(pairs)
        ),
        "actionable_recall": ratio(len(wanted) - len(missed), len(wanted)),
        "false_page_rate": ratio(len(false_pages), len(unwanted)),
        "noise_precision": ratio(sum(row["expect"]["category"] == "noise" for row in called_noise), len(called_noise)),
        "ece": calibration_error(hits),
        "evidence_missing_rate": ratio(sum(not any(len(q) >= 8 for q in got.quotes) for _, got in pairs), len(pairs)),
        "actionable_called_noise": [row["id"] for row in called_noise if row["expect"]["is_actionable_for_oncall"]],
        "wrong_strict": strict,
        "wrong_lenient": lenient,
        "missed_actionable": missed,
        "false_pages": false_pages,
    }


def macro_f1(pairs: list[tuple[str, str]]) -> float | None:
    """The mean F1 over the categories that are expected at least once."""
    scores = []
    for category in sorted({want for want, _ in pairs}):
        both = sum(want == got == category for want, got in pairs)
        called = sum(got == category for _, got in pairs)
        expected = sum(want == category for want, _ in pairs)
        scores.append(2 * both / (called + expected))
    return round(statistics.mean(scores), 4) if scores else None


def calibration_error(hits: list[tuple[float, bool]]) -> float | None:
    """Expected calibration error over ten bins of equal width, on strict accuracy."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for confidence, is_right in hits:
        bins.setdefault(min(int(confidence * 10), 9), []).append((confidence, is_right))
    gaps = [
        len(each) * abs(statistics.mean(c for c, _ in each) - statistics.mean(float(r) for _, r in each))
        for each in bins.values()
    ]
    return round(sum(gaps) / len(hits), 4) if hits else None


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
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, help="labelled records, one JSON object a line")
    parser.add_argument("--speed", action="store_true", help="time the engine instead")
    arguments = parser.parse_args()
    if not arguments.speed and arguments.file is None:
        parser.error("give FILE.jsonl, or --speed")
    if arguments.speed:
        figures = speed()
    else:
        lines = arguments.file.read_text(encoding="utf-8").splitlines()
        figures = measure([json.loads(line) for line in lines if line.strip()])
    for name, value in figures.items():
        print(f"{name:28} {' '.join(value) if isinstance(value, list) else value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
