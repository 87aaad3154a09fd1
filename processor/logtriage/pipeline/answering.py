"""The answer: store what waits, forward what is ready, see to what was not accepted, and say what the sender is told.

In this order (`pipeline/commitment.py` says what a crash or a sender that gives up finds in between):

=====================================================  ==========================================================
what waits                                             stored, tentative; without room it is ready, with `no_room`
what is ready: all accepted                            kept, OK
nothing accepted, worth another try                    discarded, UNAVAILABLE
a part accepted, the rest worth another try            the rest is stored as received, OK; without a spool UNAVAILABLE
refused for good as annotated                          sent once more as received
refused for good as received, nothing accepted, kept   that answer is passed on
refused for good as received, but something was        OK with `partial_success`
over the record cap, or a fault of ours                all of it as received; else as above
=====================================================  ==========================================================
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, Literal

from logtriage.crash_points import CrashPoint, reach
from logtriage.errors import place_of
from logtriage.pipeline.annotator import Annotator
from logtriage.pipeline.call import Call
from logtriage.pipeline.cleaning import Cleaner
from logtriage.pipeline.commitment import Commitment
from logtriage.pipeline.forwarder import Forwarded, Forwarder
from logtriage.pipeline.held import NewRow
from logtriage.pipeline.holding import Holding
from logtriage.pipeline.settling import Settling
from logtriage.pipeline.wire import count_records, parse_request
from logtriage.schema.transit import Answer
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.services import SourceServices

Untriaged = Literal["exception", "record_cap"]


class _GoneError(Exception):
    """The sender has gone while its request was forwarded."""


class Answering:
    """Answers calls. Belongs to one event loop. Without ``holding`` nothing is stored."""

    def __init__(
        self,
        *,
        annotator: Annotator,
        forwarder: Forwarder,
        cleaner: Cleaner,
        holding: Holding | None,
        meter: Meter,
        source_services: SourceServices,
        rate_limited_log: RateLimitedLog,
    ) -> None:
        self._forwarder = forwarder
        self._cleaner = cleaner
        self._holding = holding
        self._meter = meter
        self._log = rate_limited_log
        self._settling = Settling(
            annotator=annotator,
            forwarder=forwarder,
            cleaner=cleaner,
            holding=holding,
            meter=meter,
            source_services=source_services,
            rate_limited_log=rate_limited_log,
        )
        self._tasks: set[asyncio.Task[Answer]] = set()

    async def answer(self, call: Call, outgoing: bytes, rows: list[NewRow]) -> Answer:
        """Store ``rows``, forward ``outgoing``, the annotated rest of the call.

        Raises:
            RetryableDeliveryError: the sender should keep the request and send it again.
            PermanentDeliveryError: downstream refuses the records as they were received.
        """
        if rows:
            return await self._outliving(call, self._store_and_forward(call, rows, outgoing))
        try:
            forwarded = await self._forward(call, outgoing, call.records)
        except Exception as error:
            return await self._forward_after(error, call)
        return await self._settle(call, forwarded)

    async def forward_as_received(self, call: Call, reason: Untriaged) -> Answer:
        """Forward a request without triage, cleaned of incoming attributes of ours; ``reason`` says why, in a metric.

        Raises:
            RetryableDeliveryError: downstream did not take any of it, or the rest cannot be stored.
            PermanentDeliveryError: downstream refuses all of it.
        """
        data = await self._cleaner.cleaned(call.data)
        untriaged = call.untriaged(call.records or count_records(parse_request(call.data)))
        forwarded = await self._forward(untriaged, data, untriaged.records)
        if forwarded.accepted:
            self._meter.add(metrics.UNTRIAGED_LOG_RECORDS, forwarded.accepted, reason=reason)
        return await self._settle(untriaged, forwarded)

    async def settled(self, deadline: float) -> None:
        """Wait for what calls that are over have left to be done, until a time on the monotonic clock."""
        while self._tasks and (left := deadline - time.monotonic()) > 0:
            await asyncio.wait(self._tasks, timeout=left)

    async def _outliving(self, call: Call, steps: Coroutine[Any, Any, Answer]) -> Answer:
        """Run steps that must not be left half done: they go on if the call ends, and its answer counts as lost."""
        task = asyncio.create_task(steps, name="answer")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            call.give_up()
            task.add_done_callback(_lose)
            raise

    async def _store_and_forward(self, call: Call, rows: list[NewRow], outgoing: bytes) -> Answer:
        """Store what waits, forward what is ready."""
        assert self._holding is not None
        commitment = Commitment(
            self._holding,
            rows,
            request_hash=rows[0].row.request_hash,
            deadline=call.received_at + self._holding.deadline_seconds,
            meter=self._meter,
            rate_limited_log=self._log,
        )
        try:
            safe = await commitment.put()
            reach(CrashPoint.COMMITTED)
            call.has_stored = bool(safe)
            left_over = [new for new in rows if new.row.fingerprint not in safe]
            ready = call.records - sum(new.row.records for new in rows if new.row.fingerprint in safe)
            if left_over:
                call.left_over = b"".join(new.row.payload for new in left_over)
                outgoing += await self._settling.without_waiting(call, call.left_over)
            forwarded = await self._forward_unless_gone(call, outgoing, ready) if ready else Forwarded()
        except _GoneError:
            await commitment.keep()
            return Answer(b"", 0, commitment.ended)
        except Exception as error:
            await commitment.discard()
            return await self._forward_after(error, call)
        return await self._settling.settle(call, forwarded, commitment)

    async def _forward_after(self, error: Exception, call: Call) -> Answer:
        """Forward a request as received after a fault of ours."""
        self._log.error(
            "exception", "a request could not be triaged: it is forwarded as received", error=place_of(error)
        )
        return await self.forward_as_received(call, "exception")

    async def _settle(self, call: Call, forwarded: Forwarded) -> Answer:
        """Make an answer; where something may still have to be stored, whatever becomes of the call.

        What was refused is sent once more as received, and may be what is worth another try.
        """
        settling = self._settling.settle(call, forwarded)
        if forwarded.refused or (forwarded.accepted and forwarded.error is not None):
            return await self._outliving(call, settling)
        return await settling

    async def _forward(self, call: Call, outgoing: bytes, records: int) -> Forwarded:
        parts = await self._forwarder.parts_of(outgoing, records)
        forwarded = await self._forwarder.send(parts, metadata=call.metadata, deadline=call.deadline)
        reach(CrashPoint.FORWARDED)
        return forwarded

    async def _forward_unless_gone(self, call: Call, outgoing: bytes, records: int) -> Forwarded:
        if call.is_gone:
            raise _GoneError
        task = asyncio.create_task(self._forward(call, outgoing, records), name="forward")
        call.forwarding = task
        try:
            return await task
        except asyncio.CancelledError:
            if call.is_gone and task.cancelled():
                raise _GoneError from None
            task.cancel()
            raise
        finally:
            call.forwarding = None


def _lose(task: asyncio.Task[Answer]) -> None:
    """Tell a finished answer that nobody took it."""
    if not task.cancelled() and task.exception() is None and (ended := task.result().ended) is not None:
        ended(False)
