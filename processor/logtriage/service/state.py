"""Where the service keeps what outlives it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from logtriage.telemetry.logs import fields

WITHOUT_A_HOME: Final = Path("/var/lib/logtriage")
"""For a user whom the system does not know: a container may run under any number."""

_logger = logging.getLogger(__name__)


def state_path(setting: str, environment: Mapping[str, str], *, home: Callable[[], Path] = Path.home) -> Path:
    """Give the folder for what is kept over a restart; it need not exist."""
    given = setting or environment.get("STATE_DIRECTORY", "").split(":")[0]
    if given:
        return Path(given)
    base = environment.get("XDG_STATE_HOME")
    if base:
        return Path(base) / "logtriage"
    try:
        return home() / ".local" / "state" / "logtriage"
    except RuntimeError:
        return WITHOUT_A_HOME


def state_folder(setting: str, environment: Mapping[str, str], *, home: Callable[[], Path] = Path.home) -> Path | None:
    """Give the folder for what is kept over a restart, made if it is missing; None if it cannot be written."""
    folder = state_path(setting, environment, home=home)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        _logger.warning(
            "`state.directory` cannot be made: the budget is not kept over a restart",
            extra=fields(path=str(folder), error=error.strerror),
        )
        return None
    return folder
