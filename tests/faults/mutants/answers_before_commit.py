"""LogTriage with a fault put in: the spool says that rows are committed up to half a second before they are.

Run like the command itself: `python answers_before_commit.py serve --config FILE`. The kill test must fail on it.
"""

from __future__ import annotations

import sys
import time

from logtriage.cli.main import main
from logtriage.spool.database import Database

EARLY_SECONDS = 0.5

_commit, _checkpoint, _vacuum = Database.commit, Database.checkpoint, Database.vacuum
_last = time.monotonic()


def begin(self: Database) -> None:
    if not self._connection.in_transaction:
        self._connection.execute("BEGIN IMMEDIATE")


def commit(self: Database, *, sequence: int, last_id: int) -> None:
    global _last
    if time.monotonic() - _last > EARLY_SECONDS:
        _commit(self, sequence=sequence, last_id=last_id)
        _last = time.monotonic()


def checkpoint(self: Database, *, shrink: bool) -> None:
    if self._connection.in_transaction:
        self._connection.execute("COMMIT")
    _checkpoint(self, shrink=shrink)


def vacuum(self: Database) -> None:
    if self._connection.in_transaction:
        self._connection.execute("COMMIT")
    _vacuum(self)


Database.begin, Database.commit = begin, commit  # type: ignore[method-assign]
Database.checkpoint, Database.vacuum = checkpoint, vacuum  # type: ignore[method-assign]
sys.exit(main())
