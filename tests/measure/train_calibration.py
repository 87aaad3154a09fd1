"""Fit the confidence of the embedded engine on the golden set, and tell by cross-validation how honest it is.

    PYTHONPATH=processor:tests python tests/measure/train_calibration.py [--write]

What is fitted and why so little: `engines/local/calibration.py`. A ridge keeps the offsets near each other: a source
with five records must not claim to be always right. Held back together: the records that one name decides, and those
of one file or scenario that no name decides; so no signature tells how sure it is of itself. `--write` fits on all and
writes ``calibration.json``; without it the file must be what a fit gives now, or the exit code is 1.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import logtriage.engines.local as local
from logtriage.engines.local.calibration import BLIND, OTHER, Calibration, key_of, logit_of
from logtriage.engines.local.engine import LOCAL_VERSION, LocalEngine
from logtriage.engines.local.finding import Finding
from logtriage.engines.local.rules import decide
from logtriage.engines.local.text import text_of
from support.golden import golden_set

FOLDS = 10
RIDGE = 4.0
STEPS = 400
RATE = 0.5
BINS = 10
WANTED_ECE = 0.05
OUT = Path(local.__file__).parent / "calibration.json"


@dataclass(frozen=True, slots=True)
class Row:
    """One golden record: what was found, whether the category is right, what it is held back with."""

    finding: Finding
    is_right: bool
    group: str


def rows() -> list[Row]:
    """Find what the engine finds, before it is calibrated."""
    engine = LocalEngine()
    found = []
    for golden in golden_set():
        view = golden.record.view
        finding = decide(engine.matcher, text_of(view), view, golden.record.context)
        is_right = finding.category is golden.record.expect.category
        found.append(Row(finding, is_right, finding.name or golden.group))
    return found


def fitted(table: list[Row]) -> Calibration:
    """Fit slope and offsets by plain gradient descent on the log-loss."""
    cells: defaultdict[tuple[str, float], list[int]] = defaultdict(lambda: [0, 0])
    sizes: defaultdict[str, int] = defaultdict(int)
    for row in (row for row in table if row.finding.source not in BLIND):
        key = key_of(row.finding)
        cell = cells[key, logit_of(row.finding.confidence)]
        cell[0] += row.is_right
        cell[1] += 1
        sizes[key] += 1
    total = sum(sizes.values())
    mean = sum(right for right, _ in cells.values()) / total
    centre = math.log(mean / (1 - mean))
    slope, offsets = 0.5, dict.fromkeys(sizes, centre)
    for _ in range(STEPS):
        by_slope, by_offset = 0.0, dict.fromkeys(sizes, 0.0)
        for (key, logit), (right, count) in cells.items():
            error = count / (1 + math.exp(-(offsets[key] + slope * logit))) - right
            by_slope += error * logit
            by_offset[key] += error
        slope = max(0.0, slope - RATE * by_slope / total)
        for key, size in sizes.items():
            pull = RIDGE * (offsets[key] - centre)
            offsets[key] -= RATE * (4 * by_offset[key] + pull) / (size + 4 * RIDGE)
    found = {key: round(offset, 2) for key, offset in sorted(offsets.items())}
    return Calibration(round(slope, 2), {**found, OTHER: round(centre, 2)})


def ece(pairs: list[tuple[float, bool]]) -> float:
    """Give the expected calibration error over bins of equal width, as `logtriage eval` counts it."""
    bins: defaultdict[int, list[tuple[float, bool]]] = defaultdict(list)
    for confidence, is_right in pairs:
        bins[min(BINS - 1, int(confidence * BINS))].append((confidence, is_right))
    return sum(abs(sum(c for c, _ in each) - sum(r for _, r in each)) for each in bins.values()) / len(pairs)


def cross_validated(table: list[Row]) -> list[tuple[float, bool]]:
    """Give confidence and truth of each record by a fit that has not seen its group."""
    names = sorted({row.group for row in table})
    random.Random(1).shuffle(names)
    fold = {name: at % FOLDS for at, name in enumerate(names)}
    pairs = []
    for at in range(FOLDS):
        calibration = fitted([row for row in table if fold[row.group] != at])
        pairs += [(calibration.confidence_of(row.finding), row.is_right) for row in table if fold[row.group] == at]
    return pairs


def main() -> int:
    table = rows()
    raw = ece([(row.finding.confidence, row.is_right) for row in table])
    honest = ece(cross_validated(table))
    calibration = fitted(table)
    print(f"{len(table)} records, {sum(row.is_right for row in table) / len(table):.3f} right ({LOCAL_VERSION})")
    print(f"ECE: {raw:.3f} raw, {honest:.3f} cross-validated (wanted: {WANTED_ECE})")
    used: defaultdict[str, list[Row]] = defaultdict(list)
    for row in table:
        used[key_of(row.finding)].append(row)
    for key, each in sorted(used.items(), key=lambda item: -len(item[1])):
        told = sum(calibration.confidence_of(row.finding) for row in each) / len(each)
        right = sum(row.is_right for row in each) / len(each)
        print(f"{key:22s} {len(each):4d} records, {right:.3f} right, {told:.3f} told")
    numbers = {"fitted_for": LOCAL_VERSION, "slope": calibration.slope, "offsets": dict(calibration.offsets)}
    text = json.dumps(numbers, indent=2) + "\n"
    if "--write" in sys.argv[1:]:
        OUT.write_text(text, encoding="utf-8")
        print(f"written: {OUT.name}")
    elif OUT.read_text(encoding="utf-8") != text:
        print(f"{OUT.name} is not what a fit gives now: run with --write")
        return 1
    return 0 if honest <= WANTED_ECE else 1


if __name__ == "__main__":
    sys.exit(main())
