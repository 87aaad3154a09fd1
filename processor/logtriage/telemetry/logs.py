"""Our own logs: structured, on standard error, never with the body of a record.

Log with ``logger.info("what happened", extra=fields(endpoint=..., reason=...))``: the text is constant, what varies
is a field.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

ROOT = "logtriage"
_FIELDS = "logtriage_fields"
_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warn": logging.WARNING, "error": logging.ERROR}
_NAMES = {"WARNING": "warn", "CRITICAL": "error"}
_PLAIN_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:/@%+,-[]")


def fields(**values: object) -> dict[str, Mapping[str, object]]:
    """Give the ``extra`` of a log call."""
    return {_FIELDS: values}


def set_up_logs(level: str = "info", encoding: str = "console", stream: TextIO | None = None) -> logging.Handler:
    """Send the logs of LogTriage, and the warnings of its libraries, to ``stream`` (standard error).

    Args:
        level: ``debug``, ``info``, ``warn`` or ``error``.
        encoding: ``console`` or ``json``.
        stream: where to, for tests.

    Returns:
        The handler, for `tear_down_logs`.
    """
    handler = logging.StreamHandler(stream if stream is not None else sys.stderr)
    handler.setFormatter(JsonFormatter() if encoding == "json" else ConsoleFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    logging.getLogger(ROOT).setLevel(_LEVELS[level])
    return handler


def tear_down_logs(handler: logging.Handler) -> None:
    """Undo `set_up_logs`."""
    logging.getLogger().removeHandler(handler)
    logging.getLogger(ROOT).setLevel(logging.NOTSET)
    handler.close()


class ConsoleFormatter(logging.Formatter):
    """``2026-01-31T10:00:00.123Z warn  message  key=value key="two words"``, always one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        line = f"{_time_of(record)} {_level_of(record):<5} {_escaped(record.getMessage())}"
        pairs = " ".join(f"{name}={_console_value(value)}" for name, value in _fields_of(self, record).items())
        return f"{line}  {pairs}" if pairs else line


class JsonFormatter(logging.Formatter):
    """One JSON object a line: ``ts``, ``level``, ``logger``, ``msg`` and the fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        head = {
            "ts": _time_of(record),
            "level": _level_of(record),
            "logger": record.name,
            "msg": record.getMessage(),
        }
        return json.dumps({**_fields_of(self, record), **head}, default=str)


def _fields_of(formatter: logging.Formatter, record: logging.LogRecord) -> dict[str, Any]:
    values: dict[str, Any] = dict(getattr(record, _FIELDS, {}))
    if record.exc_info:
        values["stacktrace"] = formatter.formatException(record.exc_info)
    return values


def _time_of(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _level_of(record: logging.LogRecord) -> str:
    return _NAMES.get(record.levelname, record.levelname.lower())


def _console_value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return text if text and _PLAIN_CHARACTERS.issuperset(text) else json.dumps(text)


def _escaped(text: str) -> str:
    return text if text.isprintable() else json.dumps(text)[1:-1]
