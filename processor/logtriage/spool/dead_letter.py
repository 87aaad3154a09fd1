"""Keep what downstream refuses for good after its sender had its OK: bounded, the oldest dropped, each drop counted."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from logtriage.config.dead_letter import DeadLetterSettings
from logtriage.errors import place_of
from logtriage.schema.transit import Metadata
from logtriage.spool.letter import Header, Letter
from logtriage.spool.letter_folder import DEAD_LETTER_FOLDER_NAME, LetterFolder
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog

PATIENCE_SECONDS: Final = 30.0
"""A disk that fails is tried again for so long; then the request is dropped: others must not wait behind it forever."""
_AGAIN_SECONDS: Final = 1.0


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
        self._writing = threading.Lock()
        meter.observe(metrics.DEAD_LETTER_REQUESTS, self._count)

    async def keep(self, request: bytes, *, records: int, metadata: Metadata, code: str, message: str) -> None:
        """Keep a request, synced when this returns; what a failing disk or the bounds do not let in is dropped.

        Never raises. Waits up to ``patience_seconds`` for a disk that fails: what is kept nowhere else is lost.
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
        until = time.monotonic() + self._patience_seconds
        while True:
            try:
                await asyncio.to_thread(self._keep_now, letter)
                return
            except Exception as error:
                self._log.error(
                    "dead letter failed",
                    "a dead letter cannot be written: it is tried again for a while",
                    folder=str(self._folder.path),
                    records=records,
                    error=f"{type(error).__name__}: {error}" if isinstance(error, OSError) else place_of(error),
                )
            if time.monotonic() + _AGAIN_SECONDS > until:
                self._drop(records, "the disk fails")
                return
            await asyncio.sleep(_AGAIN_SECONDS)

    def _keep_now(self, letter: Letter) -> None:
        with self._writing:
            if self._settings.max_requests == 0 or len(letter.request) > self._settings.max_bytes:
                self._drop(letter.header.records, "it is larger than `dead_letter` allows")
                return
            self._folder.drop_unfinished()
            letter_id = self._folder.add(letter)
            self._meter.add(metrics.DEAD_LETTER_LOG_RECORDS, letter.header.records, outcome="kept")
            self._log.error(
                "dead letter",
                "downstream refuses held records for good: they are a dead letter now (`logtriage deadletter list`)",
                id=letter_id,
                records=letter.header.records,
                code=letter.header.code,
            )
            self._drop_oldest()

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
