"""A bounded queue that is fair between services: never-seen fingerprints first, then deficit round robin.

Each service has its own line. In each round a line may spend ``quantum`` of cost; what it cannot spend it keeps for the
next round, up to one quantum (Shreedhar and Varghese, "Efficient Fair Queuing using Deficit Round-Robin", 1995). When
the queue is full the line that takes the most room loses its newest item: a noisy service pays for its own noise.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from enum import Enum
from typing import Generic, TypeVar

Item = TypeVar("Item")

_MAX_ITEMS_A_TURN = 16
"""A line may not spend a quantum on more items than this, however little they cost."""


class Decision(Enum):
    """What to do with the item at the head of a line."""

    TAKE = "take"
    WAIT = "wait"
    """It stays; the next service's line is asked."""
    DISMISS = "dismiss"
    """It leaves the queue without being taken; the next of its line is asked."""


class _Line(Generic[Item]):
    """What waits of one service: ``(item, size_bytes, cost)``, oldest first."""

    __slots__ = ("deficit", "has_turn", "items", "size_bytes")

    def __init__(self) -> None:
        self.items: deque[tuple[Item, int, float]] = deque()
        self.size_bytes = 0
        self.deficit = 0.0
        self.has_turn = False


class _Lane(Generic[Item]):
    """The lines of one class (never seen, or asked again), and whose turn it is."""

    __slots__ = ("lines", "turns")

    def __init__(self) -> None:
        self.lines: dict[str, _Line[Item]] = {}
        self.turns: deque[str] = deque()


class FairQueue(Generic[Item]):
    """Items by service, bounded by number and bytes. Belongs to the event loop."""

    def __init__(self, *, max_items: int, max_bytes: int, quantum: float) -> None:
        self._max_items = max_items
        self._max_bytes = max_bytes
        self._quantum = quantum
        self._new: _Lane[Item] = _Lane()
        self._again: _Lane[Item] = _Lane()
        self._items = 0
        self._bytes = 0

    def __len__(self) -> int:
        return self._items

    @property
    def size_bytes(self) -> int:
        """What the items in it take, by the sizes they were put in with."""
        return self._bytes

    def put(self, service: str, item: Item, *, is_new: bool, size_bytes: int, cost: float) -> tuple[Item, ...]:
        """Put an item at the end of its service's line; give those that lost their place, maybe this one.

        A cost above the quantum counts as the quantum, one below a sixteenth of it as that.
        """
        if size_bytes > self._max_bytes or self._max_items < 1:
            return (item,)
        lane = self._new if is_new else self._again
        line = lane.lines.get(service)
        if line is None:
            line = lane.lines[service] = _Line()
            lane.turns.append(service)
        line.items.append((item, size_bytes, min(max(cost, self._quantum / _MAX_ITEMS_A_TURN), self._quantum)))
        line.size_bytes += size_bytes
        self._items += 1
        self._bytes += size_bytes
        lost: list[Item] = []
        while self._items > self._max_items or self._bytes > self._max_bytes:
            lost.append(self._evict())
        return tuple(lost)

    def offer(self, decide: Callable[[Item], Decision]) -> Item | None:
        """Offer the heads of the lines in their order until ``decide`` takes one; None if all of them wait."""
        for lane in (self._new, self._again):
            waiting = 0
            while waiting < len(lane.turns):
                service = lane.turns[0]
                line = lane.lines[service]
                if not line.has_turn:
                    line.has_turn = True
                    line.deficit += self._quantum
                item, size_bytes, cost = line.items[0]
                if cost > line.deficit:
                    self._end_turn(lane, line)
                    continue
                decision = decide(item)
                if decision is Decision.WAIT:
                    line.deficit = min(line.deficit, self._quantum)
                    self._end_turn(lane, line)
                    waiting += 1
                    continue
                line.items.popleft()
                self._forget(lane, service, line, size_bytes)
                if decision is Decision.TAKE:
                    line.deficit -= cost
                    return item
        return None

    def drain(self) -> tuple[Item, ...]:
        """Take everything out."""
        items = tuple(
            item for lane in (self._new, self._again) for line in lane.lines.values() for item, _, _ in line.items
        )
        self._new, self._again = _Lane(), _Lane()
        self._items = self._bytes = 0
        return items

    def _end_turn(self, lane: _Lane[Item], line: _Line[Item]) -> None:
        line.has_turn = False
        lane.turns.rotate(-1)

    def _forget(self, lane: _Lane[Item], service: str, line: _Line[Item], size_bytes: int) -> None:
        """Account for one item that left its line; an empty line goes, and its deficit with it."""
        line.size_bytes -= size_bytes
        self._items -= 1
        self._bytes -= size_bytes
        if not line.items:
            del lane.lines[service]
            lane.turns.remove(service)

    def _evict(self) -> Item:
        """Take the newest item of the line that takes the most room; what is only asked again goes first."""
        lane = self._again if self._again.lines else self._new
        service, line = max(
            lane.lines.items(),
            key=lambda pair: len(pair[1].items) / self._max_items + pair[1].size_bytes / self._max_bytes,
        )
        item, size_bytes, _ = line.items.pop()
        self._forget(lane, service, line, size_bytes)
        return item
