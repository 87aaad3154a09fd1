"""The router: one request from its bytes to its answer.

Count, split, annotate, forward; and where that is not possible, forward as received. It never refuses or drops a
request because of triage.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext

from logtriage.errors import DeliveryError, NotProtobufError, PermanentDeliveryError, place_of
from logtriage.pipeline.annotator import Annotator
from logtriage.pipeline.edits import without_incoming
from logtriage.pipeline.forwarder import Forwarder
from logtriage.pipeline.pace import pace_until
from logtriage.pipeline.skeleton import WALK_ABOVE_BYTES, WALK_ENVELOPES_ABOVE_BYTES, count_up_to
from logtriage.pipeline.tally import count_into
from logtriage.pipeline.wire import INCOMING_MARK, count_records, parse_request
from logtriage.schema.transit import Answer, Metadata
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.services import SourceServices

LARGE_BYTES = 1024 * 1024
"""Smaller requests do not wait for a turn: health, latency and other senders go on beside a large one."""

STRIPPABLE_RECORDS = 200_000
"""Up to so many resources, scopes and records a request is split. Beyond, it is forwarded in one piece, untouched."""

_MAX_CLEANED_ON_LOOP_BYTES = 64 * 1024


class Router:
    """Takes requests from the receiver. Belongs to one event loop."""

    def __init__(
        self,
        *,
        annotator: Annotator,
        forwarder: Forwarder,
        max_request_records: int,
        trust_incoming: bool,
        meter: Meter,
        source_services: SourceServices,
        rate_limited_log: RateLimitedLog,
    ) -> None:
        self._annotator = annotator
        self._forwarder = forwarder
        self._max_request_records = max_request_records
        self._strips_incoming = not trust_incoming
        self._meter = meter
        self._source_services = source_services
        self._log = rate_limited_log
        self._large = asyncio.Semaphore(1)

    async def route(self, data: bytes, *, metadata: Metadata, tenant: bytes, deadline: float) -> Answer:
        """Annotate and forward one request. ``deadline`` is on the monotonic clock, in seconds.

        Raises:
            NotProtobufError: the bytes are no request.
            RetryableDeliveryError: the sender should keep the request and send it again.
            PermanentDeliveryError: downstream refuses the records as they were received.
        """
        if not data:
            return Answer(b"", 0)
        if _is_too_large_to_split(data):
            return await self._forward_over_the_cap(data, STRIPPABLE_RECORDS + 1, metadata, deadline)
        try:
            async with self._turn_of(data):
                request = parse_request(data)
                records = count_records(request)
                if records == 0:
                    return Answer(b"", 0)
                if records > self._max_request_records:
                    return await self._forward_over_the_cap(data, records, metadata, deadline)
                has_changed, tally = await self._annotator.annotate(
                    request, data, tenant=tenant, metadata=metadata, pace=pace_until(deadline)
                )
                outgoing = request.SerializeToString() if has_changed else data
                del request  # as large as the request itself, and the forward may wait for seconds
        except (NotProtobufError, DeliveryError):
            raise
        except Exception as error:
            self._log.error(
                "exception", "a request could not be triaged: it is forwarded as received", error=place_of(error)
            )
            return await self._forward_as_received(data, "exception", metadata, deadline)
        try:
            response = await self._forwarder.forward(outgoing, records, metadata=metadata, deadline=deadline)
        except PermanentDeliveryError as error:
            if not has_changed:
                raise
            self._log.warning(
                "refused_annotated",
                "downstream refuses a request that was annotated: it is sent once more as received",
                code=error.code,
            )
            return await self._forward_as_received(data, "refused_annotated", metadata, deadline)
        count_into(self._meter, tally, self._source_services)
        return Answer(response, records)

    def _turn_of(self, data: bytes) -> AbstractAsyncContextManager[None]:
        """Let large requests be taken apart one at a time: at once they take their memory together and no less time."""
        return self._large if len(data) > LARGE_BYTES else nullcontext()

    def count(self, data: bytes) -> int:
        """Count the records of a request, as far as it can be split; 0 if it cannot be read."""
        try:
            return STRIPPABLE_RECORDS if _is_too_large_to_split(data) else count_records(parse_request(data))
        except NotProtobufError:
            return 0

    async def _forward_over_the_cap(self, data: bytes, count: int, metadata: Metadata, deadline: float) -> Answer:
        self._log.warning(
            "record_cap",
            "a request has more records than `receiver.max_request_records`: it is forwarded without triage",
            limit=self._max_request_records,
        )
        if count > STRIPPABLE_RECORDS:
            response = await self._forwarder.forward(data, count, metadata=metadata, deadline=deadline, split=False)
            self._meter.add(metrics.UNTRIAGED_LOG_RECORDS, count, reason="record_cap")
            return Answer(response, count)
        return await self._forward_untriaged(await self._cleaned(data), count, "record_cap", metadata, deadline)

    async def _forward_as_received(self, data: bytes, reason: str, metadata: Metadata, deadline: float) -> Answer:
        return await self._forward_untriaged(await self._cleaned(data), None, reason, metadata, deadline)

    async def _forward_untriaged(
        self, data: bytes, count: int | None, reason: str, metadata: Metadata, deadline: float
    ) -> Answer:
        records = count if count is not None else count_records(parse_request(data))
        response = await self._forwarder.forward(data, records, metadata=metadata, deadline=deadline)
        self._meter.add(metrics.UNTRIAGED_LOG_RECORDS, records, reason=reason)
        return Answer(response, records)

    async def _cleaned(self, data: bytes) -> bytes:
        """Take incoming attributes of ours out; the bytes as they are where there are none or it fails."""
        if not self._strips_incoming or INCOMING_MARK not in data:
            return data
        if len(data) > _MAX_CLEANED_ON_LOOP_BYTES:
            return await asyncio.to_thread(self._cleaned_now, data)
        return self._cleaned_now(data)

    def _cleaned_now(self, data: bytes) -> bytes:
        try:
            request = parse_request(data)
            for resource_logs in request.resource_logs:
                for scope_logs in resource_logs.scope_logs:
                    for i, record in enumerate(scope_logs.log_records):
                        if INCOMING_MARK in record:
                            scope_logs.log_records[i] = without_incoming(record)
            return request.SerializeToString()
        except Exception as error:
            self._log.error("clean", "a request could not be cleaned of incoming `logtriage.*`", error=place_of(error))
            return data


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
