"""The annotator: which attributes a record gets when, and that a stored verdict lowers nothing without its proof."""

from __future__ import annotations

import dataclasses

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.config.judging import Detail
from logtriage.engines.judgement import Judgement
from logtriage.pipeline.annotator import Annotator
from logtriage.schema import attributes as names
from logtriage.schema.category import Category
from logtriage.schema.record import RecordView
from logtriage.schema.severity import Severity
from support.annotating import annotate, annotate_and_tally, annotator
from support.records import TIME, attributes_of, record, records_of, request
from support.scripted_engine import ScriptedEngine, judgement

CLOCK = "logtriage.pipeline.annotator.time.monotonic"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(CLOCK, clock)
    return clock


def said(view: RecordView) -> Judgement:
    return judgement(quotes=(b"the cart is gone",))


def told(target: Annotator, *items: LogRecord, tenant: bytes = b"") -> list[dict[str, object]]:
    return [
        attributes_of(LogRecord.FromString(raw)) for raw in records_of(annotate(target, request(*items), tenant=tenant))
    ]


def one(target: Annotator, body: str = "the cart is gone", **fields: object) -> dict[str, object]:
    (attributes,) = told(target, record(body, **fields))  # type: ignore[arg-type]
    return attributes


def test_the_first_record_is_fresh_and_the_next_ones_are_cached(clock: Clock) -> None:
    engine = ScriptedEngine(said)
    target = annotator(engine=engine)
    assert [one(target)[names.STATUS] for _ in range(3)] == ["fresh", "cached", "cached"]
    assert len(engine.calls) == 1


def test_auto_detail_leaves_the_reasoning_out_but_once_in_an_interval(clock: Clock) -> None:
    target = annotator(said, full_detail_interval_seconds=600)
    seen = []
    for seconds in (0, 1, 599, 600, 601, 1199, 1200):
        clock.now = 1000.0 + seconds
        attributes = one(target)
        seen.append(names.REASONING_TRACE in attributes)
        assert names.EVIDENCE in attributes
        assert names.SUGGESTED_ACTION in attributes
    assert seen == [True, False, False, True, False, False, True]


def test_full_detail_carries_everything_always(clock: Clock) -> None:
    target = annotator(said, detail=Detail.FULL)
    for _ in range(2):
        attributes = one(target)
        assert attributes[names.REASONING_TRACE] == "because"
        assert attributes[names.EVIDENCE] == ["the cart is gone"]
        assert attributes[names.SUGGESTED_ACTION] == "do this"


def test_slim_detail_carries_no_text_but_what_is_filtered_on(clock: Clock) -> None:
    target = annotator(said, detail=Detail.SLIM)
    for _ in range(2):
        attributes = one(target)
        assert not attributes.keys() & {names.REASONING_TRACE, names.EVIDENCE, names.SUGGESTED_ACTION}
        assert attributes[names.CATEGORY] == "code_bug"
        assert attributes[names.IS_ACTIONABLE_FOR_ONCALL] is True
        assert attributes.keys() >= {names.SEVERITY, names.CONFIDENCE, names.FIRST_SEEN, names.VERDICT_ID}


def test_an_expired_verdict_is_judged_anew_and_first_seen_stays(clock: Clock) -> None:
    engine = ScriptedEngine(said)
    target = annotator(engine=engine, ttl_seconds=60)
    first = one(target, time_unix_nano=TIME)
    clock.now += 59.9
    assert one(target, time_unix_nano=TIME + 10**9)[names.STATUS] == "cached"
    clock.now += 0.1
    again = one(target, time_unix_nano=TIME + 2 * 10**9)
    assert again[names.STATUS] == "fresh"
    assert len(engine.calls) == 2
    assert again[names.FIRST_SEEN] == first[names.FIRST_SEEN] == "2026-11-18T11:06:40.000000Z"
    assert again[names.VERDICT_ID] == first[names.VERDICT_ID]


def test_a_verdict_id_is_the_same_on_another_instance_and_changes_with_the_report() -> None:
    given = {one(annotator(said), time_unix_nano=TIME + i)[names.VERDICT_ID] for i in range(3)}
    assert len(given) == 1
    other = one(annotator(lambda _: judgement(severity=Severity.FATAL)))[names.VERDICT_ID]
    assert other not in given
    assert str(other).split("-")[0] == str(given.pop()).split("-")[0]


def test_a_record_without_a_time_is_first_seen_when_observed_else_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logtriage.pipeline.annotator.time.time_ns", lambda: TIME + 7_000_000_000)
    observed = one(annotator(said), time_unix_nano=0, observed_time_unix_nano=TIME)
    assert observed[names.FIRST_SEEN] == "2026-11-18T11:06:40.000000Z"
    neither = one(annotator(said), time_unix_nano=0, observed_time_unix_nano=0)
    assert neither[names.FIRST_SEEN] == "2026-11-18T11:06:47.000000Z"


def test_tenants_do_not_share_a_verdict() -> None:
    engine = ScriptedEngine(said)
    target = annotator(engine=engine)
    for tenant in (b"a", b"b", b"a"):
        told(target, record("the cart is gone"), tenant=tenant)
    assert len(engine.calls) == 2


