"""Parse JSON that others wrote: each fault is one exception with its line; documents may follow each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any


class NoJsonError(Exception):
    """The text is no JSON. ``line``, from 0, and ``is_cut``: it only ends too early."""

    def __init__(self, problem: str, *, line: int = 0, is_cut: bool = False) -> None:
        super().__init__(problem)
        self.line = line
        self.is_cut = is_cut


def parsed(text: str) -> Any:
    """Parse one value.

    Raises:
        NoJsonError: with what is wrong and where.
    """
    readable = _readable(text)
    try:
        return json.loads(readable)
    except json.JSONDecodeError as error:
        raise NoJsonError(
            f"is no JSON: {error.msg} at column {error.colno}",
            line=error.lineno - 1,
            is_cut=error.pos >= len(readable.rstrip()),
        ) from None
    except (ValueError, RecursionError):
        raise NoJsonError("is no JSON: too deep, or a number too long") from None


def documents(text: str) -> Iterator[tuple[int, Any]]:
    """Yield ``(line from 0, value)`` of JSON values that follow each other, each over as many lines as it likes.

    Raises:
        NoJsonError: at the first fault.
    """
    text = _readable(text)
    decoder = json.JSONDecoder()
    at, line = 0, 0
    while True:
        start = at + len(text[at:]) - len(text[at:].lstrip())
        line += text.count("\n", at, start)
        if start >= len(text):
            return
        try:
            value, end = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            raise NoJsonError(f"is no JSON: {error.msg} at column {error.colno}", line=error.lineno - 1) from None
        except (ValueError, RecursionError):
            raise NoJsonError("is no JSON: too deep, or a number too long", line=line) from None
        yield line, value
        line += text.count("\n", start, end)
        at = end


def _readable(text: str) -> str:
    """Replace bytes that were no UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
