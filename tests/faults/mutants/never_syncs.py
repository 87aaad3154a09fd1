"""LogTriage with a fault put in: its spool's database has ``synchronous=OFF``.

Run like the command itself: `python never_syncs.py serve --config FILE`. The power-loss test must fail on it, and the
kill test cannot: what was written and not synced survives a kill.
"""

from __future__ import annotations

import sys

from logtriage.cli.main import main
from logtriage.spool.database import Database

_set_up = Database._set_up


def set_up(self: Database) -> None:
    _set_up(self)
    self._connection.execute("PRAGMA synchronous=OFF")


Database._set_up = set_up  # type: ignore[method-assign]
sys.exit(main())
