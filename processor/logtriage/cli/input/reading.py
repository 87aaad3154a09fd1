"""Tell what an input is, and read its records one by one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from logtriage.cli.input.joining import join_lines
from logtriage.cli.input.otlp_json import is_otlp, views_of_otlp
from logtriage.schema.line import view_of_line
from logtriage.schema.record import Context, RecordView


@dataclass(frozen=True, slots=True, kw_only=True)
class InputRecord:
    """One record of an input. ``where`` is its line; ``view`` is None and ``problem`` says why if it cannot be read."""

    id: str
    where: int
    view: RecordView | None = None
    context: Context = field(default_factory=Context)
    problem: str = ""


def read_records(lines: Iterable[str], *, service_name: str = "") -> Iterator[InputRecord]:
    """Read text, JSON lines, or OTLP JSON; the first character decides.

    JSON lines are records of a data set if they have a ``body`` (DESIGN, "Data set format"), requests if they have
    ``resourceLogs``, else the line itself is the body, as a container would log it. Lines of one text are joined.
    ``service_name`` serves records that name none.
    """
    iterator = iter(lines)
    head: list[str] = []
    for line in iterator:
        head.append(line)
        if line.strip():
            break
    if head and head[-1].lstrip().startswith("{"):
        yield from _json_records([*head], iterator, service_name)
        return
    for where, text in join_lines(_chain(head, iterator)):
        yield InputRecord(id=str(where), where=where, view=_line_view(text, service_name))


def _chain(head: list[str], rest: Iterator[str]) -> Iterator[str]:
    yield from head
    yield from rest


def _json_records(head: list[str], rest: Iterator[str], service_name: str) -> Iterator[InputRecord]:
    first = len(head)
    try:
        json.loads(head[-1])
    except json.JSONDecodeError:
        document = "".join([*head, *rest])
        try:
            parsed = json.loads(document)
        except json.JSONDecodeError as error:
            yield InputRecord(id=str(first), where=first + error.lineno - 1, problem=f"is no JSON: {error.msg}")
            return
        yield from _json_record(parsed, document, first, service_name)
        return
    for where, line in enumerate(_chain(head, rest), 1):
        if not line.strip():
            continue
        try:
            parsed = json.loads(line)
        except json.JSONDecodeError as error:
            yield InputRecord(id=str(where), where=where, problem=f"is no JSON: {error.msg} at column {error.colno}")
            continue
        yield from _json_record(parsed, line.rstrip("\r\n"), where, service_name)


def _json_record(parsed: Any, line: str, where: int, service_name: str) -> Iterator[InputRecord]:
    if is_otlp(parsed):
        try:
            for index, view in enumerate(views_of_otlp(parsed)):
                yield InputRecord(id=f"{where}.{index}", where=where, view=view)
        except ValueError as error:
            yield InputRecord(id=str(where), where=where, problem=str(error))
        return
    if not (isinstance(parsed, dict) and isinstance(parsed.get("body"), str)):
        yield InputRecord(id=str(where), where=where, view=_line_view(line, service_name))
        return
    resource = parsed.get("resource") if isinstance(parsed.get("resource"), dict) else {}
    attributes = parsed.get("attributes") if isinstance(parsed.get("attributes"), dict) else {}
    name = parsed.get("service_name") or service_name
    view = view_of_line(
        parsed["body"],
        severity_text=str(parsed.get("severity_text") or ""),
        severity_number=int(parsed["severity_number"]) if isinstance(parsed.get("severity_number"), int) else 0,
        resource={**({"service.name": name} if name else {}), **(resource or {})},
        attributes=attributes,
    )
    context = Context(before=_context(parsed, "context_before"), after=_context(parsed, "context_after"))
    yield InputRecord(id=str(parsed.get("id") or where), where=where, view=view, context=context)


def _context(parsed: dict[str, Any], key: str) -> tuple[str, ...]:
    lines = parsed.get(key)
    return tuple(str(line) for line in lines) if isinstance(lines, list) else ()


def _line_view(text: str, service_name: str) -> RecordView:
    return view_of_line(text, resource={"service.name": service_name} if service_name else {})
