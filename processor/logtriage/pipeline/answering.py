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
=====================================================  ==========================================================
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Sequence
from typing import Any

from logtriage.crash_points import CrashPoint, reach
from logtriage.errors import PermanentDeliveryError, RetryableDeliveryError, place_of
from logtriage.pipeline.annotator import Annotator
from logtriage.pipeline.call import Call
from logtriage.pipeline.cleaning import Cleaner
from logtriage.pipeline.commitment import Commitment, hash_of_nothing
from logtriage.pipeline.forwarder import MAX_MESSAGE_BYTES, Forwarded, Forwarder, joined
from logtriage.pipeline.held import Leaving, NewRow, Origin, row_of_rest
from logtriage.pipeline.holding import Holding
from logtriage.pipeline.outcome import Outcome
from logtriage.pipeline.tally import count_into
from logtriage.pipeline.wire import count_records, parse_request, response_bytes
from logtriage.schema.provenance import Reason
from logtriage.schema.transit import Answer, Metadata
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.services import SourceServices


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
        self._annotator = annotator
        self._forwarder = forwarder
        self._cleaner = cleaner
        self._holding = holding
        self._meter = meter
        self._source_services = source_services
        self._log = rate_limited_log
        self._tasks: set[asyncio.Task[Answer]] = set()

    async def answer(self, call: Call, outgoing: bytes, rows: list[NewRow]) -> Answer:
        """Store ``rows``, forward ``outgoing``, the annotated rest of the call.

        Raises:
            RetryableDeliveryError: the sender should keep the request and send it again.
            PermanentDeliveryError: downstream refuses the records as they were received.
        """
        if rows:
            return await self._outliving(call, self._store_and_forward(call, rows, outgoing))
        forwarded = await self._forward(call, outgoing, call.records)
        if forwarded.accepted and forwarded.error is not None:
            return await self._outliving(call, self._settle(call, forwarded))
        return await self._settle(call, forwarded)

    async def forward_as_received(self, data: bytes, reason: str, metadata: Metadata, deadline: float) -> Answer:
        """Forward a request without triage, cleaned of incoming attributes of ours; ``reason`` says why, in a metric.

        Raises:
            DeliveryError: downstream did not take it.
        """
        return await self.forward_untriaged(await self._cleaner.cleaned(data), None, reason, metadata, deadline)

    async def forward_untriaged(
        self, data: bytes, count: int | None, reason: str, metadata: Metadata, deadline: float
    ) -> Answer:
        """Forward a request without triage, as it is. ``count``: its records, if they were counted already."""
        records = count if count is not None else count_records(parse_request(data))
        response = await self._forwarder.forward(data, records, metadata=metadata, deadline=deadline)
        self._meter.add(metrics.UNTRIAGED_LOG_RECORDS, records, reason=reason)
        return Answer(response, records)

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
        )
        try:
            safe = await commitment.put()
            reach(CrashPoint.COMMITTED)
            call.has_stored = bool(safe)
            left_over = [new for new in rows if new.row.fingerprint not in safe]
            ready = call.records - sum(new.row.records for new in rows if new.row.fingerprint in safe)
            if left_over:
                call.left_over = b"".join(new.row.payload for new in left_over)
                outgoing += await self._without_waiting(call, call.left_over)
            forwarded = await self._forward_unless_gone(call, outgoing, ready) if ready else Forwarded()
        except _GoneError:
            await commitment.keep()
            return Answer(b"", 0, commitment.ended)
        except Exception as error:
            await commitment.discard()
            self._log.error(
                "exception", "a request could not be triaged: it is forwarded as received", error=place_of(error)
            )
            return await self.forward_as_received(call.data, "exception", call.metadata, call.deadline)
        return await self._settle(call, forwarded, commitment)

    async def _without_waiting(self, call: Call, payload: bytes) -> bytes:
        """Annotate records that were to wait and found no room."""
        request = parse_request(payload)
        _, tally = await self._annotator.annotate(
            request, payload, tenant=call.tenant, metadata=call.metadata, leaving=Leaving(Reason.NO_ROOM)
        )
        call.tally.add(tally)
        return request.SerializeToString()

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

    async def _settle(self, call: Call, forwarded: Forwarded, commitment: Commitment | None = None) -> Answer:
        """Make one answer of what came of the parts, and see to what was not accepted."""
        try:
            outcome = await self._outcome_of(call, forwarded)
            if outcome.error is not None and not (
                outcome.accepted and await self._store_rest(call, outcome.rest, outcome.rest_records)
            ):
                raise outcome.error
            if outcome.refusal is not None and not (outcome.accepted or call.has_stored):
                raise outcome.refusal
        except Exception:
            if commitment is not None:
                await commitment.discard()
            raise
        if commitment is not None and (unsafe := await commitment.keep()):
            try:
                await self._forward_unsafe(call, unsafe, forwarded, outcome)
                if outcome.refusal is not None and not (outcome.accepted or commitment.has_stored):
                    raise outcome.refusal
            except Exception:
                commitment.ended(False)
                raise
        if not forwarded.refused or outcome.accepted_annotated:
            count_into(self._meter, call.tally, self._source_services)
        response = forwarded.response
        if outcome.refusal is not None:
            message = str(outcome.refusal)[:MAX_MESSAGE_BYTES].encode("utf-8", "ignore")
            response = joined(response, response_bytes(outcome.rejected, message))
        return Answer(response, call.records, commitment.ended if commitment is not None else None)

    async def _outcome_of(self, call: Call, forwarded: Forwarded) -> Outcome:
        """Send once more as received what was refused for good; add all up."""
        outcome = Outcome(accepted=forwarded.accepted, accepted_annotated=forwarded.accepted)
        for refused in forwarded.refused:
            if not call.has_changed:
                outcome.refuse(refused.error, refused.records)
                continue
            self._log.warning(
                "refused_annotated",
                "downstream refuses a request that was annotated: it is sent once more as received",
                code=refused.error.code,
            )
            received = call.as_received(refused.first, refused.records)
            try:
                again = await self.forward_untriaged(
                    await self._cleaner.cleaned(received),
                    refused.records,
                    "refused_annotated",
                    call.metadata,
                    call.deadline,
                )
                forwarded.response = joined(forwarded.response, again.response)
                outcome.accepted += refused.records
            except PermanentDeliveryError as error:
                outcome.refuse(error, refused.records)
            except RetryableDeliveryError as error:
                outcome.keep_back(error, received, refused.records)
        if forwarded.error is not None:
            records = sum(part.records for part in forwarded.rest)
            rest = call.as_received(forwarded.accepted + forwarded.refused_records, records)
            outcome.keep_back(forwarded.error, rest, records)
        return outcome

    async def _store_rest(self, call: Call, rest: list[bytes], records: int) -> bool:
        """Store what downstream did not take of a request of which it took a part; tell whether it is safe."""
        if self._holding is None:
            return False
        origin = Origin(call.metadata, call.tenant, call.received_unix_nano, time.time_ns(), hash_of_nothing())
        commitment = Commitment(
            self._holding,
            [row_of_rest(b"".join(rest), records, origin, Reason.NO_ROOM if call.left_over else call.why_not_wait)],
            request_hash=origin.request_hash,
            deadline=time.monotonic(),
            meter=self._meter,
        )
        if not await commitment.put():
            await commitment.discard()
            return False
        is_safe = not await commitment.keep()
        commitment.ended(True)
        return is_safe

    async def _forward_unsafe(self, call: Call, rows: Sequence[NewRow], forwarded: Forwarded, outcome: Outcome) -> None:
        """Deliver now what the spool could not keep; as received, where it is refused as annotated."""
        for new in rows:
            records = new.row.records
            outgoing = await self._without_waiting(call, new.row.payload)
            try:
                try:
                    response = await self._forwarder.forward(
                        outgoing, records, metadata=call.metadata, deadline=call.deadline
                    )
                except PermanentDeliveryError:
                    received = await self._cleaner.cleaned(new.row.payload)
                    answer = await self.forward_untriaged(
                        received, records, "refused_annotated", call.metadata, call.deadline
                    )
                    response = answer.response
            except PermanentDeliveryError as error:
                outcome.refuse(error, records)
                continue
            forwarded.response = joined(forwarded.response, response)
            outcome.accepted += records


def _lose(task: asyncio.Task[Answer]) -> None:
    """Tell a finished answer that nobody took it."""
    if not task.cancelled() and task.exception() is None and (ended := task.result().ended) is not None:
        ended(False)
