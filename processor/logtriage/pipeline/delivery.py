"""Deliver held rows to one destination in one request; what is refused for good as received, then as a dead letter.

Only what was refused is sent once more: the rows, and of a row that was cut to size, the parts. A part is not taken
apart any further to find the one record that downstream does not like: where it refuses everything, that would cost two
calls a record.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from logtriage.pipeline.destinations import Turn
from logtriage.pipeline.fair_rows import LeavingRow
from logtriage.pipeline.forwarder import Forwarder, Refused
from logtriage.pipeline.leaving import Ready, RowAnnotator
from logtriage.pipeline.outgoing import slice_of
from logtriage.pipeline.tally import Tally, count_into
from logtriage.pipeline.wire import parse_request, partial_success_of
from logtriage.schema.transit import Metadata
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.services import SourceServices

_MAX_TRIES_OF_A_REST = 5
"""What is left of a request of which downstream took a part is tried so often before all of it is sent again."""


class DeadLetters(Protocol):
    """Keeps what downstream refuses for good."""

    async def keep(self, request: bytes, *, records: int, metadata: Metadata, code: str, message: str) -> bool:
        """Keep a request as received; tell whether it need not come again. False: the disk does not take it for now.

        Never raises for what a disk does, and does not wait for one that hangs. What may not be kept by its settings is
        dropped and counted.
        """
        ...


class LaterError(Exception):
    """Downstream may take it later."""


@dataclass(slots=True)
class Delivered:
    """What came of rows. What is in none of these is to be sent again."""

    done: list[int] = field(default_factory=list)
    """Need not be sent again."""
    letters: set[int] = field(default_factory=set)
    """Of these, those that are dead letters."""
    unkept: set[int] = field(default_factory=set)
    """Refused for good, and their dead letter cannot be written for now."""
    narrowed: dict[int, LeavingRow] = field(default_factory=dict)
    """Taken in part: only the rest of them is to be sent again."""


class Delivery:
    """Sends rows that are ready. Belongs to one event loop."""

    def __init__(
        self,
        forwarder: Forwarder,
        rows: RowAnnotator,
        dead_letters: DeadLetters,
        *,
        timeout_seconds: float,
        meter: Meter,
        source_services: SourceServices,
        rate_limited_log: RateLimitedLog,
    ) -> None:
        self._forwarder = forwarder
        self._rows = rows
        self._dead_letters = dead_letters
        self._timeout_seconds = timeout_seconds
        self._meter = meter
        self._source_services = source_services
        self._log = rate_limited_log

    async def deliver(self, together: Sequence[Ready], turn: Turn, delivered: Delivered) -> None:
        """Send rows of one destination in one request; ``delivered`` gets what came of them, however this ends.

        Raises:
            LaterError: what ``delivered`` does not name may be taken later.
        """
        data = b"".join(ready.data for ready in together)
        refused = await self._send(data, sum(ready.records for ready in together), together[0].row.metadata, turn)
        first = 0
        again: list[tuple[Ready, list[Refused]]] = []
        for ready in together:
            end = first + ready.records
            of_row = [one for one in refused if one.first < end and first < one.first + one.records]
            if of_row:
                within = [_within(one, first, end) for one in of_row]
                again.append((self._rest_of(ready, within, delivered) if len(together) > 1 else ready, within))
            else:
                self._count(ready, ready.records)
                delivered.done.append(ready.leaving.id)
            first = end
        for ready, of_row in again:
            if len(together) > 1:
                await self.deliver([ready], turn, delivered)
            elif ready.is_annotated:
                await self._deliver_as_received(ready, of_row, turn, delivered)
            else:
                await self._keep(ready, of_row, delivered)

    def _rest_of(self, ready: Ready, refused: Sequence[Refused], delivered: Delivered) -> Ready:
        """Give what was refused of one row of several: of one across two parts, the other part may have been taken."""
        records = sum(one.records for one in refused)
        if records == ready.records:
            return ready
        self._count(ready, ready.records - records)
        leaving = self._narrow(ready, refused, delivered)
        request = parse_request(ready.data)
        data = b"".join(slice_of(request, one.first, one.records).SerializeToString() for one in refused)
        return replace(ready, leaving=leaving, data=data, records=records, tally=Tally())

    async def _deliver_as_received(
        self, ready: Ready, refused: Sequence[Refused], turn: Turn, delivered: Delivered
    ) -> None:
        """Send once more as received what was refused of one row as annotated."""
        self._log.warning(
            "refused_annotated",
            "downstream refuses held records that were annotated: they are sent once more as received",
            code=refused[0].error.code,
        )
        accepted = ready.records - sum(one.records for one in refused)
        leaving = ready.leaving
        if accepted:
            self._count(ready, accepted)
            leaving = self._narrow(ready, refused, delivered)
        await self.deliver([await self._rows.as_received(leaving, ready.row, "refused_annotated")], turn, delivered)

    async def _keep(self, ready: Ready, refused: Sequence[Refused], delivered: Delivered) -> None:
        """Make dead letters of what was refused of one row as received."""
        if accepted := ready.records - sum(one.records for one in refused):
            self._count(ready, accepted)
            self._narrow(ready, refused, delivered)
        row_id = ready.leaving.id
        for i, one in enumerate(refused):
            data = ready.data
            if one.records < ready.records:
                data = slice_of(parse_request(ready.data), one.first, one.records).SerializeToString()
            is_kept = await self._dead_letters.keep(
                data,
                records=one.records,
                metadata=ready.row.metadata,
                code=one.error.code,
                message=str(one.error),
            )
            if not is_kept:
                delivered.unkept.add(row_id)
                return
            self._meter.add(metrics.HOLD_DELIVERED_LOG_RECORDS, one.records, outcome="dead_letter")
            if refused[i + 1 :]:
                self._narrow(ready, refused[i + 1 :], delivered)
        delivered.done.append(row_id)
        delivered.letters.add(row_id)

    def _narrow(self, ready: Ready, left: Sequence[Refused], delivered: Delivered) -> LeavingRow:
        """Note that only some records of a row are still to be seen to, so that the others do not arrive again."""
        narrowed = ready.narrowed_to([(one.first, one.records) for one in left])
        delivered.narrowed[narrowed.id] = narrowed
        return narrowed

    async def _send(self, data: bytes, records: int, metadata: Metadata, turn: Turn) -> list[Refused]:
        """Send a request; give what was refused for good.

        Raises:
            LaterError: not all of it was taken or refused for good; nothing was, unless it was tried several times.
        """
        parts = await self._forwarder.parts_of(data, records)
        refused: list[Refused] = []
        first = tries = 0
        while parts:
            forwarded = await self._forwarder.send(
                parts, metadata=metadata, deadline=time.monotonic() + self._timeout_seconds * len(parts)
            )
            refused += [one._replace(first=first + one.first) for one in forwarded.refused]
            first += forwarded.accepted + forwarded.refused_records
            parts = forwarded.rest
            if forwarded.response:
                self._count_rejected(forwarded.response)
            if forwarded.error is None:
                turn.succeeded()
                continue
            turn.failed(
                retry_after_seconds=forwarded.error.retry_after_seconds,
                is_misconfigured=forwarded.error.is_misconfigured,
            )
            tries += 1
            if first == 0 or tries >= _MAX_TRIES_OF_A_REST:
                raise LaterError
            await asyncio.sleep(turn.gate.seconds_until_try or 0)
        return refused

    def _count(self, ready: Ready, records: int) -> None:
        outcome = "annotated" if ready.is_annotated else "as_received"
        self._meter.add(metrics.HOLD_DELIVERED_LOG_RECORDS, records, outcome=outcome)
        if ready.untriaged is not None:
            self._meter.add(metrics.UNTRIAGED_LOG_RECORDS, records, reason=ready.untriaged)
        elif not ready.leaving.is_counted:
            count_into(self._meter, ready.tally, self._source_services)

    def _count_rejected(self, response: bytes) -> None:
        rejected = partial_success_of(response).rejected_log_records
        if rejected > 0:
            self._meter.add(metrics.HOLD_DELIVERED_LOG_RECORDS, rejected, outcome="rejected")
            self._log.warning("rejected", "downstream rejects some of the held records it accepted", records=rejected)


def _within(refused: Refused, first: int, end: int) -> Refused:
    """Give what was refused of the records from ``first`` to ``end``, counted from the first of these."""
    start, stop = max(refused.first, first), min(refused.first + refused.records, end)
    return Refused(start - first, stop - start, refused.error)
