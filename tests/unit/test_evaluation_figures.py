from __future__ import annotations

import pytest

from logtriage.evaluation.expectation import BadLabelError, Expectation, read_expectation
from logtriage.evaluation.figures import figures_of
from logtriage.evaluation.judged import Judged, quotes_found
from logtriage.evaluation.summary import by_who_answered, summary_of
from logtriage.schema.category import Category
from logtriage.schema.line import view_of_line
from logtriage.schema.provenance import Status
from logtriage.schema.report import TriageReport
from logtriage.schema.severity import Severity

BUG, NOISE, AUTH, DRIFT = Category.CODE_BUG, Category.NOISE, Category.AUTH_AUTHZ, Category.DEPLOYMENT_DRIFT


def judged(
    identity: str,
    expected: Category,
    called: Category,
    *,
    also: tuple[Category, ...] = (),
    should_page: bool | None = True,
    pages: bool = True,
    expected_severity: Severity | None = Severity.ERROR,
    confidence: float = 0.75,
    evidence: tuple[str, ...] = ("eight bytes",),
    found: int = 1,
    status: Status = Status.FRESH,
) -> Judged:
    is_noise = called is NOISE
    return Judged(
        id=identity,
        expect=Expectation(
            category=expected, also_acceptable=frozenset(also), severity=expected_severity, is_actionable=should_page
        ),
        report=TriageReport(
            category=called,
            severity=Severity.DEBUG if is_noise else Severity.ERROR,
            confidence=confidence,
            evidence=evidence,
            is_actionable_for_oncall=pages and not is_noise,
        ),
        quotes_found=found,
        status=status,
        detail="no answer" if status is Status.FALLBACK else "",
    )


RECORDS = [
    judged("right", BUG, BUG, confidence=0.95),
    judged("missed", BUG, BUG, pages=False, confidence=0.55),
    judged("as good", BUG, AUTH, also=(AUTH,), confidence=0.55),
    judged("wrong", NOISE, AUTH, should_page=False, expected_severity=Severity.DEBUG, confidence=0.15),
    judged("quiet", NOISE, NOISE, should_page=False, expected_severity=Severity.DEBUG, evidence=("short",)),
    judged("hidden", DRIFT, NOISE, evidence=(), found=0, confidence=1.0),
]


def test_every_figure_is_what_the_data_set_format_says() -> None:
    figures = figures_of(RECORDS)

    assert figures["n"] == 6
    assert figures["accuracy_strict"] == 0.5
    assert figures["accuracy_lenient"] == 0.6667
    assert figures["severity_accuracy"] == round(4 / 6, 4)
    assert figures["actionable_recall"] == 0.5
    assert figures["false_page_rate"] == 0.5
    assert figures["noise_precision"] == 0.5
    assert figures["evidence_verbatim_rate"] == 1.0
    assert figures["evidence_missing_rate"] == round(2 / 6, 4)
    assert figures["confusion"]["code_bug"]["auth_authz"] == 1
    assert sum(count for row in figures["confusion"].values() for count in row.values()) == 6


def test_a_category_has_precision_of_what_was_called_and_recall_of_what_was_expected() -> None:
    per_category = figures_of(RECORDS)["per_category"]

    assert per_category["code_bug"] == {"precision": 1.0, "recall": 0.6667, "n": 3}
    assert per_category["noise"] == {"precision": 0.5, "recall": 0.5, "n": 2}
    assert per_category["auth_authz"] == {"precision": 0.0, "recall": None, "n": 0}
    assert per_category["config_error"] == {"precision": None, "recall": None, "n": 0}
    assert len(per_category) == 9


def test_macro_f1_counts_a_category_that_was_only_called_as_zero() -> None:
    f1 = {"code_bug": 0.8, "noise": 0.5, "auth_authz": 0.0, "deployment_drift": 0.0}

    assert figures_of(RECORDS)["macro_f1"] == round(sum(f1.values()) / 4, 4)


