"""Annotate the selected records of one split request: look up, judge what is new, append the attributes.

`Annotator.annotate` changes the split request in place. The verdict's attributes are serialised once per variant and
appended; severity number and text are replaced where they stand.
"""

from __future__ import annotations

import asyncio
import time
from typing import NamedTuple

from logtriage._pb.logtriage.wire.v1.projection_pb2 import LogsRequest, Record
from logtriage.config.judging import Detail, SeverityMode
from logtriage.errors import place_of
from logtriage.pipeline.fragment import AttributeValue, attributes_bytes, verdict_attributes
from logtriage.pipeline.held import Held, HeldRecord, Leaving
from logtriage.pipeline.incoming import is_triaged, strip
from logtriage.pipeline.known_resources import KnownResource, KnownResources
from logtriage.pipeline.limits import PLENTY, Room, room_of
from logtriage.pipeline.loop_watch import LoopWatch
from logtriage.pipeline.pace import UNHURRIED, Pace
from logtriage.pipeline.select import Selected, Selector
from logtriage.pipeline.severity_override import overridden
from logtriage.pipeline.skipped import skipped
from logtriage.pipeline.tally import Tally, TriagedKey, Written
from logtriage.pipeline.telling_attributes import fingerprint_attributes, log_count_of
from logtriage.pipeline.views import view_of_record
from logtriage.pipeline.wire import INCOMING_MARK
from logtriage.schema.provenance import Reason, Status
from logtriage.schema.transit import Metadata
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.triage.arrival import Arrival
from logtriage.triage.desk import Desk
from logtriage.triage.entry import Entry
from logtriage.triage.envelope import event_minute
from logtriage.verdicts.fingerprint import digest_of
from logtriage.verdicts.masker import Masker
from logtriage.verdicts.verdict import Verdict

_YIELD_AFTER_SECONDS = 0.005
"""Work longer than this lets other calls run in between; one of theirs needs about ten turns of the loop."""
_MAX_STRIPPED_ON_LOOP_BYTES = 64 * 1024
"""A larger scope takes longer than other calls should wait: it is cleaned beside the loop."""
_MAX_VARIANTS = 64
_MAX_KEPT_FRAGMENT_BYTES = 8192
"""A longer one holds a severity text as long as a sender likes."""


class _Way(NamedTuple):
    """Where the records of a scope come from, and whether they may wait."""

    resource: KnownResource
    tenant: bytes
    metadata: Metadata
    pace: Pace
    held: Held | None
    why_not_wait: Reason
    leaving: Leaving | None


class _Waits(NamedTuple):
    """In the place of an annotated record: it is to wait."""

    fingerprint: bytes
    source_service: str
    is_asked_about: bool


