"""Checks of the folder for what is kept over a restart, and of its disk."""

from __future__ import annotations

import os
import tempfile

from logtriage.config.hold import HoldMode
from logtriage.config.receiver import MIB
from logtriage.config.settings import Settings
from logtriage.schema.provenance import EngineName
from logtriage.service.finding import Finding, State
from logtriage.service.state import state_path
from logtriage.spool.folder import SPOOL_FOLDER_NAME

_DISK = "disk"


def check_state_folder(settings: Settings) -> Finding:
    """Check that the state folder can be made and written, as the service would write it."""
    check = "state folder"
    folder = state_path(settings.state.directory, os.environ)
    is_needed = settings.engine_name is EngineName.MIMO
    lost = "the budget is not kept over a restart" if is_needed else "only needed with `engine: mimo`"
    if _holds_on_disk(settings):
        lost = f"no record waits for the model, and {lost}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"logtriage")
            file.flush()
            os.fsync(file.fileno())
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no path"
        return Finding(
            check=check,
            state=State.WARNING,
            found=f"`state.directory`: `{folder}` cannot be made or written ({why}): {lost}",
            advice="set `state.directory` to a folder that the user of the service may write",
        )
    return Finding(check=check, state=State.OK, found=f"`{folder}` can be written")


def check_disk(settings: Settings) -> Finding:
    """Check that the disk of the state folder, which is there, has the space that holding needs."""
    if not _holds_on_disk(settings):
        return Finding(check=_DISK, state=State.SKIPPED, found="no record waits on the disk")
    folder = state_path(settings.state.directory, os.environ)
    if not folder.is_dir():
        return Finding(check=_DISK, state=State.SKIPPED, found="it needs a state folder that can be used")
    disk = os.statvfs(folder)
    free, whole = (blocks * disk.f_frsize // MIB for blocks in (disk.f_bavail, disk.f_blocks))
    hold = settings.hold
    has = f"the disk of `state.directory` (`{folder}`) has {free} MiB free"
    if free < hold.min_free_mib:
        return Finding(
            check=_DISK,
            state=State.WARNING,
            found=f"{has}, less than `hold.min_free_mib` (`{hold.min_free_mib}`): no record waits for the model, all "
            "leave with the verdict of the embedded engine (`no_room`)",
            advice=f"lower `hold.min_free_mib`: the whole disk has {whole} MiB"
            if whole < hold.min_free_mib
            else "make room there, lower `hold.min_free_mib`, or set `state.directory` to a folder on another disk",
        )
    if free + _spool_mib(settings) < hold.min_free_mib + hold.max_mib:
        return Finding(
            check=_DISK,
            state=State.WARNING,
            found=f"{has}, less than `hold.max_mib` (`{hold.max_mib}`) and `hold.min_free_mib` (`{hold.min_free_mib}`) "
            "together: holding stops before `hold.max_mib` is reached",
            advice="make room there, lower one of the two, or set `state.directory` to a folder on another disk",
        )
    return Finding(check=_DISK, state=State.OK, found=has)


def _holds_on_disk(settings: Settings) -> bool:
    return settings.may_hold and settings.hold.mode is HoldMode.DISK


def _spool_mib(settings: Settings) -> int:
    """Give what held records take already: it is not free any more, and counts for what they may take."""
    spool = state_path(settings.state.directory, os.environ) / SPOOL_FOLDER_NAME
    try:
        return sum(file.stat().st_size for file in spool.glob("*.sqlite3*")) // MIB
    except OSError:
        return 0
