"""Annotate the selected records of one split request: look up, judge what is new, append the attributes.

`Annotator.annotate` changes the split request in place. The verdict's attributes are serialised once per variant and
appended; severity number and text are replaced where they stand.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from dataclasses import dataclass

from logtriage._pb.logtriage.wire.v1.projection_pb2 import LogsRequest
from logtriage.config.judging import Detail, SeverityMode
from logtriage.errors import place_of
from logtriage.pipeline.edits import without_incoming
from logtriage.pipeline.fragment import AttributeValue, attributes_bytes, skipped_attributes, verdict_attributes
from logtriage.pipeline.limits import PLENTY, Room, room_of
from logtriage.pipeline.select import Selected, Selector
from logtriage.pipeline.severity_override import overridden
from logtriage.pipeline.tally import Tally, TriagedKey
from logtriage.pipeline.values import body_text
from logtriage.pipeline.views import fingerprint_attributes, view_of_record, view_of_resource
from logtriage.pipeline.wire import INCOMING_MARK
from logtriage.schema.provenance import Reason, Status
from logtriage.schema.record import ResourceView
from logtriage.schema.severity import Severity
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.triage.judge import Judge
from logtriage.triage.policy import unlowered
from logtriage.verdicts.fingerprint import digest_of, exact_digest, resource_key
from logtriage.verdicts.memory import LeastRecentlyUsed
from logtriage.verdicts.verdict import Verdict

_YIELD_AFTER_SECONDS = 0.005
"""Work longer than this lets other calls run in between; one of theirs needs about ten turns of the loop."""
_MAX_VARIANTS = 64
_MAX_RESOURCES = 2048


class _Entry:
    """A verdict with its serialised variants and when it was last written in full."""

    __slots__ = ("full_again_at", "triaged_keys", "unlowered", "variants", "verdict")

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.variants: dict[tuple[object, ...], bytes] = {}
        self.full_again_at = 0.0
        self.unlowered: Verdict | None = None
        self.triaged_keys: dict[tuple[str, bool], TriagedKey] = {}


@dataclass(frozen=True, slots=True)
class _KnownResource:
    """A resource as triage sees it, with its part of the fingerprint."""

    view: ResourceView
    key: bytes
    source_service: str


class Annotator:
    """Owns the verdicts in memory. Belongs to one event loop."""

    def __init__(
        self,
        *,
        selector: Selector,
        judge: Judge,
        max_verdicts: int,
        severity_mode: SeverityMode,
        detail: Detail,
        full_detail_interval_seconds: float,
        trust_incoming: bool,
        rate_limited_log: RateLimitedLog,
    ) -> None:
        self._selector = selector
        self._judge = judge
        self._severity_applies = severity_mode is SeverityMode.APPLY
        self._detail = detail
        self._full_detail_interval_seconds = full_detail_interval_seconds
        self._strips_incoming = not trust_incoming
        self._entries: LeastRecentlyUsed[_Entry] = LeastRecentlyUsed(max_verdicts)
        self._resources: LeastRecentlyUsed[_KnownResource] = LeastRecentlyUsed(_MAX_RESOURCES)
        self._log = rate_limited_log

    @property
    def verdicts_in_memory(self) -> int:
        """How many fingerprints have a verdict here."""
        return len(self._entries)

    async def annotate(self, request: LogsRequest, data: bytes, *, tenant: bytes) -> tuple[bool, Tally]:
        """Annotate in place; tell whether any record changed. ``request`` was split from ``data``."""
        tally = Tally()
        is_marked = self._strips_incoming and INCOMING_MARK in data
        has_changed = False
        turn_began = time.monotonic()
        for resource_logs in request.resource_logs:
            for scope_logs in resource_logs.scope_logs:
                records: list[bytes] = list(scope_logs.log_records)
                if is_marked:
                    has_changed |= _strip(records, scope_logs.log_records)
                selected = self._selector.select(records)
                if not selected:
                    continue
                resource = self._resource(list(resource_logs.resource), list(scope_logs.scope), tenant)
                for one in selected:
                    now = time.monotonic()
                    if now - turn_began > _YIELD_AFTER_SECONDS:
                        await asyncio.sleep(0)
                        turn_began = now = time.monotonic()
                    scope_logs.log_records[one.index] = self._annotated(
                        records[one.index], one, resource, tenant, now, tally
                    )
                tally.selected += len(selected)
                has_changed = True
        return has_changed, tally

    def _resource(self, pieces: list[bytes], scope_pieces: list[bytes], tenant: bytes) -> _KnownResource:
        identity = b"\x00".join((tenant, *pieces, b"\x00scope", *scope_pieces))
        known = self._resources.get(identity)
        if known is None:
            view = view_of_resource(pieces, scope_pieces)
            known = _KnownResource(view, resource_key(view, tenant), view.source_service)
            if len(identity) <= 16_384:
                self._resources.put(identity, known)
        return known

    def _annotated(
        self, raw: bytes, one: Selected, resource: _KnownResource, tenant: bytes, now: float, tally: Tally
    ) -> bytes:
        """Annotate one record; a bug of ours leaves it with status `skipped`, and never stops the others."""
        try:
            return self._annotated_by_verdict(raw, one, resource, tenant, now, tally)
        except Exception as error:
            self._log.error("record", "triage of a record failed: it leaves as `skipped`", error=place_of(error))
        says_error = not one.level.is_less_urgent_than(Severity.ERROR)
        digest = exact_digest(resource.key, raw)
        tally.records[Status.SKIPPED.value, Reason.INTERNAL_ERROR.value] += 1
        actionable = "true" if says_error else "false"
        tally.triaged[TriagedKey(resource.source_service, "none", one.level.value, actionable)] += 1
        return raw + attributes_bytes(
            skipped_attributes(reason=Reason.INTERNAL_ERROR, is_actionable=says_error, fingerprint=digest)
        )

    def _annotated_by_verdict(
        self, raw: bytes, one: Selected, resource: _KnownResource, tenant: bytes, now: float, tally: Tally
    ) -> bytes:
        record = one.record
        digest = digest_of(
            resource_key=resource.key,
            level=one.level,
            body=body_text(record),
            event_name=record.event_name,
            attributes=fingerprint_attributes(record),
        )
        entry = self._entries.get(digest)
        status = Status.CACHED
        if entry is None or now >= entry.verdict.expires_at:
            entry = self._judged(one, resource, tenant, digest, now, tally, entry)
            status = Status.FRESH
        verdict = entry.verdict
        missing = 0
        if not all(piece in raw for piece in verdict.pieces):
            missing = sum(1 << i for i, piece in enumerate(verdict.pieces) if piece not in raw)
            tally.pieces_missing += missing.bit_count()
        if verdict.lowers and not all(piece in raw for piece in verdict.lowering_pieces):
            verdict = self._without_lowering(entry, one.level)
        attributes = self._attributes_of(entry, verdict, status, missing, now)
        originals: tuple[tuple[str, AttributeValue], ...] = ()
        if self._severity_applies:
            raw, originals = overridden(raw, record, verdict.report.severity)
        room = room_of(
            record,
            len(raw),
            resource.view,
            evidence_bytes=sum(map(len, verdict.pieces)),
            reasoning_bytes=len(verdict.report.reasoning_trace),
        )
        tally.records[status.value, verdict.reason.value if verdict.reason else ""] += 1
        tally.triaged[_triaged_key(entry, verdict, resource.source_service)] += 1
        return raw + self._fragment(entry, verdict, attributes, originals, room)

    def _judged(
        self,
        one: Selected,
        resource: _KnownResource,
        tenant: bytes,
        digest: bytes,
        now: float,
        tally: Tally,
        expired: _Entry | None,
    ) -> _Entry:
        began = time.perf_counter()
        view = view_of_record(one.record, level=one.level, resource=resource.view, tenant=tenant)
        verdict = self._judge.judge(view, digest, now=now, now_unix_nano=time.time_ns())
        if expired is not None:
            verdict = dataclasses.replace(verdict, first_seen_unix_nano=expired.verdict.first_seen_unix_nano)
        entry = _Entry(verdict)
        self._entries.put(digest, entry)
        tally.judged.append(time.perf_counter() - began)
        return entry

    def _without_lowering(self, entry: _Entry, level: Severity) -> Verdict:
        """Give the verdict as it stands on a record that does not hold what the lowering rests on."""
        if entry.unlowered is None:
            entry.unlowered = dataclasses.replace(
                entry.verdict, report=unlowered(entry.verdict.report, level), lowers=False, reason=Reason.GUARDED
            )
        return entry.unlowered

    def _attributes_of(
        self, entry: _Entry, verdict: Verdict, status: Status, missing: int, now: float
    ) -> tuple[Status, bool, bool, int]:
        """Decide by `detail` what is written: ``(status, with_reasoning, is_slim, missing pieces)``."""
        if self._detail is Detail.SLIM:
            return status, False, True, missing
        if self._detail is Detail.FULL:
            return status, True, False, missing
        is_full = status is Status.FRESH or now >= entry.full_again_at
        if is_full:
            entry.full_again_at = now + self._full_detail_interval_seconds
        return status, is_full, False, missing

    def _fragment(
        self,
        entry: _Entry,
        verdict: Verdict,
        variant: tuple[Status, bool, bool, int],
        originals: tuple[tuple[str, AttributeValue], ...],
        room: Room,
    ) -> bytes:
        key = (variant, originals, room is PLENTY or (room.reasoning, room.evidence), verdict.lowers)
        fragment = entry.variants.get(key)
        if fragment is None:
            status, with_reasoning, is_slim, missing = variant
            pieces = [piece.decode() for i, piece in enumerate(verdict.pieces) if not missing >> i & 1]
            attributes = verdict_attributes(
                verdict,
                status=status,
                evidence=pieces,
                with_reasoning=with_reasoning and room.reasoning,
                with_evidence=not is_slim and room.evidence,
                with_action=not is_slim,
            )
            attributes.update(originals)
            fragment = attributes_bytes(attributes)
            if len(entry.variants) >= _MAX_VARIANTS:
                entry.variants.clear()
            entry.variants[key] = fragment
        return fragment


def _strip(records: list[bytes], target: object) -> bool:
    """Take incoming attributes of ours out of each record that has some, in the list and on the request."""
    has_changed = False
    for i, record in enumerate(records):
        if INCOMING_MARK in record:
            stripped = without_incoming(record)
            if stripped is not record:
                records[i] = target[i] = stripped  # type: ignore[index]
                has_changed = True
    return has_changed


def _triaged_key(entry: _Entry, verdict: Verdict, source_service: str) -> TriagedKey:
    key = entry.triaged_keys.get((source_service, verdict.lowers))
    if key is None:
        report = verdict.report
        key = TriagedKey(
            source_service,
            report.category.value,
            report.severity.value,
            "true" if report.is_actionable_for_oncall else "false",
        )
        entry.triaged_keys[source_service, verdict.lowers] = key
    return key
