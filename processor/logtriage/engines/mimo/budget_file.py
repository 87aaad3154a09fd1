"""The budget's levels in one small file, so that a restart does not refill them.

The file is JSON, replaced as a whole and fsynced, mode 0600. `BudgetFile.load` gives the levels refilled by the time
since they were written; within one boot of the machine that time is taken from the machine's own clock as well, so that
a wall clock set forward mints nothing. A file that is missing, cannot be read, or comes from the future leaves the
reserve only, which is said once.
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from logtriage.engines.mimo.budget import MAX_SERVICES, Budget
from logtriage.engines.mimo.budget_levels import BUCKETS, BudgetLimits, Levels, only_reserve, restored
from logtriage.errors import place_of
from logtriage.telemetry.logs import fields
from logtriage.telemetry.rate_limited import RateLimitedLog

BUDGET_FILE_NAME = "mimo-budget.json"
_VERSION = 1
_MAX_FILE_BYTES = 1 << 20
_MAX_CLOCK_STEP_SECONDS = 5.0
"""A file this much younger than now is the work of a clock that was set right, not of the future."""
_WRITE_INTERVAL_SECONDS = 1.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """Now, by the wall clock and by the machine's time since its boot; ``boot_id`` is empty where none is known."""

    unix_seconds: float
    boot_id: str = ""
    boot_seconds: float = 0.0


def moment_now() -> Moment:
    """Read the clocks. Only Linux tells one boot from another."""
    try:
        boot_id = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return Moment(unix_seconds=time.time(), boot_id=boot_id, boot_seconds=time.clock_gettime(time.CLOCK_BOOTTIME))
    except (OSError, AttributeError, UnicodeDecodeError):
        return Moment(unix_seconds=time.time())


class BudgetFile:
    """The file of one budget in ``folder``, which exists. One process at a time may use it."""

    def __init__(self, folder: Path, limits: BudgetLimits, *, moment: Callable[[], Moment] = moment_now) -> None:
        self._path = folder / BUDGET_FILE_NAME
        self._limits = limits
        self._moment = moment
        self._is_failing = False
        self._writing = threading.Lock()
        """A `keep` that is cancelled leaves its thread writing; the last write waits for it and comes after."""
        self._log = RateLimitedLog(logger)

    def load(self) -> Levels | None:
        """Give the levels as they are now; None if nothing is known, which means the reserve only. Never raises."""
        try:
            with self._path.open("rb") as file:
                saved, levels = _parse(file.read(_MAX_FILE_BYTES + 1))
        except FileNotFoundError:
            logger.info("no budget file yet: starting with the reserve only", extra=fields(path=str(self._path)))
            return None
        except (OSError, ValueError, RecursionError) as error:
            logger.warning(
                "the budget file cannot be read: starting with the reserve only",
                extra=fields(path=str(self._path), error=place_of(error)),
            )
            return None
        now = self._moment()
        elapsed = now.unix_seconds - saved.unix_seconds
        if elapsed < -_MAX_CLOCK_STEP_SECONDS:
            logger.warning(
                "the budget file comes from the future: starting with the reserve only",
                extra=fields(path=str(self._path), ahead_seconds=round(-elapsed)),
            )
            return only_reserve(levels, self._limits)
        if saved.boot_id and saved.boot_id == now.boot_id:
            elapsed = min(elapsed, now.boot_seconds - saved.boot_seconds)
        return restored(levels, self._limits, elapsed_seconds=elapsed)

    def write(self, levels: Levels) -> bool:
        """Replace the file; False if that fails, which is logged when it begins. Blocks on the disk."""
        try:
            with self._writing:
                _replace(self._path, _serialise(levels, self._moment()))
        except OSError as error:
            if not self._is_failing:
                self._is_failing = True
                logger.warning(
                    "the budget file cannot be written: a restart would start with what it last held",
                    extra=fields(path=str(self._path), error=error.strerror or place_of(error)),
                )
            return False
        self._is_failing = False
        return True

    async def keep(self, budget: Budget, clock: Callable[[], float]) -> None:
        """Write whenever the budget has changed, at most once a second, until cancelled; then `write` once more."""
        written = -1
        while True:
            changes = budget.changes
            try:
                if changes != written and await asyncio.to_thread(self.write, budget.levels(clock())):
                    written = changes
            except Exception as error:
                self._log.error("keep", "a fault while the budget file was written", error=place_of(error))
            await asyncio.sleep(_WRITE_INTERVAL_SECONDS)


def _serialise(levels: Levels, moment: Moment) -> bytes:
    scarcest = sorted(levels.usd_of_services.items(), key=lambda pair: pair[1])[:MAX_SERVICES]
    content = {
        "version": _VERSION,
        "saved_unix_seconds": moment.unix_seconds,
        "boot_id": moment.boot_id,
        "boot_seconds": moment.boot_seconds,
        "left": {limit.value: levels.common[limit] for limit in BUCKETS},
        "usd_left_of_services": dict(scarcest),
    }
    return json.dumps(content, allow_nan=False).encode()


def _parse(data: bytes) -> tuple[Moment, Levels]:
    """Read a file's content; raises ValueError for anything that this version does not write."""
    if len(data) > _MAX_FILE_BYTES:
        raise ValueError("too large")
    content = json.loads(data, parse_constant=_refuse)
    if not isinstance(content, dict) or content.get("version") != _VERSION:
        raise ValueError("of another version")
    left, services = content.get("left"), content.get("usd_left_of_services")
    if not isinstance(left, dict) or not isinstance(services, dict) or len(services) > MAX_SERVICES:
        raise ValueError("not in shape")
    boot_id = content.get("boot_id")
    moment = Moment(
        unix_seconds=_number(content.get("saved_unix_seconds")),
        boot_id=boot_id if isinstance(boot_id, str) else "",
        boot_seconds=_number(content.get("boot_seconds")),
    )
    return moment, Levels(
        common={limit: _number(left.get(limit.value)) for limit in BUCKETS},
        usd_of_services={name: _number(usd) for name, usd in services.items()},
    )


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("no finite number")
    return float(value)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"`{constant}` is no number")


def _replace(path: Path, data: bytes) -> None:
    """Write beside the file, fsync, rename, fsync the folder: after a crash the old content or the new, whole."""
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
