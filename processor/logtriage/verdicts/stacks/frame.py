"""One frame of a stack trace as a language's reader gives it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum


class Follows(Enum):
    """Which lines behind a frame's first line belong to it."""

    NOTHING = "nothing"
    SOURCE = "source"
    """Python: the line of source and the marks under it."""
    PLACE = "place"
    """Go and Rust: file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """``name``: module and function, cleaned. ``cuts``: spans of its line that say nothing (paths, lines, suffixes).

    ``is_in_app``: it stands in none of the tables of frameworks and libraries.
    """

    name: bytes
    is_in_app: bool
    cuts: tuple[tuple[int, int], ...]
    follows: Follows = Follows.NOTHING


INDENT = rb"(?:[ \t|]|\\{1,3}t){0,40}"
"""Before a frame; ``|`` in Python's exception groups, a tab as two characters inside a JSON string."""


def cleaned(line: bytes, start: int, end: int, generated: re.Pattern[bytes]) -> tuple[bytes, list[tuple[int, int]]]:
    """Give ``line[start:end]`` without what a compiler or framework generated, and where that stood."""
    cuts = [found.span() for found in generated.finditer(line, start, end)]
    name, at = b"", start
    for low, high in cuts:
        name += line[at:low]
        at = high
    return name + line[at:end], cuts
