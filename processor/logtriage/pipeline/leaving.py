"""A held row on its way out: annotated as it leaves, ready to be sent; or asked about again after a start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from logtriage.errors import place_of
from logtriage.pipeline.annotator import Annotator
from logtriage.pipeline.cleaning import Cleaner
from logtriage.pipeline.fair_rows import LeavingRow
from logtriage.pipeline.held import Held, Leaving
from logtriage.pipeline.outgoing import slice_of
from logtriage.pipeline.tally import Tally
from logtriage.pipeline.wire import parse_request
from logtriage.spool.row import Row
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.rate_limited import RateLimitedLog

MAX_FAULTS = 2
"""A row that could not be handled so often is sent as received."""


Untriaged = Literal["exception", "refused_annotated"]


@dataclass(frozen=True, slots=True)
class Ready:
    """A row that is to be sent: ``records`` of it. ``untriaged``: why they go as received, as in
    `UNTRIAGED_LOG_RECORDS`; else None.
    """

    leaving: LeavingRow
    row: Row
    data: bytes
    records: int
    tally: Tally
    untriaged: Untriaged | None = None

    @property
    def is_annotated(self) -> bool:
        """False if the row goes as received."""
        return self.untriaged is None

    def narrowed_to(self, ranges: Sequence[tuple[int, int]]) -> LeavingRow:
        """Give the row with only some of these records left to be sent, as received; counted among what is ready."""
        return self.leaving._replace(refused=_of_ranges(self.leaving.refused or ((0, self.row.records),), ranges))


class RowAnnotator:
    """Annotates rows as they leave. The annotation of a single record never fails: a fault leaves it `skipped`."""

    def __init__(
        self, annotator: Annotator, cleaner: Cleaner, *, meter: Meter, rate_limited_log: RateLimitedLog
    ) -> None:
        self._annotator = annotator
        self._cleaner = cleaner
        self._meter = meter
        self._log = rate_limited_log

    async def ready(self, leaving: LeavingRow, row: Row) -> Ready:
        """Annotate a row by what holds now; as received where that fails or has failed before."""
        if leaving.refused:
            return await self.as_received(leaving, row, "refused_annotated")
        if leaving.faults < MAX_FAULTS:
            try:
                request = parse_request(row.payload)
                has_changed, tally = await self._annotator.annotate(
                    request,
                    row.payload,
                    tenant=row.tenant,
                    metadata=row.metadata,
                    leaving=Leaving(leaving.reason, leaving.asked_about),
                )
                data = request.SerializeToString() if has_changed else row.payload
                return Ready(leaving, row, data, row.records, tally)
            except Exception as error:
                self._meter.add(metrics.HOLD_FAULTS)
                self._log.error("leaving", "a held row cannot be annotated: as received", error=place_of(error))
        return await self.as_received(leaving, row, "exception")

    async def as_received(self, leaving: LeavingRow, row: Row, untriaged: Untriaged) -> Ready:
        """Give a row as it was received, or what of it is still to be sent, without incoming attributes of ours."""
        payload, records = row.payload, row.records
        if leaving.refused:
            request = parse_request(payload)
            payload = b"".join(slice_of(request, *one).SerializeToString() for one in leaving.refused)
            records = sum(count for _, count in leaving.refused)
        return Ready(leaving, row, await self._cleaner.cleaned(payload), records, Tally(), untriaged)

    async def ask(self, row: Row) -> Held:
        """Look the records of a row up as if they arrived, so that the model is asked; give those that wait."""
        held = Held()
        await self._annotator.annotate(
            parse_request(row.payload), row.payload, tenant=row.tenant, metadata=row.metadata, held=held
        )
        return held


def _of_ranges(all_: Sequence[tuple[int, int]], some: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Give the records of ``some``, which are counted within those of ``all_``, by their places in the row."""
    found: list[tuple[int, int]] = []
    position = 0
    for first, records in all_:
        for start, count in some:
            low, high = max(start, position), min(start + count, position + records)
            if low < high:
                found.append((first + low - position, high - low))
        position += records
    return tuple(found)
