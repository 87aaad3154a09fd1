"""Send verdict events behind the records: best effort, bounded, never in the way of a record.

Requests that follow one another are one request: a protobuf message followed by bytes of the same is their merge.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from logtriage.engines.judgement import Judgement
from logtriage.errors import DeliveryError, place_of
from logtriage.pipeline.forwarder import Forwarder
from logtriage.pipeline.verdict_event import verdict_event
from logtriage.schema.record import RecordView
from logtriage.schema.transit import Metadata
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.verdicts.verdict import Verdict

MAX_WAITING_EVENTS = 1000
_SEND_SECONDS = 4.0
_MAX_EVENTS_A_REQUEST = 200


class VerdictEvents:
    """A bounded queue of events and the task that sends them. Belongs to one event loop."""

    def __init__(
        self, forwarder: Forwarder, *, resource: Mapping[str, str], meter: Meter, rate_limited_log: RateLimitedLog
    ) -> None:
        self._forwarder = forwarder
        self._resource = resource
        self._meter = meter
        self._log = rate_limited_log
        self._waiting: asyncio.Queue[tuple[bytes, Metadata]] = asyncio.Queue(MAX_WAITING_EVENTS)

    def tell(self, verdict: Verdict, record: RecordView, metadata: Metadata, judgement: Judgement | None) -> None:
        """Queue the event of a new or changed verdict; if the queue is full it is dropped and counted.

        ``metadata``: the forwarded metadata of the request that caused it, so that it reaches the same tenant.
        """
        event = verdict_event(
            verdict,
            record,
            resource=self._resource,
            now_unix_nano=time.time_ns(),
            full_reasoning=judgement.full_reasoning if judgement else "",
            cost_usd=judgement.cost_usd if judgement else 0.0,
        )
        try:
            self._waiting.put_nowait((event, metadata))
        except asyncio.QueueFull:
            self._meter.add(metrics.VERDICT_EVENTS, 1, outcome="dropped")
            self._log.warning("events", "verdict events are dropped: downstream is slower than they come")

    async def run(self) -> None:
        """Send events until cancelled."""
        while True:
            await self._send_with_others(*await self._waiting.get())

    async def drain(self, seconds: float) -> None:
        """Send what waits, for at most so long."""
        deadline = time.monotonic() + seconds
        while not self._waiting.empty() and time.monotonic() < deadline:
            await self._send_with_others(*self._waiting.get_nowait())

    async def _send_with_others(self, event: bytes, metadata: Metadata) -> None:
        """Send an event together with those behind it that go to the same tenant, in one request."""
        events, others = [event], []
        for _ in range(min(self._waiting.qsize(), _MAX_EVENTS_A_REQUEST)):
            other, other_metadata = self._waiting.get_nowait()
            if list(other_metadata) == list(metadata):
                events.append(other)
            else:
                others.append((other, other_metadata))
        for waiting in others:
            self._waiting.put_nowait(waiting)
        await self._send(b"".join(events), len(events), metadata)

    async def _send(self, request: bytes, events: int, metadata: Metadata) -> None:
        outcome = "sent"
        try:
            await self._forwarder.forward(request, events, metadata=metadata, deadline=time.monotonic() + _SEND_SECONDS)
        except DeliveryError:
            outcome = "failed"
        except Exception as error:
            outcome = "failed"
            self._log.error("events", "a verdict event could not be sent", error=place_of(error))
        self._meter.add(metrics.VERDICT_EVENTS, events, outcome=outcome)
