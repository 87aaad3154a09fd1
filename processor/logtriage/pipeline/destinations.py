"""Held rows that are to leave, by where they go: what goes with the same forwarded metadata has a gate of its own.

Downstream may refuse the token of one sender, or find one tenant over its limit, and take what comes from all others.
Rows of an earlier run go nowhere yet: their metadata is known once they are read.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence

from logtriage.pipeline.back_off_gate import BackOffGate
from logtriage.pipeline.fair_rows import Destination, FairRows, LeavingRow

_MANY_GATES = 1000


class Turn:
    """The right to send to one destination. Tell how it went, as often as something was sent; `end` it at last."""

    __slots__ = ("_is_probe", "gate")

    def __init__(self, gate: BackOffGate) -> None:
        self.gate = gate
        self._is_probe = gate.begin()

    def succeeded(self) -> None:
        """Downstream answered for good: others may send, too."""
        self._is_probe = False
        self.gate.succeeded()

    def failed(self, *, retry_after_seconds: float | None, is_misconfigured: bool) -> None:
        """Downstream may take it later."""
        is_probe, self._is_probe = self._is_probe, False
        self.gate.failed(is_probe=is_probe, retry_after_seconds=retry_after_seconds, is_misconfigured=is_misconfigured)

    def end(self) -> None:
        """Let another try, if this one never came to know."""
        self.gate.given_up(is_probe=self._is_probe)
        self._is_probe = False


class Destinations:
    """A queue for each destination, taken from in turn. Unbounded: what is in them stands in the spool."""

    def __init__(self, new_gate: Callable[[], BackOffGate]) -> None:
        self._new_gate = new_gate
        self._queues: OrderedDict[Destination | None, FairRows] = OrderedDict()
        self._gates: dict[Destination, BackOffGate] = {}
        self.rows = 0
        self.records = 0

    def put(self, row: LeavingRow) -> None:
        """Queue a row behind those of its destination and service."""
        self._queue_of(row.destination).put(row)
        self._count([row], 1)

    def put_back(self, rows: Sequence[LeavingRow]) -> None:
        """Queue rows that were taken before all others of their destination and service, in their order."""
        for row in reversed(rows):
            self._queue_of(row.destination).put_first(row)
        self._count(rows, 1)

    def take(self, *, max_rows: int, max_bytes: int) -> tuple[list[LeavingRow], Turn | None]:
        """Take rows of one destination that may be tried now, and the turn for them; rows without one have no turn."""
        for destination in list(self._queues):
            turn = None
            if destination is not None and (turn := self.turn(destination)) is None:
                continue
            rows = self._queues[destination].take(max_rows=max_rows, max_bytes=max_bytes)
            self._count(rows, -1)
            if self._queues[destination].rows:
                self._queues.move_to_end(destination)
            else:
                del self._queues[destination]
            return rows, turn
        return [], None

    def turn(self, destination: Destination) -> Turn | None:
        """Give a turn to send to a destination; None if it may not be tried now."""
        gate = self._gates.get(destination)
        if gate is None:
            self._drop_open_gates()
            gate = self._gates[destination] = self._new_gate()
        return Turn(gate) if gate.seconds_until_try == 0 else None

    @property
    def seconds_until_turn(self) -> float | None:
        """How long nothing may be tried; None if that takes more than time: a new row, or the end of a try."""
        waits = [
            wait
            for destination in self._queues
            if (wait := self._gates[destination].seconds_until_try if destination in self._gates else 0.0) is not None
        ]
        return min(waits, default=None)

    def _queue_of(self, destination: Destination | None) -> FairRows:
        return self._queues.setdefault(destination, FairRows())

    def _drop_open_gates(self) -> None:
        """Forget what is not worth remembering; whoever has a turn at such a gate finds it a new one."""
        if len(self._gates) >= _MANY_GATES:
            self._gates = {destination: gate for destination, gate in self._gates.items() if not gate.is_open}

    def _count(self, rows: Sequence[LeavingRow], sign: int) -> None:
        self.rows += sign * len(rows)
        self.records += sign * sum(row.records for row in rows)
