from __future__ import annotations

from logtriage.evaluation.calibration import bins_of, brier_score, expected_calibration_error
from logtriage.evaluation.intervals import wilson, worst_half_width
from logtriage.evaluation.selective import accuracy_at, area_under_risk_coverage


def test_wilson_gives_the_interval_of_the_textbook() -> None:
    """Ten of ten: the lower bound is n / (n + z²)."""
    assert wilson(10, 10) == (0.7225, 1.0)
    assert wilson(0, 10) == (0.0, 0.2775)
    assert wilson(5, 10) == (0.2366, 0.7634)


def test_nothing_has_no_interval() -> None:
    assert wilson(0, 0) is None
    assert worst_half_width(0) is None


def test_thirty_records_tell_a_rate_to_eighteen_points_and_two_hundred_to_seven() -> None:
    assert worst_half_width(30) == 0.18
    assert worst_half_width(200) == 0.07


def test_a_confidence_on_the_edge_belongs_to_the_upper_bin_and_one_to_the_last() -> None:
    bins = bins_of([(0.0, True), (0.1, True), (0.3, True), (0.7, True), (1.0, True)])

    assert [each.n for each in bins] == [1, 1, 0, 1, 0, 0, 0, 1, 0, 1]


def test_confidence_that_is_as_often_right_as_it_says_has_no_error() -> None:
    hits = [(0.75, True), (0.75, True), (0.75, True), (0.75, False)]

    assert expected_calibration_error(bins_of(hits)) == 0.0
    assert brier_score(hits) == 0.1875


def test_accuracy_grows_where_the_surest_are_right() -> None:
    hits = [(0.9, True), (0.8, True), (0.7, False), (0.6, True), (0.5, False)]

    by_coverage = {each["coverage"]: (each["n"], each["accuracy"]) for each in accuracy_at(hits)}

    assert by_coverage == {
        0.2: (1, 1.0),
        0.4: (2, 1.0),
        0.6: (3, 0.6667),
        0.8: (4, 0.75),
        0.9: (4, 0.75),
        1.0: (5, 0.6),
    }


def test_equal_confidence_tells_nothing_whatever_the_order_of_the_file() -> None:
    hits = [(0.5, True), (0.5, True), (0.5, False), (0.5, False)]

    assert area_under_risk_coverage(hits) == area_under_risk_coverage(hits[::-1]) == 0.5
    assert {each["accuracy"] for each in accuracy_at(hits)} == {0.5}


def test_the_area_is_the_mean_error_over_all_coverages() -> None:
    assert area_under_risk_coverage([(0.9, True), (0.8, False)]) == 0.25
    assert area_under_risk_coverage([(0.9, False), (0.8, True)]) == 0.75
    assert area_under_risk_coverage([]) is None
