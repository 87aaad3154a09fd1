"""Bound the number of services that get series of their own: names come from outside, and each is a series."""

from __future__ import annotations

from typing import Final

OTHER: Final = "__other__"
_MAX_CHARACTERS = 128


class SourceServices:
    """Give the label of a service: its name for the first ``limit`` services, `OTHER` for those that come later.

    Not thread-safe: it belongs to the loop that counts.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._seen: set[str] = set()

    def label_of(self, service: str) -> str:
        """Give the value of the label ``source_service``; a long name is cut to 128 characters."""
        name = service[:_MAX_CHARACTERS]
        if name in self._seen:
            return name
        if len(self._seen) >= self._limit:
            return OTHER
        self._seen.add(name)
        return name
