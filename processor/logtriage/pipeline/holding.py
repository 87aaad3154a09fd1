"""Holding: which stored rows wait for the model, until when, and what makes each of them leave.

======================  ===========================================================  =============================
a row leaves because    noticed by                                                   reason on its records
======================  ===========================================================  =============================
the model answered      `answered`, from the desk                                    none: the verdict stands
the model will not      `answered`, from the desk                                    why not (`budget`, ...)
its deadline came       `run`                                                        `deadline`
the service stops       `drain`                                                      `draining`
nothing ever waited     `admit`, `found`: the rest of a request taken in part        as they arrived
======================  ===========================================================  =============================

Only rows that are kept (`pipeline/commitment.py`) are here: a tentative row may still be discarded. What the model says
in between is asked for when the row is admitted.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from logtriage.crash_points import CrashPoint, reach
from logtriage.errors import place_of
from logtriage.pipeline.asking_again import Asker, AskingAgain
from logtriage.pipeline.fair_rows import LeavingRow
from logtriage.pipeline.held import NewRow
from logtriage.pipeline.waiting_rows import WaitingRow, WaitingRows
from logtriage.schema.provenance import Reason
from logtriage.spool.lasting import Lasting
from logtriage.spool.row import Head
from logtriage.spool.spool import Spool
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.triage.desk import Desk

_AGAIN_SECONDS = 1.0
_MODEL_ANSWERED, _NEVER_WAITED = "answered", "partly_accepted"


class Holding:
    """The rows that wait. Belongs to one event loop. ``leave`` is told of each row; one it fails on goes on waiting.

    ``may_hold`` false: nothing new waits (no model is asked, or `hold.deadline: 0s`); what is stored is delivered.
    """

    def __init__(
        self,
        spool: Spool,
        desk: Desk,
        *,
        leave: Callable[[LeavingRow], None],
        deadline_seconds: float,
        may_hold: bool,
        meter: Meter,
        rate_limited_log: RateLimitedLog,
        clock: Callable[[], float] = time.monotonic,
        wall_clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self.spool = spool
        self._desk = desk
        self._leave = leave
        self.deadline_seconds = deadline_seconds
        self._may_hold = may_hold
        self._meter = meter
        self._log = rate_limited_log
        self._clock = clock
        self._wall_clock = wall_clock
        self._rows = WaitingRows()
        self._expected: Counter[bytes] = Counter()
        self._wake = asyncio.Event()
        self._is_draining = False
        self._without_room = Lasting(clock=clock)
        self._asking = AskingAgain(spool, desk, self._rows, answered=self.answered, on_fault=self._count_fault)
        if may_hold:
            desk.wait_in(self)
        meter.observe(metrics.HOLD_WAITING_LOG_RECORDS, lambda: self.records)

    @property
    def records(self) -> int:
        """How many records wait."""
        return self._rows.records

    @property
    def why_not_wait(self) -> Reason | None:
        """Give why nothing more may wait; None if it may."""
        if not self._may_hold:
            return Reason.PENDING
        if self._is_draining:
            return Reason.DRAINING
        if self.spool.is_broken or not self.spool.has_room:
            self._tell_no_room()
            return Reason.NO_ROOM
        self._without_room.end()
        return None

    def _tell_no_room(self) -> None:
        """Say it as it begins: the reason, which stays the same while it lasts, and beside it the numbers."""
        free = self.spool.free_bytes_below_floor
        why = "80 % of `hold.max_records` or `hold.max_mib` wait, until it is less than 60 %"
        if self.spool.is_broken:
            why = "the folder of `state.directory` cannot be written"
        elif free is not None:
            why = (
                "the disk of `state.directory` has less free than `hold.min_free_mib`: make room there, lower the "
                "setting, or move the folder"
            )
        if self._without_room.is_to_be_told(why):
            self._log.error(
                "no_room",
                f"nothing more is held: {why}; records leave with the verdict of the embedded engine (`no_room`)",
                rows=self.spool.rows,
                records=self.spool.records,
                size_bytes=self.spool.size_bytes,
                **({} if free is None else {"free_mib": free >> 20}),
            )

    def expect(self, fingerprints: Iterable[bytes]) -> None:
        """Note that records are about to wait: the model's call is worth another try."""
        self._expected.update(fingerprints)

    def expect_no_more(self, fingerprints: Iterable[bytes]) -> None:
        """Take back one `expect`."""
        for fingerprint in fingerprints:
            self._expected[fingerprint] -= 1
            if self._expected[fingerprint] <= 0:
                del self._expected[fingerprint]

    def is_waited_for(self, fingerprint: bytes) -> bool:
        """Tell whether a record of a fingerprint waits, or is about to."""
        return fingerprint in self._rows or fingerprint in self._expected

    def admit(self, rows: Sequence[tuple[Head, NewRow]], *, deadline: float) -> None:
        """Let rows wait that are kept now. ``deadline`` is on the clock."""
        self._meter.add(metrics.HOLD_HELD_LOG_RECORDS, sum(head.records for head, _ in rows))
        for head, new in rows:
            waiting = WaitingRow(
                head, new.source_service, new.asked_about, tuple(new.row.metadata), is_counted=new.is_counted
            )
            try:
                self._admit(waiting, new, deadline)
            except Exception as error:
                self._count_fault("admit", "a row that is held could not be let wait: it leaves soon", error)
                self._wait(waiting, min(deadline, self._clock() + _AGAIN_SECONDS))

    def _admit(self, waiting: WaitingRow, new: NewRow, deadline: float) -> None:
        fingerprint = waiting.head.fingerprint
        if not fingerprint:
            self._release([waiting], new.reason)
        elif self._is_draining:
            self._release([waiting], Reason.DRAINING)
        elif not self._desk.is_awaited(fingerprint):
            self._release([waiting], self._desk.why_unanswered(fingerprint))
        else:
            self._wait(waiting, deadline)

    def found(self, heads: Sequence[Head]) -> None:
        """Take over rows of a process before this one: what is over its deadline leaves, the model is asked again."""
        now, unix_nano = self._clock(), self._wall_clock()
        self._meter.add(metrics.HOLD_RECOVERED_LOG_RECORDS, sum(head.records for head in heads))
        leaving: dict[Reason | None, list[WaitingRow]] = {}
        for head in heads:
            waiting = WaitingRow(head, "", is_counted=not head.fingerprint)
            left_seconds = (head.deadline_unix_nano - unix_nano) / 1e9
            if not head.fingerprint:
                leaving.setdefault(None, []).append(waiting)
            elif self._is_draining:
                leaving.setdefault(Reason.DRAINING, []).append(waiting)
            elif left_seconds <= 0 or not self._may_hold:
                leaving.setdefault(Reason.DEADLINE, []).append(waiting)
            else:
                self._wait(waiting, now + min(left_seconds, self.deadline_seconds))
                self._asking.add(head.fingerprint)
        for reason, rows in leaving.items():
            self._release(rows, reason)

    def answered(self, fingerprint: bytes, reason: Reason | None) -> None:
        """Let the rows of a fingerprint leave: the model answered, or ``reason`` says why it will not."""
        rows = self._rows.of(fingerprint)
        if not rows:
            return
        reach(CrashPoint.JUDGED)
        self._release(rows, reason)

    def drain(self) -> None:
        """Let all rows leave, and hold nothing from now on."""
        self._is_draining = True
        self._release(self._rows.all(), Reason.DRAINING)

    async def run(self) -> None:
        """Let rows leave at their deadlines, until cancelled."""
        while True:
            self._wake.clear()
            try:
                delay = self._pass_deadlines()
            except Exception as error:
                self._count_fault("deadlines", "a deadline could not be kept", error)
                delay = _AGAIN_SECONDS
            try:
                async with asyncio.timeout(delay):
                    await self._wake.wait()
            except TimeoutError:
                pass

    def _pass_deadlines(self) -> float | None:
        """Let go what is over its deadline; give the seconds until the next one."""
        by_reason: dict[Reason | None, list[WaitingRow]] = {}
        for waiting in self._rows.over_deadline(self._clock()):
            by_reason.setdefault(waiting.reason, []).append(waiting)
        for reason, rows in by_reason.items():
            self._release(rows, reason)
        return self._rows.seconds_until_next(self._clock())

    async def ask_again(self, asker: Asker) -> None:
        """Ask the model about what was found, one fingerprint after the other, until cancelled."""
        await self._asking.run(asker)

    def _wait(self, waiting: WaitingRow, deadline: float) -> None:
        if self._rows.put(waiting, deadline):
            self._wake.set()

    def _release(self, rows: Sequence[WaitingRow], reason: Reason | None) -> None:
        """Let rows leave; one that cannot waits on and leaves soon. Counted once for all: there may be many."""
        released: Counter[str] = Counter()
        for waiting in rows:
            head = waiting.head
            try:
                self._leave(
                    LeavingRow(
                        id=head.id,
                        source_service=waiting.source_service,
                        records=head.records,
                        size_bytes=head.size_bytes,
                        reason=reason,
                        asked_about=waiting.asked_about,
                        is_counted=waiting.is_counted,
                        destination=waiting.destination,
                    )
                )
            except Exception as error:
                self._count_fault("leave", "a held row could not leave: it does soon", error)
                self._wait(replace(waiting, reason=reason), self._clock() + _AGAIN_SECONDS)
                continue
            self._rows.take_out(waiting)
            released[(reason or _MODEL_ANSWERED) if head.fingerprint else _NEVER_WAITED] += head.records
        for told, records in released.items():
            self._meter.add(metrics.HOLD_RELEASED_LOG_RECORDS, records, reason=told)

    def _count_fault(self, key: str, message: str, error: Exception) -> None:
        self._meter.add(metrics.HOLD_FAULTS)
        self._log.error(key, message, error=place_of(error))