def test_ece_weights_the_gap_of_each_bin_by_its_records() -> None:
    figures = figures_of(RECORDS)

    gaps = [0.15 * 1, abs(0.55 - 0.5) * 2, abs(0.75 - 1.0) * 1, abs((0.95 + 1.0) / 2 - 0.5) * 2]
    assert figures["ece"] == pytest.approx(sum(gaps) / 6, abs=1e-4)
    assert [each["n"] for each in figures["ece_bins"]] == [0, 1, 0, 0, 0, 2, 0, 1, 0, 2]
    assert figures["ece_bins"][5] == {"low": 0.5, "high": 0.6, "n": 2, "confidence": 0.55, "accuracy": 0.5}
    assert figures["ece_bins"][0] == {"low": 0.0, "high": 0.1, "n": 0, "confidence": None, "accuracy": None}


def test_nothing_judged_leaves_every_rate_empty() -> None:
    figures = figures_of([])

    rates = {
        name: value for name, value in figures.items() if name not in ("n", "per_category", "confusion", "ece_bins")
    }
    assert figures["n"] == 0
    assert set(rates.values()) == {None}


def test_a_label_without_severity_or_paging_counts_in_neither_rate() -> None:
    figures = figures_of([judged("a", BUG, BUG, should_page=None, expected_severity=None)])

    assert figures["severity_accuracy"] is None
    assert figures["actionable_recall"] is None
    assert figures["false_page_rate"] is None
    assert figures["accuracy_strict"] == 1.0


def test_the_summary_names_the_records_that_were_wrong() -> None:
    summary = summary_of(RECORDS)

    assert summary["wrong_strict"] == ["as good", "wrong", "hidden"]
    assert summary["wrong_lenient"] == ["wrong", "hidden"]
    assert summary["missed_actionable"] == ["missed", "hidden"]
    assert summary["false_pages"] == ["wrong"]
    assert summary["actionable_called_noise"] == ["hidden"]
    assert [each["id"] for each in summary["wrong"]] == ["missed", "as good", "wrong", "hidden"]


def test_what_the_model_did_not_answer_is_counted_apart() -> None:
    records = [
        judged("asked", BUG, BUG),
        judged("unanswered", BUG, AUTH, status=Status.FALLBACK),
    ]

    parts = by_who_answered(records)

    assert (parts["answered"]["n"], parts["answered"]["accuracy_strict"]) == (1, 1.0)
    assert (parts["fallback"]["n"], parts["fallback"]["accuracy_strict"]) == (1, 0.0)
    assert parts["fallback"]["details"] == {"no answer": 1}
    assert parts["fallback"]["ids"] == ["unanswered"]


def test_a_quote_counts_as_found_in_the_body_or_in_one_attribute_value() -> None:
    record = view_of_line("pump stopped", attributes={"cause": "valve shut"})
    report = judged("a", BUG, BUG, evidence=("pump stopped", "valve shut", "stopped valve")).report

    assert quotes_found(report, record) == 2


@pytest.mark.parametrize(
    ("label", "problem"),
    [
        (None, "`expect` is missing"),
        ([], "`expect` should be an object"),
        ({}, "`expect.category` is missing"),
        ({"category": "bug"}, "`expect.category`: 'bug' is none of the nine categories"),
        ({"category": ["noise"]}, "is none of the nine categories"),
        ({"category": "noise", "also_acceptable": ["bug"]}, "`expect.also_acceptable`: 'bug'"),
        ({"category": "noise", "also_acceptable": "noise"}, "`expect.also_acceptable` should be a list"),
        ({"category": "noise", "severity": "LOUD"}, "`expect.severity`: 'LOUD'"),
        ({"category": "noise", "is_actionable_for_oncall": "no"}, "should be true or false"),
    ],
)
def test_a_label_that_no_report_could_have_is_named(label: object, problem: str) -> None:
    with pytest.raises(BadLabelError, match=problem.replace("[", r"\[")):
        read_expectation(label)


def test_a_whole_label_is_read() -> None:
    label = read_expectation(
        {
            "category": "noise",
            "also_acceptable": ["transient_network"],
            "severity": "DEBUG",
            "is_actionable_for_oncall": False,
        }
    )

    assert label.accepts(Category.TRANSIENT_NETWORK)
    assert not label.accepts(BUG)
    assert (label.severity, label.is_actionable) == (Severity.DEBUG, False)