class Annotator:
    """Annotates requests with what the desk says. Belongs to one event loop."""

    def __init__(
        self,
        *,
        selector: Selector,
        desk: Desk,
        severity_mode: SeverityMode,
        detail: Detail,
        full_detail_interval_seconds: float,
        trust_incoming: bool,
        loop_watch: LoopWatch,
        rate_limited_log: RateLimitedLog,
    ) -> None:
        self._selector = selector
        self._desk = desk
        self._severity_applies = severity_mode is SeverityMode.APPLY
        self._detail = detail
        self._full_detail_interval_seconds = full_detail_interval_seconds
        self._strips_incoming = not trust_incoming
        self._resources = KnownResources()
        self._mask = Masker().mask
        self._loop_watch = loop_watch
        self._log = rate_limited_log

    async def annotate(
        self,
        request: LogsRequest,
        data: bytes,
        *,
        tenant: bytes,
        metadata: Metadata = (),
        pace: Pace = UNHURRIED,
        held: Held | None = None,
        why_not_wait: Reason = Reason.PENDING,
        leaving: Leaving | None = None,
    ) -> tuple[bool, Tally]:
        """Annotate in place; tell whether any record changed. ``request`` was split from ``data``.

        ``held`` collects the records that are to wait; they stay where they are, as they came. Without it nothing
        waits, and what could have carries ``why_not_wait``. ``leaving``: these records have waited.
        """
        tally = Tally()
        self._loop_watch.look(request, data)
        is_marked = self._strips_incoming and INCOMING_MARK in data
        has_changed = False
        turn_began = time.monotonic()
        for i, resource_logs in enumerate(request.resource_logs):
            if time.monotonic() - turn_began > _YIELD_AFTER_SECONDS:
                await asyncio.sleep(0)
                turn_began = time.monotonic()
            for j, scope_logs in enumerate(resource_logs.scope_logs):
                records: list[bytes] = list(scope_logs.log_records)
                if is_marked:
                    if sum(map(len, records)) > _MAX_STRIPPED_ON_LOOP_BYTES:
                        has_changed |= await asyncio.to_thread(strip, records, scope_logs.log_records)
                    else:
                        has_changed |= strip(records, scope_logs.log_records)
                selected = self._selector.select(records)
                if not self._strips_incoming and INCOMING_MARK in data:
                    selected = [one for one in selected if not is_triaged(records[one.place])]
                if not selected or self._loop_watch.is_ours(resource_logs.resource):
                    continue
                resource = self._resources.known(list(resource_logs.resource), list(scope_logs.scope), tenant)
                way = _Way(resource, tenant, metadata, pace, held, why_not_wait, leaving)
                waiting = 0
                for one in selected:
                    now = time.monotonic()
                    if now - turn_began > _YIELD_AFTER_SECONDS:
                        await asyncio.sleep(0)
                        turn_began = now = time.monotonic()
                    annotated = self._annotated(records[one.place], one, way, now, tally)
                    if type(annotated) is bytes:
                        scope_logs.log_records[one.place] = annotated
                    else:
                        held.records.append(HeldRecord(i, j, one.place, records[one.place], *annotated))  # type: ignore[union-attr]
                        waiting += 1
                tally.selected += len(selected) - waiting
                tally.held += waiting
                has_changed = True
        tally.sum_up()
        return has_changed, tally

    def _annotated(self, raw: bytes, one: Selected, way: _Way, now: float, tally: Tally) -> bytes | _Waits:
        """Annotate one record; a bug of ours leaves it with status `skipped`, and never stops the others."""
        if one.has_too_many_fields:
            return skipped(raw, one, way.resource, Reason.TOO_LARGE, tally)
        try:
            return self._annotated_by_verdict(raw, one, way, now, tally)
        except Exception as error:
            self._log.error("record", "triage of a record failed: it leaves as `skipped`", error=place_of(error))
        return skipped(raw, one, way.resource, Reason.INTERNAL_ERROR, tally)

    def _annotated_by_verdict(self, raw: bytes, one: Selected, way: _Way, now: float, tally: Tally) -> bytes | _Waits:
        resource = way.resource
        if now > way.pace.fingerprint_until:
            return skipped(raw, one, resource, Reason.DEADLINE, tally)
        digest = digest_of(
            resource_key=resource.key,
            level=one.key_level,
            body=one.body,
            event_name=one.record.event_name,
            attributes=fingerprint_attributes(one.attributes) if one.attributes else None,
            mask=self._mask,
        )
        use = self._desk.known(digest, now)
        if use is None:
            if now > way.pace.judge_until and not self._desk.has(digest):
                return skipped(raw, one, resource, Reason.DEADLINE, tally, digest)
            arrival = _arrival_of(raw, one, way)
            if way.leaving is not None:
                use = self._desk.leave(
                    digest,
                    arrival,
                    now,
                    tally.judged,
                    reason=way.leaving.reason,
                    is_asked_about=way.leaving.passes_asked_about(),
                )
            elif way.held is None:
                use = self._desk.use(digest, arrival, now, tally.judged, why_not_wait=way.why_not_wait)
            else:
                use = self._desk.use(digest, arrival, now, tally.judged, why_not_wait=None)
                if way.held.waits(digest, use.waits):
                    return _Waits(digest, resource.source_service, use.is_asked_about)
        entry, verdict, reason = use.entry, use.verdict, use.reason
        missing = 0
        for i, piece in enumerate(verdict.pieces):
            if piece not in raw:
                missing |= 1 << i
                tally.pieces_missing += 1
        if verdict.lowers and not all(piece in raw for piece in verdict.lowering_pieces):
            verdict = entry.without_lowering(one.level, Reason.GUARDED)
            reason = verdict.reason
        attributes = self._attributes_of(entry, use.status, missing, now)
        originals: tuple[tuple[str, AttributeValue], ...] = ()
        annotated = raw
        if self._severity_applies:
            annotated, originals = overridden(raw, one.said, one.attributes, verdict.report.severity)
        room = PLENTY
        if len(annotated) >= resource.plenty_below_bytes:
            room = room_of(
                Record.FromString(raw),
                len(annotated),
                resource.view,
                evidence_bytes=sum(map(len, verdict.pieces)),
                reasoning_bytes=len(verdict.report.reasoning_trace),
            )
        written = self._written(entry, verdict, reason, attributes, originals, room, resource.source_service)
        tally.written[written] += 1
        return annotated + written.fragment

    def _attributes_of(self, entry: Entry, status: Status, missing: int, now: float) -> tuple[Status, bool, bool, int]:
        """Decide by `detail` what is written: ``(status, with_reasoning, is_slim, missing pieces)``."""
        if self._detail is Detail.SLIM:
            return status, False, True, missing
        if self._detail is Detail.FULL:
            return status, True, False, missing
        is_full = status is Status.FRESH or now >= entry.full_again_at
        if is_full:
            entry.full_again_at = now + self._full_detail_interval_seconds
        return status, is_full, False, missing

    def _written(
        self,
        entry: Entry,
        verdict: Verdict,
        reason: Reason | None,
        variant: tuple[Status, bool, bool, int],
        originals: tuple[tuple[str, AttributeValue], ...],
        room: Room,
        source_service: str,
    ) -> Written:
        key = (variant, originals, room is PLENTY or (room.reasoning, room.evidence), verdict.lowers, reason)
        written: Written | None = entry.variants.get(key)
        if written is not None and written.triaged.source_service == source_service:
            return written
        status, with_reasoning, is_slim, missing = variant
        pieces = [piece.decode() for i, piece in enumerate(verdict.pieces) if not missing >> i & 1]
        attributes = verdict_attributes(
            verdict,
            status=status,
            reason=reason,
            evidence=pieces,
            with_reasoning=with_reasoning and room.reasoning,
            with_evidence=not is_slim and room.evidence,
            with_action=not is_slim,
        )
        attributes.update(originals)
        written = Written(
            attributes_bytes(attributes),
            TriagedKey(
                source_service,
                verdict.report.category.value,
                verdict.report.severity.value,
                "true" if verdict.report.is_actionable_for_oncall else "false",
            ),
            status.value,
            reason.value if reason else "",
        )
        if len(written.fragment) > _MAX_KEPT_FRAGMENT_BYTES:
            return written
        if len(entry.variants) >= _MAX_VARIANTS:
            entry.variants.clear()
        if status is not Status.FRESH:  # a fresh one is written once
            entry.variants[key] = written
        return written


def _arrival_of(raw: bytes, one: Selected, way: _Way) -> Arrival:
    return Arrival(
        level=one.level,
        view=lambda: view_of_record(
            Record.FromString(raw), level=one.level, resource=way.resource.view, tenant=way.tenant
        ),
        service_version=way.resource.view.service_version,
        event_minute=event_minute(one.record.time_unix_nano or one.record.observed_time_unix_nano, time.time_ns()),
        weight=log_count_of(one.attributes),
        metadata=way.metadata,
        size_bytes=len(raw),
    )
