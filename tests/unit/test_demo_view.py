from __future__ import annotations

from rich.console import Console

from logtriage.demo.capture import CapturedRecord
from logtriage.demo.stage import TriagedRecord
from logtriage.demo.view import show
from logtriage.schema.category import Category


def triaged(
    at: int, *, number: int, category: Category = Category.CODE_BUG, is_actionable: bool = True
) -> TriagedRecord:
    return TriagedRecord(
        captured=CapturedRecord(
            id=f"made-{at}",
            program="made",
            severity_text="ERROR" if number else "",
            severity_number=number,
            body=f"record {at}",
            resource={"service.name": "checkout"},
            attributes={},
        ),
        severity_text="ERROR",
        severity_number=17,
        triage={
            "status": "fresh",
            "fingerprint": f"{at:016x}",
            "category": str(category),
            "severity": "ERROR",
            "confidence": 0.85,
            "is_actionable_for_oncall": is_actionable,
            "evidence": [f"record {at}"],
        },
    )


def shown(records: list[TriagedRecord], width: int) -> str:
    console = Console(width=width, force_terminal=False)
    with console.capture() as capture:
        show(records, console, limit=None, seconds=1.0)
    return capture.get()


def test_a_rule_on_the_level_gets_no_credit_for_records_without_one() -> None:
    text = shown([triaged(1, number=17), triaged(2, number=17, is_actionable=False), triaged(3, number=0)], width=80)

    assert "a rule on level ≥ ERROR                         2 records of 1 services" in text
    assert "a rule on logtriage.is_actionable_for_oncall    2 records of 1 services" in text
    assert "no level of their own, so no rule on it finds them: 1 records" in text


def test_at_eighty_columns_no_category_is_cut_and_a_verdict_stands_on_one_line() -> None:
    records = [triaged(at, number=17, category=category) for at, category in enumerate(Category)]

    lines = shown(records, width=80).splitlines()

    for category in Category:
        assert any(line.startswith(f"{category} ") for line in lines)
        assert any(f"ERROR {category} ● page 0.85" in line for line in lines)
