"""Named points of a record's way at which a test may kill the process; in production each is one comparison.

``LOGTRIAGE_CRASH_AT=committed`` kills the process with SIGKILL the first time it comes by `CrashPoint.COMMITTED`,
``LOGTRIAGE_CRASH_AT=committed:7`` the seventh time. The fault tests (``make faults``) set it; nothing else should.
"""

from __future__ import annotations

import os
import signal
from enum import StrEnum
from typing import Final

VARIABLE: Final = "LOGTRIAGE_CRASH_AT"


class CrashPoint(StrEnum):
    """Where a crash is told apart from a crash elsewhere: what is safe, and what may arrive twice, differs."""

    RECEIVED = "received"
    """A request was read, nothing was done for it."""
    COMMITTED = "committed"
    """What waits stands in the spool, tentative and synced; nothing was forwarded."""
    FORWARDED = "forwarded"
    """What was ready is accepted downstream; the rows are still tentative."""
    ANSWERED = "answered"
    """The answer was handed to gRPC."""
    LEASED = "leased"
    """A held row was read to be sent."""
    JUDGED = "judged"
    """A verdict for what is held has come, and nothing was done with it."""
    EXPORTED = "exported"
    """Downstream accepted a held row, which still stands in the spool."""
    REMOVED = "removed"
    """The delivered rows are deleted, and the deletion is committed."""
    CHECKPOINT = "checkpoint"
    """The log of the spool is about to be taken into its database."""
    RECOVERY = "recovery"
    """The spool was opened at start and not all of its rows are known yet."""


class _Armed:
    """How often the armed point is still passed unharmed."""

    __slots__ = ("left", "point")

    def __init__(self, text: str) -> None:
        name, _, times = text.partition(":")
        self.point = CrashPoint(name)
        self.left = int(times or 1)

    def reach(self, point: CrashPoint) -> None:
        if point is not self.point:
            return
        self.left -= 1
        if self.left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


_armed = _Armed(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None


def reach(point: CrashPoint) -> None:
    """Pass a point; ends the process there if the environment says so."""
    if _armed is not None:
        _armed.reach(point)
