"""A record given as plain values: one line of a file, of standard input, of a labelled set."""

from __future__ import annotations

from collections.abc import Mapping

from logtriage.schema.body_level import level_of_body
from logtriage.schema.record import RecordView, resource_view
from logtriage.schema.severity import Severity, severity_of_number, severity_of_word


def view_of_line(
    body: str,
    *,
    severity_text: str = "",
    severity_number: int = 0,
    resource: Mapping[str, object] | None = None,
    attributes: Mapping[str, object] | None = None,
) -> RecordView:
    """Build the view of one line. Severity text ``UNSPECIFIED`` is no severity."""
    text = "" if severity_text == "UNSPECIFIED" else severity_text
    body_bytes = body.encode("utf-8", "surrogateescape")
    level = severity_of_number(severity_number) or severity_of_word(text) or level_of_body(body_bytes)
    if level is None and attributes and "exception.type" in attributes:
        level = Severity.ERROR
    return RecordView(
        resource=resource_view({key.encode(): _text(value).encode() for key, value in (resource or {}).items()}),
        body=body_bytes,
        attributes={key.encode(): _text(value).encode() for key, value in (attributes or {}).items()},
        severity_number=severity_number,
        severity_text=text.encode(),
        level=level,
    )


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
