"""Take off what a container runtime writes around each line, as the Collector's `container` parser does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from logtriage.cli.input.source import IDLE

_CRI = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) (stdout|stderr) ([PF])(?::[A-Z:]{1,20})?(?: |$)"
)
"""Kubernetes, "CRI logging": time, stream, P (a part, more follows) or F (full), text."""
_COMPOSE = re.compile(r"([a-z0-9][a-z0-9_.-]{0,80}[-_]\d{1,4}) +\| ?")
"""``docker compose logs``: the name of the container, padded, and a bar."""
_KUBECTL = re.compile(r"\[(pod/[^\s\]]{1,200})\] ")
"""``kubectl logs --prefix``."""
MAX_PARTIAL_CHARACTERS = 1_048_576
"""Of a line that the runtime wrote in parts; what is longer is cut there into records."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as the program wrote it. ``source`` tells interleaved streams apart; empty where there is one.

    ``is_idle``: no line at all, but a pause.
    """

    number: int
    text: str
    source: str = ""
    is_idle: bool = False


@dataclass(slots=True)
class _Partial:
    number: int
    parts: list[str] = field(default_factory=list)
    characters: int = 0


def unwrapped(lines: Iterable[tuple[int, str]]) -> Iterator[Line]:
    """Give the lines without what the runtime wrote in front; parts are put together. Other lines stay as they are."""
    partials: dict[str, _Partial] = {}
    for number, raw in lines:
        if raw == IDLE:
            yield Line(number, "", is_idle=True)
            continue
        line = raw.rstrip("\r\n")
        source, text, is_part = _taken_apart(line)
        if not is_part and source not in partials:
            yield Line(number, text, source)
            continue
        partial = partials.setdefault(source, _Partial(number))
        partial.parts.append(text)
        partial.characters += len(text)
        if not is_part or partial.characters > MAX_PARTIAL_CHARACTERS:
            del partials[source]
            yield Line(partial.number, "".join(partial.parts), source)
    for source, partial in partials.items():
        yield Line(partial.number, "".join(partial.parts), source)


def is_docker_json(value: object) -> bool:
    """Recognise a line of Docker's `json-file` driver."""
    return (
        isinstance(value, dict)
        and isinstance(value.get("log"), str)
        and value.get("stream") in ("stdout", "stderr")
        and isinstance(value.get("time"), str)
    )


def _taken_apart(line: str) -> tuple[str, str, bool]:
    """Give source, text, and whether more of the same line follows."""
    if found := _CRI.match(line):
        return found[1], line[found.end() :], found[2] == "P"
    if found := _COMPOSE.match(line) or _KUBECTL.match(line):
        source, text, is_part = _taken_apart(line[found.end() :])
        return f"{found[1]} {source}", text, is_part
    if line.startswith("{") and '"log"' in line:
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            return "", line, False
        if is_docker_json(value):
            log: str = value["log"]
            return value["stream"], log.rstrip("\r\n"), not log.endswith("\n")
    return "", line, False