BLIP = judgement(
    Category.TRANSIENT_NETWORK,
    Severity.WARN,
    is_actionable=False,
    quotes=(b"connection reset",),
    lowering_quotes=(b"retry attempt 1 succeeded",),
)


def test_a_stored_lowering_does_not_lower_a_record_without_its_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logtriage.pipeline.annotator.digest_of", lambda **_: b"\x01" * 8)
    target = annotator(lambda _: BLIP)
    lowered, guarded, lowered_again = (
        LogRecord.FromString(records_of(annotate(target, request(record(body))))[0])
        for body in (
            "connection reset, retry attempt 1 succeeded",
            "connection reset, every attempt failed",
            "connection reset, retry attempt 1 succeeded",
        )
    )
    for item in (lowered, lowered_again):
        assert (item.severity_number, item.severity_text) == (13, "WARN")
        assert attributes_of(item)[names.IS_ACTIONABLE_FOR_ONCALL] is False
        assert names.REASON not in attributes_of(item)
    attributes = attributes_of(guarded)
    assert (guarded.severity_number, guarded.severity_text) == (17, "ERROR")
    assert attributes[names.IS_ACTIONABLE_FOR_ONCALL] is True
    assert attributes[names.SEVERITY] == "ERROR"
    assert attributes[names.REASON] == "guarded"
    assert attributes[names.STATUS] == "cached"
    assert attributes[names.EVIDENCE] == ["connection reset"]
    assert names.ORIGINAL_SEVERITY_NUMBER not in attributes
    assert attributes[names.VERDICT_ID] != attributes_of(lowered)[names.VERDICT_ID]


def test_proof_that_found_no_place_among_the_evidence_is_asked_for_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("logtriage.pipeline.annotator.digest_of", lambda **_: b"\x01" * 8)
    quotes = tuple(b"proof number %s of six" % word for word in (b"a", b"b", b"c", b"d", b"e", b"f"))
    blip = dataclasses.replace(BLIP, quotes=(), lowering_quotes=quotes)
    target = annotator(lambda _: blip)
    whole = b"\n".join(quotes).decode()
    assert one(target, whole)[names.SEVERITY] == "WARN"
    attributes = one(target, whole.replace("f of six", "g of six"))
    assert len(attributes[names.EVIDENCE]) == 5  # type: ignore[arg-type]
    assert (attributes[names.SEVERITY], attributes[names.REASON]) == ("ERROR", "guarded")


def test_a_guarded_record_is_counted_as_what_it_carries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("logtriage.pipeline.annotator.digest_of", lambda **_: b"\x01" * 8)
    target = annotator(lambda _: BLIP)
    annotate(target, request(record("connection reset, retry attempt 1 succeeded")))
    _, tally = annotate_and_tally(target, request(record("connection reset, every attempt failed")))
    assert dict(tally.records) == {("cached", "guarded"): 1}
    assert dict(tally.triaged) == {("checkout", "transient_network", "ERROR", "true"): 1}


def test_a_bug_in_the_engine_leaves_the_record_skipped_and_the_others_judged() -> None:
    def script(view: RecordView) -> Judgement:
        if b"poison" in view.body:
            raise ZeroDivisionError
        return said(view)

    poisoned, other, quiet = told(
        annotator(script, min_severity=Severity.WARN),
        record("poison"),
        record("the cart is gone"),
        record("poison", number=13, text="WARN"),
    )
    assert (poisoned[names.STATUS], poisoned[names.REASON]) == ("skipped", "internal_error")
    assert poisoned[names.IS_ACTIONABLE_FOR_ONCALL] is True
    assert names.CATEGORY not in poisoned
    assert len(str(poisoned[names.FINGERPRINT])) == 16
    assert other[names.STATUS] == "fresh"
    assert quiet[names.IS_ACTIONABLE_FOR_ONCALL] is False


def test_a_skipped_record_keeps_its_severity() -> None:
    def script(view: RecordView) -> Judgement:
        raise ZeroDivisionError

    (raw,) = records_of(annotate(annotator(script), request(record("x", number=18, text="ERROR2"))))
    item = LogRecord.FromString(raw)
    assert (item.severity_number, item.severity_text) == (18, "ERROR2")


def test_the_confidence_is_a_double_of_three_digits() -> None:
    assert one(annotator(lambda _: judgement(confidence=0.123456)))[names.CONFIDENCE] == 0.123
    whole = one(annotator(lambda _: judgement(confidence=1)))[names.CONFIDENCE]
    assert isinstance(whole, float)


def test_no_attribute_is_a_map_or_empty_and_every_name_is_known() -> None:
    for target in (annotator(said), annotator(said, detail=Detail.SLIM), annotator(lambda _: BLIP)):
        attributes = one(target)
        assert attributes.keys() <= set(names.ALL_ATTRIBUTES)
        assert all(value != "" and not isinstance(value, dict) for value in attributes.values())
        assert all(len(key) < 50 for key in attributes)


def test_no_name_is_both_a_leaf_and_a_prefix() -> None:
    for name in names.ALL_ATTRIBUTES:
        assert not any(other.startswith(name + ".") for other in names.ALL_ATTRIBUTES)
