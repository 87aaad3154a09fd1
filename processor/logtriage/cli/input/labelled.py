"""Read a labelled data set (DESIGN, "Data set format"): each line a record with its id and what is expected of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from logtriage.cli.input.checked_record import BadLineError, check_types
from logtriage.cli.input.data_set import is_of_data_set, record_of_data_set
from logtriage.cli.input.json_text import NoJsonError, parsed
from logtriage.cli.input.source import IDLE
from logtriage.evaluation.expectation import BadLabelError, read_expectation
from logtriage.evaluation.labelled_record import LabelledRecord


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no labelled record, and why."""

    where: int
    problem: str


def read_labelled(lines: Iterable[str]) -> Iterator[LabelledRecord | BadLine]:
    """Yield the records, and the lines that cannot be used; blank lines are passed over."""
    seen: dict[str | int, int] = {}
    numbered = enumerate((line for line in lines if line != IDLE), start=1)
    for where, line in numbered:
        if not line.strip():
            continue
        found = _read(line, where)
        if isinstance(found, LabelledRecord):
            before = seen.setdefault(found.id, where)
            if before != where:
                found = BadLine(where, f"the id {found.id!r} stands in line {before} already")
        yield found


def _read(line: str, where: int) -> LabelledRecord | BadLine:
    try:
        value = parsed(line)
    except NoJsonError as error:
        return BadLine(where, str(error))
    if not isinstance(value, dict):
        return BadLine(where, "is no JSON object")
    identity = value.get("id")
    if isinstance(identity, bool) or not isinstance(identity, str | int) or identity == "":
        return BadLine(where, "`id` is missing, or neither text nor a number")
    if not is_of_data_set(value):
        return BadLine(where, "`body` is missing, or no text")
    try:
        check_types(value)
        expect = read_expectation(value.get("expect"))
    except (BadLineError, BadLabelError) as error:
        return BadLine(where, str(error))
    record = record_of_data_set(value, where)
    if record.view is None:
        return BadLine(where, record.problem)
    return LabelledRecord(id=identity, where=where, view=record.view, context=record.context, expect=expect)
