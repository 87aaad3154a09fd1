"""The golden set as the measuring scripts take it: each labelled record with its place and its group.

A group is what must stay together when a part is held back: the records of one file, of one scenario of the capture.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from logtriage.cli.input.labelled import read_labelled
from logtriage.evaluation.labelled_record import LabelledRecord

RECORDS = Path(__file__).resolve().parents[1] / "golden" / "records"


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """One golden record. ``group``: its file, or its scenario of the capture."""

    record: LabelledRecord
    file: str
    group: str


def golden_set() -> Iterator[Golden]:
    """Read all files, in the order of their names."""
    for path in sorted(RECORDS.glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines()
        for record in read_labelled(lines):
            if not isinstance(record, LabelledRecord):
                raise ValueError(f"{path.name}:{record.where}: {record.problem}")
            scenario = json.loads(lines[record.where - 1]).get("scenario", "")
            yield Golden(record=record, file=path.stem, group=f"{path.stem} {scenario}".strip())
