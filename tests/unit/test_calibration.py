"""The confidence of the embedded engine: honest, monotone, and enough for what a name lowers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from logtriage.engines.local.calibration import BLIND, Calibration, load_calibration
from logtriage.engines.local.engine import LOCAL_VERSION, LocalEngine
from logtriage.engines.local.finding import Finding, Source
from logtriage.engines.local.signature import Signature
from logtriage.engines.local.signatures import SIGNATURES
from logtriage.schema.category import Category
from logtriage.schema.record import RecordView, ResourceView
from logtriage.schema.severity import Severity
from logtriage.triage.policy import MIN_LOWERING_CONFIDENCE
from support.tables import each_row

CALIBRATION = load_calibration()
FINDING = Finding(
    name="shop.till_jammed",
    category=Category.CODE_BUG,
    severity=Severity.ERROR,
    is_actionable=True,
    confidence=0.8,
    action="Look.",
    steps=("Seen.",),
    source=Source.SPECIFIC,
)


@pytest.mark.parametrize("source", [source for source in Source if source not in BLIND])
def test_of_two_findings_of_one_source_the_surer_one_stays_the_surer(source: Source) -> None:
    told = [CALIBRATION.confidence_of(replace(FINDING, source=source, confidence=raw / 100)) for raw in range(1, 100)]

    assert told == sorted(told)
    assert told[0] < told[-1]


@pytest.mark.parametrize("raw", [0.0, 1.0])
def test_no_finding_is_impossible_or_certain(raw: float) -> None:
    assert 0 < CALIBRATION.confidence_of(replace(FINDING, confidence=raw)) < 1


def test_what_nothing_names_keeps_the_little_confidence_of_a_blind_run() -> None:
    finding = replace(FINDING, name="", source=Source.UNKNOWN, confidence=0.25)

    assert CALIBRATION.confidence_of(finding) == 0.25


def test_a_source_too_rare_to_be_fitted_is_judged_as_the_mean() -> None:
    calibration = Calibration(slope=1.0, offsets={"other": 0.0})

    assert calibration.confidence_of(FINDING) == 0.8


@each_row(
    "signature",
    [signature for signature in SIGNATURES if signature.category is Category.NOISE],
)
def test_a_named_harmless_condition_is_sure_enough_to_lower(signature: Signature) -> None:
    finding = replace(FINDING, category=Category.NOISE, is_named_noise=True, confidence=signature.confidence)

    assert CALIBRATION.confidence_of(finding) >= MIN_LOWERING_CONFIDENCE


def test_the_report_carries_the_calibrated_confidence() -> None:
    body = b"dial tcp 10.0.0.7:5432: connect: connection refused"
    judgement = LocalEngine().judge(RecordView(resource=ResourceView(), body=body, level=Severity.ERROR))
    raw = next(row.confidence for row in SIGNATURES if row.name == judgement.signature)
    finding = replace(FINDING, source=Source.CAUSE, confidence=raw)

    assert judgement.report.confidence == CALIBRATION.confidence_of(finding)
    assert judgement.engine_version == LOCAL_VERSION
