"""What the event loop asks of the thread that writes."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from logtriage.errors import LogTriageError
from logtriage.spool.row import Head, Row


@dataclass(slots=True, eq=False)
class Asked:
    """One thing that was asked, and who waits for it. The thread sets ``error``, or leaves it None."""

    done: asyncio.Future[None]
    error: LogTriageError | None = field(default=None, init=False)


@dataclass(slots=True, eq=False)
class Put(Asked):
    """Store rows, tentative."""

    rows: Sequence[Row]
    heads: list[Head] = field(default_factory=list, init=False)


@dataclass(slots=True, eq=False)
class Keep(Asked):
    """Make rows held; ``marks`` are ids of rows that a crash left tentative, and that need not be known as such."""

    ids: Collection[int]
    marks: Collection[int]


@dataclass(slots=True, eq=False)
class Remove(Asked):
    """Delete rows, and the marks of tentative ones."""

    ids: Collection[int]


@dataclass(slots=True, eq=False)
class Read(Asked):
    """Read rows."""

    ids: Sequence[int]
    found: list[tuple[Head, Row | None]] = field(default_factory=list, init=False)


@dataclass(slots=True, eq=False)
class Stop(Asked):
    """Close the files and end."""


Op: TypeAlias = Put | Keep | Remove | Read | Stop
