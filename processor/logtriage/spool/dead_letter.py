"""Keep what downstream refuses for good after its sender had its OK: bounded, the oldest dropped, each drop counted.

What the disk does not take is not dropped: it stays where it is, in the spool, and comes again.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

from logtriage.config.dead_letter import DeadLetterSettings
from logtriage.errors import place_of
from logtriage.schema.transit import Metadata
from logtriage.spool.lasting import Lasting
from logtriage.spool.letter import Header, Letter
from logtriage.spool.letter_folder import DEAD_LETTER_FOLDER_NAME, LetterFolder
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog

PATIENCE_SECONDS: Final = 5.0
"""A disk that hangs is waited for so long: others are to leave meanwhile."""


class DeadLetter:
    """The dead letters of one service, in ``<state.directory>/deadletter``. Belongs to one event loop."""

    def __init__(
        self,
        settings: DeadLetterSettings,
        state_folder: Path,
        *,
        meter: Meter,
        rate_limited_log: RateLimitedLog,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._settings = settings
        self._folder = LetterFolder(state_folder / DEAD_LETTER_FOLDER_NAME)
        self._meter = meter
        self._log = rate_limited_log
        self._patience_seconds = patience_seconds
        self._turn = asyncio.Lock()
        self._hanging: asyncio.Future[bool] | None = None
        self._failing = Lasting()
        meter.observe(metrics.DEAD_LETTER_REQUESTS, self._count)

    async def keep(self, request: bytes, *, records: int, metadata: Metadata, code: str, message: str) -> bool:
        """Keep a request, synced when this returns True; what the bounds do not let in is dropped.

        False: the disk fails or hangs, and the request is to come again. Never raises. If a disk that hung works again,
        what it was given meanwhile may be there twice.
        """
        header = Header(
            refused_at=datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            records=records,
            size_bytes=len(request),
            code=code,
            message=message,
            metadata=metadata,
        )
        letter = Letter(header=header, request=request)
        async with self._turn:
            if self._hanging is not None and not self._hanging.done():
                return False
            keeping = _in_thread(partial(self._keep_now, letter))
            await asyncio.wait((keeping,), timeout=self._patience_seconds)
            if not keeping.done():
                self._hanging = keeping
                self._tell_failure("the disk hangs", records)
                return False
            return keeping.result()

    def _keep_now(self, letter: Letter) -> bool:
        if self._settings.max_requests == 0 or len(letter.request) > self._settings.max_bytes:
            self._drop(letter.header.records, "it is larger than `dead_letter` allows")
            return True
        try:
            self._folder.drop_unfinished()
            letter_id = self._folder.add(letter)
        except Exception as error:
            what = f"{type(error).__name__}: {error}" if isinstance(error, OSError) else place_of(error)
            self._tell_failure(what, letter.header.records)
            return False
        self._failing.end()
        self._meter.add(metrics.DEAD_LETTER_LOG_RECORDS, letter.header.records, outcome="kept")
        self._log.error(
            "dead letter",
            "downstream refuses held records for good: they are a dead letter now (`logtriage deadletter list`)",
            id=letter_id,
            records=letter.header.records,
            code=letter.header.code,
        )
        try:
            self._drop_oldest()
        except Exception as error:
            self._log.error("drop oldest", "the oldest dead letters cannot be dropped", error=place_of(error))
        return True

    def _tell_failure(self, error: str, records: int) -> None:
        if self._failing.is_to_be_told(error):
            self._log.error(
                "dead letter failed",
                "a dead letter cannot be written: its records stay in the spool and are tried again",
                folder=str(self._folder.path),
                records=records,
                error=error,
            )

    def _drop_oldest(self) -> None:
        """Drop letters until the rest is within the bounds; of one that somebody else deleted nothing is counted."""
        ids = self._folder.ids()
        sizes = {letter_id: self._folder.size_of(letter_id) for letter_id in ids}
        total = sum(sizes.values())
        for i, letter_id in enumerate(ids[:-1]):
            if len(ids) - i <= self._settings.max_requests and total <= self._settings.max_bytes:
                return
            records = self._folder.records_of(letter_id)
            try:
                self._folder.remove(letter_id)
            except FileNotFoundError:
                continue
            finally:
                total -= sizes[letter_id]
            self._drop(records, "`dead_letter` is full: the oldest goes")

    def _drop(self, records: int, why: str) -> None:
        self._meter.add(metrics.DEAD_LETTER_LOG_RECORDS, records, outcome="dropped")
        self._log.error("dead letter dropped", "a dead letter is dropped", why=why, records=records)

    def _count(self) -> float:
        try:
            return len(self._folder.ids())
        except OSError:
            return 0


def _in_thread(work: Callable[[], bool]) -> asyncio.Future[bool]:
    """Do what may hang in a thread of its own, which nobody waits for as the process ends."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bool] = loop.create_future()

    def resolve(is_kept: bool) -> None:
        if not done.done():
            done.set_result(is_kept)

    def run() -> None:
        is_kept = False
        try:
            is_kept = work()
        finally:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(resolve, is_kept)

    threading.Thread(target=run, name="dead-letter", daemon=True).start()
    return done
