from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from logtriage.evaluation.comparison import compare
from logtriage.evaluation.comparison_view import print_comparison
from logtriage.evaluation.expectation import Expectation
from logtriage.evaluation.predictions import BadPredictionError, read_predictions, write_prediction
from logtriage.evaluation.sign_test import sign_test
from logtriage.schema.category import Category
from logtriage.schema.report import TriageReport
from logtriage.schema.severity import Severity

BUG, AUTH, DRIFT = Category.CODE_BUG, Category.AUTH_AUTHZ, Category.DEPLOYMENT_DRIFT


def report(category: Category, *, pages: bool = True, severity: Severity = Severity.ERROR) -> TriageReport:
    return TriageReport(category=category, severity=severity, confidence=0.5, is_actionable_for_oncall=pages)


A = {
    "same": report(BUG),
    "fixed": report(AUTH),
    "broken": report(BUG),
    "both wrong": report(AUTH),
    "quieter": report(BUG),
    "milder": report(BUG),
    "gone": report(BUG),
}
B = {
    "same": report(BUG),
    "fixed": report(BUG),
    "broken": report(AUTH),
    "both wrong": report(DRIFT),
    "quieter": report(BUG, pages=False),
    "milder": report(BUG, severity=Severity.WARN),
    "new": report(BUG),
}
LABELS = {name: Expectation(category=BUG, is_actionable=True) for name in A if name != "milder"}


def test_each_change_is_told_with_its_way() -> None:
    told = compare(A, B, LABELS)

    ways = {each["id"]: each.get("way") for each in told["changed"]}
    assert ways == {
        "fixed": "fixed",
        "broken": "broken",
        "both wrong": "both_wrong",
        "quieter": "both_right",
        "milder": None,
    }
    assert (told["n"], told["unchanged"]) == (6, 1)
    assert (told["only_in_a"], told["only_in_b"]) == (["gone"], ["new"])
    assert told["category_changed"] == ["fixed", "broken", "both wrong"]
    assert told["severity_changed"] == ["milder"]
    assert (told["actionable_lost"], told["actionable_gained"]) == (["quieter"], [])


def test_labels_tell_how_many_were_fixed_and_broken() -> None:
    labelled = compare(A, B, LABELS)["labelled"]

    assert (labelled["n"], labelled["without_label"]) == (5, 1)
    assert (labelled["fixed"], labelled["broken"]) == (["fixed"], ["broken"])
    assert (labelled["both_right"], labelled["both_wrong"]) == (2, 1)
    assert labelled["accuracy_strict"] == [0.6, 0.6]
    assert labelled["paging_broken"] == ["quieter"]
    assert labelled["sign_test_p"] == 1.0


def test_without_labels_only_what_changed_is_told() -> None:
    told = compare(A, B)

    assert "labelled" not in told
    assert all("way" not in each for each in told["changed"])


def test_a_run_against_itself_has_no_change() -> None:
    told = compare(A, A, LABELS)

    assert told["changed"] == []
    assert told["labelled"]["sign_test_p"] == 1.0


@pytest.mark.parametrize(
    ("fixed", "broken", "p"), [(0, 0, 1.0), (1, 0, 1.0), (5, 0, 0.0625), (6, 0, 0.03125), (8, 2, 0.109375), (3, 3, 1.0)]
)
def test_the_sign_test_is_exact(fixed: int, broken: int, p: float) -> None:
    assert sign_test(fixed, broken) == sign_test(broken, fixed) == p


def test_people_see_the_way_of_every_change_and_whether_it_may_be_chance() -> None:
    console = Console(width=200, file=io.StringIO())
    print_comparison(console, compare(A, B, LABELS), "[a].jsonl", "b.jsonl")

    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "[a].jsonl" in text
    for words in (
        "6 records in both, 5 changed",
        "1 fixed, 1 broken",
        "chance alone may do that",
        "auth_authz → code_bug (expected code_bug)",
        "page → quiet",
        "ERROR → WARN",
    ):
        assert words in text


def test_predictions_are_read_as_they_were_written() -> None:
    file = io.StringIO()
    written = {7: report(BUG), "caf\u00e9": report(AUTH, pages=False, severity=Severity.WARN)}
    for identity, each in written.items():
        write_prediction(file, identity, each)

    assert read_predictions(file.getvalue().splitlines()) == written


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 2: is no JSON"),
        ("[]", 'line 2: should be {"id", "report"}'),
        ('{"report": {}}', 'line 2: should be {"id", "report"}'),
        ('{"id": "x"}', "line 2: `report`: "),
        ('{"id": "x", "report": {"category": "bug"}}', "line 2: `report.category`: "),
        (json.dumps({"id": "a", "report": report(BUG).model_dump(mode="json")}), "the id 'a' was there before"),
    ],
)
def test_a_line_that_is_no_prediction_is_named(line: str, problem: str) -> None:
    first = json.dumps({"id": "a", "report": report(BUG).model_dump(mode="json")})

    with pytest.raises(BadPredictionError) as caught:
        read_predictions([first, line])

    assert problem in str(caught.value)
