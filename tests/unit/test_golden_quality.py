"""What the embedded engine reaches on the golden set, after the policy. `logtriage eval` prints the same figures."""

from __future__ import annotations

from functools import cache
from typing import Any

from logtriage.config.settings import Settings
from logtriage.evaluation.judging import Run
from logtriage.evaluation.summary import summary_of
from logtriage.service.single import SingleJudge
from support.golden import golden_set


@cache
def summary() -> dict[str, Any]:
    run = Run([golden.record for golden in golden_set()], tell=lambda done: None)
    run.by_local(SingleJudge(Settings(engine="local")))
    assert not run.failed
    return summary_of(run.judged)


def test_the_category_is_right_in_eighty_five_of_a_hundred_golden_records() -> None:
    assert summary()["accuracy_strict"] >= 0.85
    assert summary()["macro_f1"] >= 0.80


def test_nine_of_ten_actionable_golden_records_are_called_so() -> None:
    assert summary()["actionable_recall"] >= 0.90


def test_less_than_three_of_ten_other_golden_records_page() -> None:
    assert summary()["false_page_rate"] <= 0.30


def test_what_is_called_noise_is_noise_in_nine_of_ten_golden_records() -> None:
    assert summary()["noise_precision"] >= 0.90


def test_the_confidence_on_the_golden_set_is_off_by_five_hundredths_at_most() -> None:
    assert summary()["ece"] <= 0.05
