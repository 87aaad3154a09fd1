"""A run fails by what is stated, tells of budgets, and states what docs/performance.md does."""

from __future__ import annotations

from pathlib import Path

from bench.limits import (
    ADDED_UNITS,
    NEVER_SEEN_MEAN_MS,
    NEVER_SEEN_P99_MS,
    RSS_MIB,
    START_CPU_SECONDS,
    Budget,
    Limit,
)
from bench.load import BATCH_SIZES, ERROR_PERCENTS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "performance.md").read_text(encoding="utf-8")


def limit(measured: float, *, stated: float = 5.0, budget: Budget | None = None) -> Limit:
    return Limit("added", "units", stated, measured, budget)


def rows() -> list[list[str]]:
    """Give the cells of each row of each table of the page."""
    return [
        [cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ")
    ]


def test_a_figure_just_over_what_is_stated_fails_no_run() -> None:
    assert not limit(14.9).fails


def test_a_figure_over_three_times_what_is_stated_fails_the_run() -> None:
    assert limit(15.1).fails


def test_a_missed_budget_is_told_and_fails_no_run() -> None:
    missed = limit(5.4, budget=Budget(1.0, 0.5))

    assert missed.misses_budget
    assert not missed.fails
    assert missed.beside_budget() == "budget 1 missed by 5.4 times; goal 0.5 missed by 10.8 times"


def test_a_budget_that_is_met_with_its_goal_missed_says_both() -> None:
    assert limit(0.8, budget=Budget(1.0, 0.5)).beside_budget() == "budget 1 met; goal 0.5 missed by 1.6 times"


def test_every_cell_of_the_bench_has_a_stated_figure() -> None:
    assert set(ADDED_UNITS) == {(percent, batch) for percent in ERROR_PERCENTS for batch in BATCH_SIZES}


def test_what_is_stated_stands_in_the_page() -> None:
    added = {
        (int(row[0].removesuffix(" %")), int(row[1].replace(",", ""))): float(row[6].split(" ")[0])
        for row in rows()
        if row[0].endswith(" %")
    }
    others = {row[0]: float(row[1].split(" ")[0]) for row in rows() if len(row) == 3 and row[1][:1].isdigit()}

    assert added == ADDED_UNITS
    assert others["never-seen fingerprint, mean"] == NEVER_SEEN_MEAN_MS
    assert others["never-seen fingerprint, 99th percentile"] == NEVER_SEEN_P99_MS
    assert others["start to serving, CPU"] == START_CPU_SECONDS
    assert others["peak RSS of the service"] == RSS_MIB
