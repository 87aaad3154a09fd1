"""What a run says: a table for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.cell import Cell
from bench.limits import ADDED_BUDGETS, Limit
from bench.measure import spread

_COLUMNS = (
    *("errors", "batch", "bytes", "unit µs", "relay µs", "service µs"),
    *("added µs", "added, units", "budget", "records/s"),
)


def print_cells(console: Console, cells: Sequence[Cell], pairs: int) -> None:
    """Print one row a cell."""
    table = Table(title=f"CPU of the process a record: median of {pairs} (least to most)")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    for cell in cells:
        budget = ADDED_BUDGETS.get(cell.error_percent)
        table.add_row(
            f"{cell.error_percent} %",
            f"{cell.batch:,}",
            f"{cell.bytes_a_record:.0f}",
            f"{spread(cell.unit_us).median:.2f}",
            _with_spread(cell.relay_us),
            _with_spread(cell.service_us),
            f"{spread(cell.service_us).median - spread(cell.relay_us).median:.2f}",
            _with_spread(cell.added_units),
            f"{budget.most:g} (goal {budget.goal:g})" if budget else "none",
            f"{spread(cell.records_a_second).median:,.0f}",
        )
    console.print(table)
    console.print(
        "A unit is one full protobuf parse and serialise of the same bytes in the same run. Records/s is wall time of "
        "the service with sender and sink on the same cores."
    )


def print_limits(console: Console, limits: Sequence[Limit]) -> None:
    """Print each measured figure beside the stated one, and what became of its budget."""
    table = Table(title="Stated figures: over three times of one fails the run; a missed budget does not")
    for name in ("what", "measured", "stated", "", "budget and goal"):
        table.add_column(name, justify="right" if name in ("measured", "stated") else "left")
    for limit in limits:
        table.add_row(
            limit.name,
            f"{limit.measured:.2f} {limit.unit}",
            f"{limit.stated:g} {limit.unit}",
            "FAILS" if limit.fails else "holds",
            limit.beside_budget(),
        )
    console.print(table)


def _with_spread(values: Sequence[float]) -> str:
    found = spread(values)
    return f"{found.median:.2f} ({found.least:.2f}-{found.most:.2f})"
