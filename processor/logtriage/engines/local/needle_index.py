"""Tell which of many literals stand in a text, without looking for each.

Any window of seven bytes holds one four-byte group that begins at a multiple of four. So the text is cut into such
groups once (as integers, at C speed), and a literal is looked for only if one of its groups is among them.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from typing import Final

_GROUP_BYTES: Final = 4
_INDEXED_BYTES: Final = 2 * _GROUP_BYTES - 1
"""Shorter literals may hold no whole group: they are looked for one by one."""


class NeedleIndex:
    """An index over literals; build it once."""

    def __init__(self, needles: Iterable[bytes]) -> None:
        distinct = tuple(dict.fromkeys(needles))
        self._short = tuple(needle for needle in distinct if len(needle) < _INDEXED_BYTES)
        long = [needle for needle in distinct if len(needle) >= _INDEXED_BYTES]
        uses = Counter(group for needle in long for group in set(_groups(needle)))
        self._by_group: dict[int, list[bytes]] = {}
        for needle in long:
            for group in set(_rarest_window(_groups(needle), uses)):
                self._by_group.setdefault(group, []).append(needle)
        self._known_groups = self._by_group.keys()

    def present(self, text: bytes) -> list[bytes]:
        """Give the literals that stand in the text, in no particular order."""
        whole = len(text) - len(text) % _GROUP_BYTES
        groups = set(memoryview(text)[:whole].cast("I"))
        found = [needle for needle in self._short if needle in text]
        candidates = {needle for group in groups & self._known_groups for needle in self._by_group[group]}
        found += [needle for needle in candidates if needle in text]
        return found


def _groups(needle: bytes) -> list[int]:
    return [
        int.from_bytes(needle[at : at + _GROUP_BYTES], sys.byteorder) for at in range(len(needle) - _GROUP_BYTES + 1)
    ]


def _rarest_window(groups: list[int], uses: Counter[int]) -> list[int]:
    """Give four neighbouring groups, of which any text with the literal holds one, that few literals share."""
    windows = [groups[at : at + _GROUP_BYTES] for at in range(len(groups) - _GROUP_BYTES + 1)]
    return min(windows, key=lambda window: max(uses[group] for group in window))
