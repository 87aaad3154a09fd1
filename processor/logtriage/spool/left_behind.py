"""Whether an earlier run has left records on the disk, for a service that would not look there by its settings."""

from __future__ import annotations

from pathlib import Path

from logtriage.spool.database import Database
from logtriage.spool.folder import DATABASE_NAME, SALVAGING, SPOOL_FOLDER_NAME


def is_left_behind(state_folder: Path) -> bool:
    """Tell whether a spool with rows is there: it is delivered, whatever the settings are now.

    True also where that cannot be said: the spool itself knows what to do with a file that is damaged or in use.
    """
    folder = state_folder / SPOOL_FOLDER_NAME
    try:
        if any(folder.glob(SALVAGING + "*")):
            return True
        if not (folder / DATABASE_NAME).exists():
            return False
        database = Database(folder / DATABASE_NAME)
        try:
            return next(database.heads(), None) is not None
        finally:
            database.close()
    except Exception:
        return True
