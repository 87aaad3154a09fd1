"""The router: one request from its bytes to its answer.

Count, split, annotate, take out what waits, answer; and where that is not possible, forward as received. It never
refuses or drops a request because of triage.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AbstractAsyncContextManager, nullcontext

from logtriage._pb.logtriage.wire.v1.projection_pb2 import LogsRequest
from logtriage.crash_points import CrashPoint, reach
from logtriage.errors import (
    DeliveryError,
    NotProtobufError,
    place_of,
)
from logtriage.pipeline.annotator import Annotator
from logtriage.pipeline.answering import Answering
from logtriage.pipeline.call import Call
from logtriage.pipeline.cleaning import Cleaner
from logtriage.pipeline.commitment import hash_of_nothing
from logtriage.pipeline.forwarder import Forwarder
from logtriage.pipeline.held import Held, NewRow, Origin, rows_of
from logtriage.pipeline.holding import Holding
from logtriage.pipeline.pace import pace_until
from logtriage.pipeline.skeleton import WALK_ABOVE_BYTES, WALK_ENVELOPES_ABOVE_BYTES, count_up_to
from logtriage.pipeline.wire import count_records, parse_request
from logtriage.schema.provenance import Reason
from logtriage.schema.transit import Answer, Metadata
from logtriage.spool.request_hashes import request_hash_of
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.services import SourceServices

LARGE_BYTES = 1024 * 1024
"""Smaller requests do not wait for a turn: health, latency and other senders go on beside a large one."""

STRIPPABLE_RECORDS = 200_000
"""Up to so many resources, scopes and records a request is split. Beyond, it is forwarded in one piece, untouched."""


class Router:
    """Takes requests from the receiver. Belongs to one event loop. Without ``holding`` nothing waits, nor is stored."""

    def __init__(
        self,
        *,
        annotator: Annotator,
        forwarder: Forwarder,
        holding: Holding | None = None,
        max_request_records: int,
        trust_incoming: bool,
        meter: Meter,
        source_services: SourceServices,
        rate_limited_log: RateLimitedLog,
    ) -> None:
        self._annotator = annotator
        self._forwarder = forwarder
        self._holding = holding
        self._max_request_records = max_request_records
        self._cleaner = Cleaner(trust_incoming=trust_incoming, meter=meter, rate_limited_log=rate_limited_log)
        self._answering = Answering(
            annotator=annotator,
            forwarder=forwarder,
            cleaner=self._cleaner,
            holding=holding,
            meter=meter,
            source_services=source_services,
            rate_limited_log=rate_limited_log,
        )
        self._meter = meter
        self._log = rate_limited_log
        self._large = asyncio.Semaphore(1)

    async def route(self, data: bytes, *, metadata: Metadata, tenant: bytes, deadline: float) -> Answer:
        """Annotate and forward one request. ``deadline`` is on the monotonic clock, in seconds.

        Raises:
            NotProtobufError: the bytes are no request.
            RetryableDeliveryError: the sender should keep the request and send it again.
            PermanentDeliveryError: downstream refuses the records as they were received.
        """
        reach(CrashPoint.RECEIVED)
        if not data:
            return Answer(b"", 0)
        call = Call(data, metadata, tenant, deadline, time.monotonic(), time.time_ns())
        if _is_too_large_to_split(data):
            return await self._forward_in_one_piece(call)
        rows: list[NewRow] = []
        outgoing = data
        try:
            async with self._turn_of(data):
                request = parse_request(data)
                call.records = count_records(request)
                if call.records == 0:
                    return Answer(b"", 0)
                if call.records > self._max_request_records:
                    self._tell_over_the_cap()
                    return await self._answering.forward_as_received(call, "record_cap")
                await self._annotate(call, request)
                if call.held is not None:
                    if len(data) > LARGE_BYTES:
                        rows = await asyncio.to_thread(self._hold_back, call, request, call.held)
                    else:
                        rows = self._hold_back(call, request, call.held)
                if call.has_changed:
                    outgoing = request.SerializeToString()
                del request  # as large as the request itself, and the forward may wait for seconds
        except (NotProtobufError, DeliveryError):
            raise
        except Exception as error:
            self._log.error(
                "exception", "a request could not be triaged: it is forwarded as received", error=place_of(error)
            )
            return await self._answering.forward_as_received(call, "exception")
        return await self._answering.answer(call, outgoing, rows)

    async def settled(self, deadline: float) -> None:
        """Wait for what calls that are over have left to be done, until a time on the monotonic clock.

        What is not done by then was not answered either: its sender sends it again.
        """
        await self._answering.settled(deadline)

    def _turn_of(self, data: bytes) -> AbstractAsyncContextManager[None]:
        """Let large requests be taken apart one at a time: at once they take their memory together and no less time."""
        return self._large if len(data) > LARGE_BYTES else nullcontext()

    def count(self, data: bytes) -> int:
        """Count the records of a request, as far as it can be split; 0 if it cannot be read."""
        try:
            return STRIPPABLE_RECORDS if _is_too_large_to_split(data) else count_records(parse_request(data))
        except NotProtobufError:
            return 0

    async def _annotate(self, call: Call, request: LogsRequest) -> None:
        call.why_not_wait = self._holding.why_not_wait if self._holding is not None else Reason.PENDING
        held = Held() if call.why_not_wait is None else None
        call.has_changed, call.tally = await self._annotator.annotate(
            request,
            call.data,
            tenant=call.tenant,
            metadata=call.metadata,
            pace=pace_until(call.deadline),
            held=held,
            why_not_wait=call.why_not_wait or Reason.PENDING,
        )
        if held is not None and held.records:
            call.held = held

    def _hold_back(self, call: Call, request: LogsRequest, held: Held) -> list[NewRow]:
        """Take what waits out of a request; give it as rows."""
        assert self._holding is not None
        # What was skipped now may wait the next time: then it would be taken for stored.
        is_known_again = not call.tally.has_skipped
        wait_nano = int(self._holding.deadline_seconds * 1e9)
        rows = rows_of(
            request,
            held.records,
            Origin(
                call.metadata,
                call.tenant,
                call.received_unix_nano,
                call.received_unix_nano + wait_nano,
                request_hash_of(call.data, call.metadata) if is_known_again else hash_of_nothing(),
            ),
        )
        call.take_out_held(request)
        return rows

    async def _forward_in_one_piece(self, call: Call) -> Answer:
        """Forward a request of more records than can be split, untouched: downstream takes all of it or nothing."""
        self._tell_over_the_cap()
        count = STRIPPABLE_RECORDS + 1
        response = await self._forwarder.forward(
            call.data, count, metadata=call.metadata, deadline=call.deadline, split=False
        )
        self._meter.add(metrics.UNTRIAGED_LOG_RECORDS, count, reason="record_cap")
        return Answer(response, count)

    def _tell_over_the_cap(self) -> None:
        self._log.warning(
            "record_cap",
            "a request has more records than `receiver.max_request_records`: it is forwarded without triage",
            limit=self._max_request_records,
        )


def _is_too_large_to_split(data: bytes) -> bool:
    """Tell whether a request has more messages than may be parsed.

    Raises:
        NotProtobufError: the bytes are no request.
    """
    if len(data) > WALK_ABOVE_BYTES:
        return count_up_to(data, STRIPPABLE_RECORDS) > STRIPPABLE_RECORDS
    if len(data) > WALK_ENVELOPES_ABOVE_BYTES:
        return count_up_to(data, STRIPPABLE_RECORDS, in_scopes=False) > STRIPPABLE_RECORDS
    return False
