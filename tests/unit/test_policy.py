"""The policy: raising is free, lowering needs proof, and each refusal has its reason."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logtriage.engines.judgement import Judgement
from logtriage.schema.category import Category
from logtriage.schema.provenance import Reason
from logtriage.schema.record import MAX_JUDGED_BYTES, RecordView, ResourceView
from logtriage.schema.report import TriageReport
from logtriage.schema.severity import Severity
from logtriage.triage.judge import Judge
from logtriage.triage.policy import MIN_LOWERING_CONFIDENCE, REFUSED_NOISE_CONFIDENCE, lowers, unlowered
from logtriage.verdicts.verdict import Verdict
from support.scripted_engine import ScriptedEngine, judgement

BODY = b"connection reset, retry attempt 1 succeeded"
PROOF = (b"retry attempt 1 succeeded",)
BLIP = judgement(Category.TRANSIENT_NETWORK, Severity.WARN, is_actionable=False, lowering_quotes=PROOF)
NOISE = judgement(
    Category.NOISE, Severity.DEBUG, is_actionable=False, lowering_quotes=PROOF, is_named_noise=True, action="ignore it"
)


def verdict_of(said: Judgement, body: bytes = BODY, level: Severity = Severity.ERROR, **attributes: str) -> Verdict:
    view = RecordView(
        resource=ResourceView(),
        body=body,
        level=level,
        attributes={name.replace("_", ".").encode(): value.encode() for name, value in attributes.items()},
        time_unix_nano=1_795_000_000_000_000_000,
    )
    judge = Judge(ScriptedEngine(lambda _: said), ttl_seconds=60)  # type: ignore[arg-type]
    return judge.judge(view, b"\x01" * 8, now=0.0, first_seen=1)


def assert_refused(verdict: Verdict, reason: Reason, level: Severity = Severity.ERROR) -> None:
    assert not verdict.lowers
    assert verdict.lowering_pieces == ()
    assert verdict.reason is reason
    assert not verdict.report.severity.is_less_urgent_than(level)
    assert verdict.report.is_actionable_for_oncall
    assert verdict.report.category is not Category.NOISE


def test_a_proven_lowering_lowers_and_keeps_what_it_rests_on() -> None:
    verdict = verdict_of(BLIP)
    assert verdict.lowers
    assert verdict.reason is None
    assert verdict.report.severity is Severity.WARN
    assert not verdict.report.is_actionable_for_oncall
    assert verdict.lowering_pieces == (b"succeeded",)


def test_a_lowering_that_quotes_nothing_is_refused() -> None:
    assert_refused(verdict_of(dataclasses.replace(BLIP, lowering_quotes=())), Reason.GUARDED)


def test_a_lowering_whose_quote_is_not_in_the_record_is_refused() -> None:
    assert_refused(verdict_of(BLIP, b"connection reset, retry attempt 1 failed"), Reason.GUARDED)


def test_one_missing_quote_of_two_is_enough_to_refuse() -> None:
    said = dataclasses.replace(BLIP, lowering_quotes=(*PROOF, b"nobody noticed it"))
    assert_refused(verdict_of(said), Reason.GUARDED)


def test_a_quote_of_masked_values_alone_proves_nothing() -> None:
    said = dataclasses.replace(BLIP, lowering_quotes=(b"7c2f0b1e-5d2a-4a53-9a1b-0f2f6c9f1a11",))
    assert_refused(verdict_of(said, b"reset 7c2f0b1e-5d2a-4a53-9a1b-0f2f6c9f1a11"), Reason.GUARDED)


def test_a_lowering_under_the_bound_of_confidence_is_refused() -> None:
    for confidence, is_refused in ((MIN_LOWERING_CONFIDENCE - 0.001, True), (MIN_LOWERING_CONFIDENCE, False)):
        report = BLIP.report.model_copy(update={"confidence": confidence})
        verdict = verdict_of(dataclasses.replace(BLIP, report=report))
        assert (verdict.reason is Reason.GUARDED) is is_refused
        assert verdict.lowers is not is_refused


@pytest.mark.parametrize("said", [BLIP, NOISE], ids=["blip", "noise"])
def test_a_record_that_nobody_has_looked_at_whole_is_not_lowered(said: Judgement) -> None:
    fitting = BODY.ljust(MAX_JUDGED_BYTES)

    assert verdict_of(said, fitting).lowers
    assert_refused(verdict_of(said, fitting + b" "), Reason.GUARDED)
    assert verdict_of(said, exception_stacktrace="x" * MAX_JUDGED_BYTES).lowers
    assert_refused(verdict_of(said, exception_stacktrace="x" * (MAX_JUDGED_BYTES + 1)), Reason.GUARDED)


def test_noise_that_no_signature_names_is_refused_and_becomes_something_to_look_at() -> None:
    verdict = verdict_of(dataclasses.replace(NOISE, is_named_noise=False))
    assert_refused(verdict, Reason.GUARDED)
    assert verdict.report.category is Category.CODE_BUG
    assert verdict.report.confidence <= REFUSED_NOISE_CONFIDENCE
    assert "ignore" not in verdict.report.suggested_action


def test_named_noise_lowers_to_debug() -> None:
    verdict = verdict_of(NOISE)
    assert verdict.lowers
    assert verdict.report.severity is Severity.DEBUG


def test_a_record_that_says_fatal_is_protected_before_anything_else() -> None:
    for said in (BLIP, NOISE, dataclasses.replace(BLIP, lowering_quotes=())):
        assert_refused(verdict_of(said, level=Severity.FATAL), Reason.PROTECTED, Severity.FATAL)


@pytest.mark.parametrize(
    ("body", "category"),
    [
        (b"no space left on device; retry attempt 1 succeeded", Category.RESOURCE_EXHAUSTION),
        (b"panic: index out of range; retry attempt 1 succeeded", Category.CODE_BUG),
        (b"page is corrupted, retry attempt 1 succeeded", Category.DATA_QUALITY),
    ],
)
def test_a_protected_condition_is_never_lowered_and_noise_takes_its_category(body: bytes, category: Category) -> None:
    assert_refused(verdict_of(BLIP, body), Reason.PROTECTED)
    verdict = verdict_of(NOISE, body)
    assert_refused(verdict, Reason.PROTECTED)
    assert verdict.report.category is category


def test_a_protected_condition_in_the_exception_message_counts() -> None:
    assert_refused(verdict_of(BLIP, exception_message="No space left on device"), Reason.PROTECTED)


@pytest.mark.parametrize("level", [Severity.INFO, Severity.WARN, Severity.ERROR])
def test_raising_is_free(level: Severity) -> None:
    said = judgement(Category.RESOURCE_EXHAUSTION, Severity.FATAL, confidence=0.0)
    verdict = verdict_of(said, b"no quote of mine", level=level)
    assert verdict.reason is None
    assert verdict.report.severity is Severity.FATAL
    assert verdict.report.is_actionable_for_oncall


def test_the_same_severity_without_a_page_is_a_lowering_too() -> None:
    quiet = judgement(Category.UPSTREAM_OUTAGE, Severity.ERROR, is_actionable=False)
    assert_refused(verdict_of(quiet), Reason.GUARDED)
    assert lowers(quiet.report, Severity.ERROR)
    assert not lowers(quiet.report, Severity.WARN)


def test_a_page_with_less_severity_is_a_lowering_too() -> None:
    verdict = verdict_of(judgement(Category.CODE_BUG, Severity.WARN, is_actionable=True))
    assert_refused(verdict, Reason.GUARDED)


def test_a_refused_lowering_of_a_warning_keeps_the_warning_and_pages_nobody() -> None:
    said = judgement(Category.TRANSIENT_NETWORK, Severity.INFO, is_actionable=False)
    verdict = verdict_of(said, level=Severity.WARN)
    assert verdict.report.severity is Severity.WARN
    assert not verdict.report.is_actionable_for_oncall
    assert verdict.reason is Reason.GUARDED


REPORTS = st.builds(
    lambda category, severity, actionable, confidence: TriageReport(
        category=category,
        severity=Severity.DEBUG if category is Category.NOISE else severity,
        is_actionable_for_oncall=category is not Category.NOISE and (actionable or severity is Severity.FATAL),
        confidence=confidence,
    ),
    st.sampled_from(Category),
    st.sampled_from(Severity),
    st.booleans(),
    st.floats(0, 1),
)


@given(REPORTS, st.sampled_from((None, *Severity)))
def test_what_a_refusal_leaves_lowers_nothing(report: TriageReport, level: Severity | None) -> None:
    left = unlowered(report, level)
    assert not lowers(left, level)
    assert not left.severity.is_less_urgent_than(report.severity)


@given(REPORTS, st.sampled_from((Severity.ERROR, Severity.FATAL)), st.booleans())
def test_without_a_quote_no_report_whatsoever_makes_an_error_less_urgent(
    report: TriageReport, level: Severity, is_named: bool
) -> None:
    said = dataclasses.replace(BLIP, report=report, lowering_quotes=(), is_named_noise=is_named)
    verdict = verdict_of(said, level=level)
    assert verdict.report.is_actionable_for_oncall
    assert not verdict.report.severity.is_less_urgent_than(level)
