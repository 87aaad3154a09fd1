"""A file of predictions: ``{"id", "report"}`` a line, the report as the engine and the policy left it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from pydantic import ValidationError

from logtriage.schema.report import TriageReport

Id = str | int


class BadPredictionError(Exception):
    """A line is no prediction; says which and why."""


def write_prediction(file: TextIO, identity: Id, report: TriageReport) -> None:
    """Write one line."""
    line = {"id": identity, "report": report.model_dump(mode="json")}
    file.write(json.dumps(line, ensure_ascii=False) + "\n")


def read_predictions(lines: Iterable[str]) -> dict[Id, TriageReport]:
    """Read a file, in its order.

    Raises:
        BadPredictionError: at the first line that is no prediction, or has an id that was there before.
    """
    found: dict[Id, TriageReport] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        identity, report = _read(line, number)
        if identity in found:
            raise BadPredictionError(f"line {number}: the id {identity!r} was there before")
        found[identity] = report
    return found


def _read(line: str, number: int) -> tuple[Id, TriageReport]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise BadPredictionError(f"line {number}: is no JSON") from None
    identity = value.get("id") if isinstance(value, dict) else None
    if isinstance(identity, bool) or not isinstance(identity, str | int):
        raise BadPredictionError(f'line {number}: should be {{"id", "report"}}')
    try:
        return identity, TriageReport.model_validate(value.get("report"))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(["report", *map(str, first["loc"])])
        raise BadPredictionError(f"line {number}: `{where}`: {first['msg']}") from None
