"""Tell what an input is, and read its records one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from logtriage.cli.input.data_set import is_of_data_set, record_of_data_set
from logtriage.cli.input.input_record import InputRecord
from logtriage.cli.input.joining import join_lines
from logtriage.cli.input.json_text import NoJsonError, documents, parsed
from logtriage.cli.input.prefixes import is_docker_json, unwrapped
from logtriage.cli.input.source import IDLE
from logtriage.schema.line import view_of_line
from logtriage.schema.record import RecordView

_BEGINS_ARRAY = re.compile(r"\[\s*(?:$|\{\s*(?:$|\"))")


def read_records(lines: Iterable[str], *, service_name: str = "") -> Iterator[InputRecord]:
    """Read text, JSON lines, or JSON documents; the first line that is not blank decides.

    A JSON value is a record of a data set if it has a ``body`` that is text (DESIGN, "Data set format"), a request if
    it has ``resourceLogs``; of other JSON lines the line itself is the body, as a container logs it. Lines of one text
    are joined, behind what a container runtime writes in front of each. ``service_name`` serves records that name none.
    """
    numbered = _numbered(lines)
    head = next(((number, line) for number, line in numbered if line.strip()), None)
    if head is None:
        return
    first = head[1].strip()
    rest = chain([head], numbered)
    if first.startswith("{") or _BEGINS_ARRAY.match(first):
        yield from _json(first, rest, service_name)
    else:
        yield from _text(rest, service_name)


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    number = 0
    for line in lines:
        number += line != IDLE
        yield number, line


def _json(first: str, lines: Iterator[tuple[int, str]], service_name: str) -> Iterator[InputRecord]:
    try:
        value = parsed(first)
    except NoJsonError as error:
        if error.is_cut:
            yield from _documents(list(lines), service_name)
            return
        value = None
    if is_docker_json(value):
        yield from _text(lines, service_name)
    else:
        yield from _json_lines(lines, service_name)


def _text(lines: Iterable[tuple[int, str]], service_name: str) -> Iterator[InputRecord]:
    for where, text in join_lines(unwrapped(lines)):
        yield InputRecord(id=str(where), where=where, view=_view_of(text, service_name))


def _json_lines(lines: Iterable[tuple[int, str]], service_name: str) -> Iterator[InputRecord]:
    for where, line in lines:
        if not line.strip():
            continue
        try:
            value = parsed(line)
        except NoJsonError as error:
            yield InputRecord(id=str(where), where=where, problem=str(error))
            continue
        yield from _records_of(value, line.strip(), where, service_name)


def _documents(lines: list[tuple[int, str]], service_name: str) -> Iterator[InputRecord]:
    """Read JSON over several lines; if it is broken from the start and other lines are JSON, read them one by one."""
    first = lines[0][0]
    text = "".join(line for _, line in lines)
    has_any = False
    try:
        for line, value in documents(text):
            has_any = True
            yield from _records_of(value, text.strip(), first + line, service_name)
    except NoJsonError as error:
        if not has_any and any(_is_json_object(line) for _, line in lines):
            yield from _json_lines(lines, service_name)
            return
        where = first + error.line
        yield InputRecord(id=str(where), where=where, problem=str(error))


def _records_of(value: Any, line: str, where: int, service_name: str) -> Iterator[InputRecord]:
    if isinstance(value, dict) and "resourceLogs" in value:
        yield from _request(value, where, service_name)
    elif is_of_data_set(value):
        yield record_of_data_set(value, where, service_name=service_name)
    elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        for index, item in enumerate(value):
            if is_of_data_set(item):
                yield record_of_data_set({"id": f"{where}.{index}", **item}, where, service_name=service_name)
            elif "resourceLogs" in item:
                yield from _request(item, where, service_name)
            else:
                yield InputRecord(id=f"{where}.{index}", where=where, problem="is an object without a `body`")
    else:
        yield InputRecord(id=str(where), where=where, view=_view_of(line, service_name))


def _request(value: dict[str, Any], where: int, service_name: str) -> Iterator[InputRecord]:
    if not isinstance(value["resourceLogs"], list):
        yield InputRecord(id=str(where), where=where, problem="is no OTLP JSON: `resourceLogs` is no list")
        return
    from logtriage.cli.input.otlp_json import views_of_otlp

    for index, found in enumerate(views_of_otlp(value, service_name=service_name)):
        identity = f"{where}.{index}"
        if isinstance(found, str):
            yield InputRecord(id=identity, where=where, problem=found)
        else:
            yield InputRecord(id=identity, where=where, view=found)


def _is_json_object(line: str) -> bool:
    try:
        return line.lstrip().startswith("{") and isinstance(parsed(line), dict)
    except NoJsonError:
        return False


def _view_of(text: str, service_name: str) -> RecordView:
    return view_of_line(text, resource={"service.name": service_name} if service_name else {})
