"""Expressions compiled when they are first asked for: of a table of thousands a process needs few."""

from __future__ import annotations

import re


class Expressions(dict[bytes, re.Pattern[bytes]]):
    """Compiled expressions by their source. Asking for one that is not valid raises `re.error`; tests ask for all."""

    def __missing__(self, source: bytes) -> re.Pattern[bytes]:
        pattern = self[source] = re.compile(source)
        return pattern
