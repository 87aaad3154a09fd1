"""What the thread that writes has to tell: each is called on that thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from logtriage.spool.faults import Fault
from logtriage.spool.row import Head


class Events(Protocol):
    """Hears of what changes without being asked for."""

    def found(self, heads: Sequence[Head]) -> None:
        """Rows from before were read only now."""
        ...

    def gone(self, heads: Sequence[Head]) -> None:
        """Rows are stored no more: removed, let go of, or lost."""
        ...

    def cut_off(self, marks: Sequence[tuple[int, bytes, bytes]]) -> None:
        """A crash left rows tentative: id, request hash, fingerprint."""
        ...

    def forget_hashes(self) -> None:
        """Nothing may be suppressed any more: what was stored of unanswered requests may be lost."""
        ...

    def lost(self, records: int, reason: str, *, at_most: bool) -> None:
        """Acknowledged records are lost; ``at_most`` where the account itself is damaged."""
        ...

    def failed(self, fault: Fault, error: Exception) -> None:
        """Nothing can be stored for now."""
        ...

    def recovered(self) -> None:
        """Rows can be stored again."""
        ...

    def noticed(self, key: str, message: str, **values: object) -> None:
        """Something that a person should read."""
        ...

    def committed(self, seconds: float) -> None:
        """A commit took so long."""
        ...
