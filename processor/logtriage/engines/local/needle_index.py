"""Tell which of many literals stand in a text, without looking for each.

A text is cut into groups of four bytes, once from its start and once from its third byte (as integers, at C speed).
Wherever a literal of five bytes or more stands, some of its own bytes fill such groups: which, depends on nothing but
whether it begins at an even or an odd place. So of both cases the group that the fewest literals share is known, and a
literal is looked for only if one of those two stands in the text.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from typing import Final

_GROUP_BYTES: Final = 4
_STRIDE: Final = 2
_INDEXED_BYTES: Final = _GROUP_BYTES + _STRIDE - 1
"""Shorter literals may hold no whole group: they are looked for one by one."""


class NeedleIndex:
    """An index over literals; build it once."""

    def __init__(self, needles: Iterable[bytes]) -> None:
        distinct = tuple(dict.fromkeys(needles))
        self._short = tuple(needle for needle in distinct if len(needle) < _INDEXED_BYTES)
        long = [needle for needle in distinct if len(needle) >= _INDEXED_BYTES]
        uses = Counter(group for needle in long for group in _groups(needle))
        self._by_group: dict[int, list[bytes]] = {}
        for needle in long:
            groups = _groups(needle)
            for telling in {min(groups[place::_STRIDE], key=uses.__getitem__) for place in range(_STRIDE)}:
                self._by_group.setdefault(int.from_bytes(telling, sys.byteorder), []).append(needle)
        self._known_groups = self._by_group.keys()

    def present(self, text: bytes, groups: set[int] | None = None) -> list[bytes]:
        """Give the literals that stand in the text, in no particular order.

        ``groups``: those of the text, or of a longer one that it is a part of, if they are known.
        """
        if groups is None:
            groups = groups_of(text)
        by_group = self._by_group
        candidates = {needle for group in groups & self._known_groups for needle in by_group[group]}
        candidates.update(self._short)
        return [needle for needle in candidates if needle in text]


def groups_of(text: bytes) -> set[int]:
    """Cut a text into groups: the same for every index."""
    groups: set[int] = set()
    for start in range(0, _GROUP_BYTES, _STRIDE):
        bytes_left = max(len(text) - start, 0)
        groups.update(memoryview(text)[start : start + bytes_left - bytes_left % _GROUP_BYTES].cast("I"))
    return groups


def _groups(needle: bytes) -> list[bytes]:
    return [needle[at : at + _GROUP_BYTES] for at in range(len(needle) - _GROUP_BYTES + 1)]
