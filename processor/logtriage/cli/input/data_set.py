"""Read one record of a data set (DESIGN, "Data set format")."""

from __future__ import annotations

from typing import Any

from logtriage.cli.input.input_record import InputRecord
from logtriage.schema.line import view_of_line
from logtriage.schema.record import Context


def is_of_data_set(value: object) -> bool:
    """Tell whether a JSON value is a record of a data set: it has a body that is text."""
    return isinstance(value, dict) and isinstance(value.get("body"), str)


def record_of_data_set(value: dict[str, Any], where: int, *, service_name: str = "") -> InputRecord:
    """Give the record; keys of another type than the format says are passed over."""
    identity = str(value.get("id") or where)
    number = value.get("severity_number")
    resource = {**({"service.name": service_name} if service_name else {}), **_map(value.get("resource"))}
    if value.get("service_name"):
        resource["service.name"] = value["service_name"]
    try:
        view = view_of_line(
            value["body"],
            severity_text=str(value.get("severity_text") or ""),
            severity_number=number if isinstance(number, int) and not isinstance(number, bool) else 0,
            resource=resource,
            attributes=_map(value.get("attributes")),
        )
    except UnicodeEncodeError:
        return InputRecord(
            id=identity, where=where, problem="has half a surrogate pair (\\ud800 to \\udfff), which is no text"
        )
    context = Context(before=_lines(value.get("context_before")), after=_lines(value.get("context_after")))
    return InputRecord(id=identity, where=where, view=view, context=context)


def _map(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _lines(value: object) -> tuple[str, ...]:
    lines = value if isinstance(value, list) else []
    return tuple(str(line).encode("utf-8", "replace").decode() for line in lines)
