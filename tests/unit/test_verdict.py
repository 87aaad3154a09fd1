"""A verdict: its id and its dates."""

from __future__ import annotations

import dataclasses

import pytest

from logtriage.schema.provenance import EngineName, Reason
from logtriage.schema.severity import Severity
from logtriage.verdicts.verdict import Verdict
from support.scripted_engine import judgement

VERDICT = Verdict(
    fingerprint=b"\x01" * 8,
    report=judgement().report,
    pieces=(),
    lowering_pieces=(),
    lowers=False,
    reason=None,
    engine=EngineName.LOCAL,
    engine_version="1",
    signature="",
    first_seen_unix_nano=1_795_000_000_123_456_789,
    expires_at=1.0,
)


def test_the_same_report_for_the_same_fingerprint_has_the_same_id_whenever_it_was_given() -> None:
    later = dataclasses.replace(VERDICT, first_seen_unix_nano=1, expires_at=9.0)
    assert later.verdict_id == VERDICT.verdict_id
    assert VERDICT.verdict_id.startswith("01" * 8 + "-")


@pytest.mark.parametrize(
    "change",
    [
        {"fingerprint": b"\x02" * 8},
        {"report": judgement(severity=Severity.FATAL).report},
        {"report": judgement(confidence=0.1).report},
        {"engine": EngineName.HUMAN},
        {"engine_version": "2"},
        {"reason": Reason.GUARDED},
    ],
    ids=str,
)
def test_another_report_engine_or_reason_has_another_id(change: dict[str, object]) -> None:
    assert dataclasses.replace(VERDICT, **change).verdict_id != VERDICT.verdict_id  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("nano", "wanted"),
    [
        (0, "1970-01-01T00:00:00.000000Z"),
        (1_795_000_000_123_456_789, "2026-11-18T11:06:40.123456Z"),
        (2**64 - 1, "2554-07-21T23:34:33.709551Z"),
    ],
)
def test_first_seen_is_rfc_3339_to_the_microsecond(nano: int, wanted: str) -> None:
    assert dataclasses.replace(VERDICT, first_seen_unix_nano=nano).first_seen == wanted
