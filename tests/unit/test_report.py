"""The report holds its invariants, whoever builds it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from logtriage.schema.category import Category
from logtriage.schema.report import TriageReport
from logtriage.schema.severity import Severity

GOOD: dict[str, Any] = {
    "category": "code_bug",
    "severity": "ERROR",
    "confidence": 0.5,
    "is_actionable_for_oncall": True,
}


def test_a_report_reads_plain_values() -> None:
    report = TriageReport.model_validate(GOOD)
    assert report.category is Category.CODE_BUG
    assert report.severity is Severity.ERROR
    assert report.evidence == ()


@pytest.mark.parametrize(
    "fault",
    [
        {"category": "noise"},
        {"category": "noise", "severity": "DEBUG"},
        {"category": "noise", "severity": "INFO", "is_actionable_for_oncall": False},
        {"severity": "FATAL", "is_actionable_for_oncall": False},
        {"category": "hardware"},
        {"severity": "TRACE"},
        {"severity": "error"},
        {"confidence": 1.01},
        {"confidence": -0.01},
        {"confidence": float("nan")},
        {"confidence": float("inf")},
        {"evidence": ["x" * 301]},
        {"evidence": [""]},
        {"evidence": ["a"] * 6},
        {"reasoning_trace": "x" * 2001},
        {"suggested_action": "x" * 301},
        {"is_actionable_for_oncall": None},
        {"colour": "red"},
    ],
    ids=str,
)
def test_a_report_outside_its_bounds_is_refused(fault: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        TriageReport.model_validate({**GOOD, **fault})


def test_the_bounds_themselves_are_allowed() -> None:
    TriageReport.model_validate(
        {
            **GOOD,
            "evidence": ["x" * 300] * 5,
            "reasoning_trace": "x" * 2000,
            "suggested_action": "x" * 300,
            "confidence": 1.0,
        }
    )


def test_a_report_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        TriageReport.model_validate(GOOD).confidence = 1.0  # type: ignore[misc]
