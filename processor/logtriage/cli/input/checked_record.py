"""Read a record of the data set format strictly: a key of another type is a fault, for what must not be guessed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from logtriage.cli.input.data_set import is_of_data_set
from logtriage.cli.input.json_text import NoJsonError, parsed
from logtriage.cli.input.reading import read_records
from logtriage.cli.input.source import IDLE
from logtriage.schema.line import view_of_line
from logtriage.schema.record import RecordView

_TEXT_FIELDS = ("body", "severity_text", "service_name")
_MAP_FIELDS = ("resource", "attributes")
_LIST_FIELDS = ("context_before", "context_after")


class BadLineError(Exception):
    """A line of the input cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Named:
    """A record and its id as the input has it; for text the number of its first line."""

    id: Any
    where: int
    view: RecordView


@dataclass(frozen=True, slots=True)
class Unusable:
    """A record that cannot be used, and why."""

    where: int
    problem: str


def read_named(lines: Iterable[str], *, name: str = "") -> Iterator[Named | Unusable]:
    """Read records as `triage` does, but a data set strictly.

    It is a data set if its first object has a ``body``, or if it is called ``.jsonl`` and begins with no JSON object.
    """
    numbered = ((number, line) for number, line in enumerate((line for line in lines if line != IDLE), start=1))
    head = next(((number, line) for number, line in numbered if line.strip()), None)
    if head is None:
        return
    rest = chain([head], numbered)
    if _begins_data_set(head[1], name):
        yield from _strictly(rest)
        return
    blank = ["\n"] * (head[0] - 1)
    for item in read_records(chain(blank, (line for _, line in rest))):
        if item.view is None:
            yield Unusable(item.where, item.problem)
        else:
            yield Named(item.where if item.id == str(item.where) else item.id, item.where, item.view)


def view_of(record: dict[str, Any]) -> RecordView:
    """Build the view of one record.

    Raises:
        BadLineError: a key has another type than the format says.
    """
    check_types(record)
    number = record.get("severity_number")
    resource = dict(record.get("resource") or {})
    if record.get("service_name"):
        resource["service.name"] = record["service_name"]
    try:
        return view_of_line(
            record["body"],
            severity_text=record.get("severity_text") or "",
            severity_number=number or 0,
            resource=resource,
            attributes=record.get("attributes") or {},
        )
    except UnicodeEncodeError:
        raise BadLineError("has half a surrogate pair (\\ud800 to \\udfff), which is no text") from None


def check_types(record: dict[str, Any]) -> None:
    """Let a record pass whose keys have the types that the format says; null is as if the key were not there.

    Raises:
        BadLineError: one has another: passing over it would change what the record says.
    """
    for key in _TEXT_FIELDS:
        if not isinstance(record.get(key, ""), str | None):
            raise BadLineError(f"`{key}` should be text")
    if not isinstance(record.get("body"), str):
        raise BadLineError("`body` should be text")
    for key in _MAP_FIELDS:
        if not isinstance(record.get(key, {}), dict | None):
            raise BadLineError(f"`{key}` should be an object")
    for key in _LIST_FIELDS:
        lines = record.get(key) or []
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise BadLineError(f'`{key}` should be a list of lines: `["one line", "the next"]`')
    number = record.get("severity_number")
    if isinstance(number, bool) or not isinstance(number, int | None):
        raise BadLineError("`severity_number` should be a whole number")


def object_of(line: str) -> dict[str, Any]:
    """Parse one JSON object.

    Raises:
        BadLineError: it is none.
    """
    try:
        value = parsed(line)
    except NoJsonError as error:
        raise BadLineError(str(error)) from None
    if not isinstance(value, dict):
        raise BadLineError("is no JSON object")
    return value


def _begins_data_set(line: str, name: str) -> bool:
    try:
        value = parsed(line)
    except NoJsonError:
        return name.endswith(".jsonl")
    if not isinstance(value, dict):
        return name.endswith(".jsonl") and not isinstance(value, list)
    return is_of_data_set(value) or "body" in value


def _strictly(numbered: Iterable[tuple[int, str]]) -> Iterator[Named | Unusable]:
    for where, line in numbered:
        if not line.strip():
            continue
        try:
            record = object_of(line)
            yield Named(record.get("id", where), where, view_of(record))
        except BadLineError as error:
            yield Unusable(where, str(error))
