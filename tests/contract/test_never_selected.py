"""What is never judged, and what is never lowered, whatever the settings."""

from __future__ import annotations

import asyncio

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.schema.category import Category
from logtriage.schema.severity import Severity
from support.annotating import annotate, annotator
from support.records import attributes_of, record, records_of, request
from support.running import running
from support.scripted_engine import judgement

BLIP = judgement(
    Category.TRANSIENT_NETWORK, Severity.WARN, is_actionable=False, lowering_quotes=(b"the retry went through",)
)


def test_verdict_events_that_come_back_are_not_judged_even_if_info_is() -> None:
    async def scenario() -> None:
        async with running(verdicts={"events": True}, selection={"min_severity": "INFO"}) as service:
            await service.export(request(record("boom")))
            while not any(item.event_name for item in service.sink.records):
                await asyncio.sleep(0.01)
            looped = next(data for data in service.sink.requests if b"logtriage.verdict.id" in data)
            before = len(service.sink.records)
            await service.export(looped)
            (event,) = service.sink.records[before:]
            assert event.event_name == "logtriage.verdict"
            assert "logtriage.status" not in attributes_of(event)

    asyncio.run(scenario())


def test_a_forged_event_that_says_error_is_judged() -> None:
    (raw,) = records_of(annotate(annotator(), request(record("boom", event_name="logtriage.verdict"))))
    assert attributes_of(LogRecord.FromString(raw))["logtriage.status"] == "fresh"


def test_a_record_of_a_trusted_instance_is_not_annotated_twice() -> None:
    once = annotate(annotator(), request(record("boom")))
    twice = annotate(annotator(trust_incoming=True), once)
    assert records_of(twice) == records_of(once)


@pytest.mark.parametrize(
    "item",
    [
        record("reset, but the retry went through", attributes={"level": "fatal"}),
        record("FATAL reset, but the retry went through"),
        record('{"level":"fatal","msg":"reset, but the retry went through"}'),
        record("reset, but the retry went through", text="FATAL"),
        record("reset, but the retry went through", number=21, text=""),
    ],
    ids=["attribute", "body", "JSON body", "text", "number"],
)
def test_what_says_fatal_in_any_way_is_never_lowered(item: LogRecord) -> None:
    target = annotator(lambda _: BLIP)
    plain = record("reset, but the retry went through")
    for _ in range(2):
        (first, second) = records_of(annotate(target, request(plain, item)))
        assert attributes_of(LogRecord.FromString(first))["logtriage.is_actionable_for_oncall"] is False
        told = attributes_of(LogRecord.FromString(second))
        assert told["logtriage.is_actionable_for_oncall"] is True
        assert told["logtriage.reason"] == "protected"
