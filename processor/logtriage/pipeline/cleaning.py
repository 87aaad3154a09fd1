"""Take incoming attributes of ours out of a request that is forwarded as received."""

from __future__ import annotations

import asyncio

from logtriage.errors import place_of
from logtriage.pipeline.edits import without_incoming
from logtriage.pipeline.wire import INCOMING_MARK, parse_request
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog

_MAX_CLEANED_ON_LOOP_BYTES = 64 * 1024


class Cleaner:
    """Cleans requests. ``trust_incoming``: leaves them as they are."""

    def __init__(self, *, trust_incoming: bool, meter: Meter, rate_limited_log: RateLimitedLog) -> None:
        self._strips_incoming = not trust_incoming
        self._meter = meter
        self._log = rate_limited_log

    async def cleaned(self, data: bytes) -> bytes:
        """Give the request without incoming `logtriage.*`; the bytes as they are where there is none or it fails."""
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
            self._meter.add(metrics.HOLD_FAULTS)
            self._log.error("clean", "a request could not be cleaned of incoming `logtriage.*`", error=place_of(error))
            return data
