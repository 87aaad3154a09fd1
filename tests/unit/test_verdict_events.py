"""Verdict events: what they carry, to whom they go, and that they are bounded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from logtriage.engines.judgement import Judgement
from logtriage.errors import RetryableDeliveryError
from logtriage.pipeline.events import MAX_WAITING_EVENTS, VerdictEvents
from logtriage.pipeline.forwarder import Forwarder
from logtriage.schema.provenance import EngineName, Reason
from logtriage.schema.record import RecordView, ResourceView
from logtriage.schema.transit import Metadata
from logtriage.telemetry.rate_limited import RateLimitedLog
from logtriage.telemetry.setup import Telemetry
from logtriage.verdicts.verdict import Verdict
from support.records import attributes_of, records_of
from support.scripted_engine import judgement

RECORD = RecordView(
    resource=ResourceView(service_name=b"cart", service_namespace=b"shop", service_version=b"7"), body=b"boom"
)
SHOP: Metadata = [("x-scope-orgid", "shop")]
BANK: Metadata = [("x-scope-orgid", "bank")]


class Downstream:
    """Keeps what it is sent, or refuses it."""

    def __init__(self, *, is_away: bool = False) -> None:
        self.is_away = is_away
        self.sent: list[tuple[list[str], Metadata]] = []
        self.requests: list[bytes] = []

    async def export(self, request: bytes, *, records: int, metadata: Metadata, timeout_seconds: float) -> bytes:
        """Take one request."""
        if self.is_away:
            raise RetryableDeliveryError("away", code="UNAVAILABLE")
        told = [attributes_of(item) for item in _records(request)]
        assert len(told) == records
        self.sent.append(([str(item["logtriage.verdict.fingerprint"]) for item in told], list(metadata)))
        self.requests.append(request)
        return b""


def _records(request: bytes) -> Iterable[object]:
    message = ExportLogsServiceRequest.FromString(request)
    return [item for group in message.resource_logs for scope in group.scope_logs for item in scope.log_records]


def _hex(number: int) -> str:
    return number.to_bytes(8, "big").hex()


def verdict(number: int = 1, *, engine: EngineName = EngineName.LOCAL) -> Verdict:
    return Verdict(
        fingerprint=number.to_bytes(8, "big"),
        report=judgement().report,
        pieces=(),
        lowering_pieces=(),
        lowers=False,
        reason=Reason.GUARDED,
        engine=engine,
        engine_version="1",
        signature="",
        first_seen_unix_nano=1_795_000_000_000_000_000,
        expires_at=0.0,
        model="m" if engine is EngineName.MIMO else "",
        prompt_version="p3" if engine is EngineName.MIMO else "",
    )


def sent(
    told: list[tuple[Verdict, Metadata, Judgement | None]], *, is_away: bool = False
) -> tuple[Downstream, Telemetry]:
    """Queue the events, then send them."""
    downstream = Downstream(is_away=is_away)
    telemetry = Telemetry(max_source_services=5)

    async def scenario() -> None:
        events = VerdictEvents(
            Forwarder(downstream, max_request_bytes=1 << 22),
            resource={"service.name": "logtriage", "service.instance.id": "i-1"},
            meter=telemetry.meter,
            rate_limited_log=RateLimitedLog(logging.getLogger("logtriage.tests")),
        )
        for one, metadata, said in told:
            events.tell(one, RECORD, metadata, said)
        await events.drain(60)

    asyncio.run(scenario())
    return downstream, telemetry


def outcome(telemetry: Telemetry, name: str) -> float | None:
    return telemetry.registry.get_sample_value("logtriage_verdict_events_total", {"outcome": name})


def test_events_go_with_the_metadata_of_the_request_that_caused_them_and_tenants_stay_apart() -> None:
    downstream, _ = sent([(verdict(1), SHOP, None), (verdict(2), BANK, None), (verdict(3), SHOP, None)])

    assert downstream.sent == [([_hex(1), _hex(3)], SHOP), ([_hex(2)], BANK)]


def test_an_event_of_a_model_carries_its_full_reasoning_its_cost_and_who_it_was() -> None:
    said = Judgement(
        report=judgement().report,
        engine=EngineName.MIMO,
        engine_version="1",
        full_reasoning="first this, then that",
        cost_usd=0.00125,
    )
    downstream, _ = sent([(verdict(engine=EngineName.MIMO), (), said)])

    (told,) = (attributes_of(item) for item in _records(downstream.requests[0]))  # type: ignore[arg-type]
    named = {name.removeprefix("logtriage.verdict."): value for name, value in told.items()}
    assert named["full_reasoning"] == "first this, then that"
    assert named["cost_usd"] == 0.00125
    assert (named["engine"], named["model"], named["prompt_version"]) == ("mimo", "m", "p3")
    assert (named["source_service"], named["source_namespace"], named["source_version"]) == ("cart", "shop", "7")
    assert (named["reason"], named["first_seen"]) == ("guarded", "2026-11-18T11:06:40.000000Z")
    assert all(name.startswith("logtriage.verdict.") for name in told)


def test_an_event_stands_on_our_own_resource_and_scope() -> None:
    downstream, _ = sent([(verdict(), (), None)])

    (group,) = ExportLogsServiceRequest.FromString(downstream.requests[0]).resource_logs
    assert {item.key: item.value.string_value for item in group.resource.attributes} == {
        "service.name": "logtriage",
        "service.instance.id": "i-1",
    }
    assert group.scope_logs[0].scope.name == "logtriage"
    (event,) = group.scope_logs[0].log_records
    assert (event.event_name, event.severity_text) == ("logtriage.verdict", "INFO")
    assert len(records_of(downstream.requests[0])) == 1


def test_events_beyond_the_bound_are_dropped_and_counted() -> None:
    downstream, telemetry = sent([(verdict(i), (), None) for i in range(MAX_WAITING_EVENTS + 7)])

    assert [name for names, _ in downstream.sent for name in names] == [_hex(i) for i in range(MAX_WAITING_EVENTS)]
    assert (outcome(telemetry, "sent"), outcome(telemetry, "dropped")) == (MAX_WAITING_EVENTS, 7)


def test_events_that_downstream_does_not_take_are_counted_and_stop_nothing() -> None:
    _, telemetry = sent([(verdict(1), SHOP, None), (verdict(2), BANK, None)], is_away=True)

    assert outcome(telemetry, "failed") == 2
