"""Print a summary for people: rates with their certainty, confusion, calibration, coverage, and what was wrong."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from logtriage.evaluation.shown import SHORT_NAMES, bar_text, interval_text, percent_text, rate_text
from logtriage.schema.category import Category
from logtriage.service.counted import counted

_BAR = 20
_RATES = (
    ("accuracy_strict", "the category is right"),
    ("accuracy_lenient", "the category is acceptable"),
    ("macro_f1", "F1, categories count the same"),
    ("severity_accuracy", "the severity is right"),
    ("actionable_recall", "is actionable, and called so"),
    ("false_page_rate", "called actionable, and is not"),
    ("noise_precision", "is noise of what was called so"),
    ("ece", "gap of confidence and accuracy"),
    ("brier", "squared distance to the truth"),
    ("aurc", "error of the surest"),
    ("evidence_verbatim_rate", "quotes that stand in the record"),
    ("evidence_missing_rate", "no quote of 8 bytes"),
)
_LOWER_IS_BETTER = frozenset(("false_page_rate", "ece", "brier", "aurc", "evidence_missing_rate"))


def print_summary(console: Console, summary: dict[str, Any]) -> None:
    """Print everything that `summary_of` gives."""
    if not summary["n"]:
        console.print("no record was judged")
        return
    console.print(_rates(summary))
    console.print(_confusion(summary))
    console.print(_certainty_note(summary), highlight=False)
    console.print(_reliability(summary))
    console.print(_coverage(summary))
    print_parts(console, summary)
    _print_wrong(console, summary)


def print_parts(console: Console, summary: dict[str, Any]) -> None:
    """Tell apart what the model answered and what it did not."""
    fallback = summary.get("fallback")
    if fallback is None or not fallback["n"]:
        return
    table = _table(f"{counted(fallback['n'], 'record')} the model did not answer")
    table.add_column("")
    for heading in ("n", "strict", "lenient", "recall", "false pages", "ECE"):
        table.add_column(heading, justify="right")
    for name, part in (("by the model", summary["answered"]), ("by local instead", fallback)):
        rates = ("accuracy_strict", "accuracy_lenient", "actionable_recall", "false_page_rate", "ece")
        table.add_row(name, str(part["n"]), *(rate_text(part[rate]) for rate in rates))
    console.print(table)
    for detail, number in fallback["details"].items():
        console.print(Text(f"  {number} × {detail}"))


def _table(title: str, *, is_dense: bool = False) -> Table:
    return Table(
        title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 0 if is_dense else 1, 0, 0)
    )


def _rates(summary: dict[str, Any]) -> Table:
    table = _table(counted(summary["n"], "record"))
    table.add_column("figure")
    table.add_column("", justify="right")
    table.add_column("95 % interval")
    table.add_column("what it says", style="dim")
    for name, meaning in _RATES:
        arrow = " ↓" if name in _LOWER_IS_BETTER else ""
        interval = interval_text(summary["intervals_95"].get(name))
        table.add_row(name + arrow, rate_text(summary[name]), interval, meaning)
    return table


def _confusion(summary: dict[str, Any]) -> Table:
    table = _table("rows: expected, columns: called", is_dense=True)
    table.add_column("", no_wrap=True)
    for category in Category:
        table.add_column(SHORT_NAMES[category], justify="right")
    for heading in ("n", "rec.", "prec."):
        table.add_column(heading, justify="right")
    for expected in Category:
        row = summary["confusion"][expected]
        cells = [_cell(row[called], is_right=called == expected) for called in Category]
        told = summary["per_category"][expected]
        table.add_row(
            str(expected),
            *cells,
            str(told["n"]),
            percent_text(told["recall"]),
            percent_text(told["precision"]),
        )
    return table


def _cell(count: int, *, is_right: bool) -> Text:
    if not count:
        return Text("·", style="dim")
    return Text(str(count), style="bold green" if is_right else "red")


def _certainty_note(summary: dict[str, Any]) -> str:
    numbers = [told["n"] for told in summary["per_category"].values()]
    return (
        f"{min(numbers)} to {max(numbers)} records a category. With 30 a category a recall is known to ±18 points, "
        "with 200 to ±7: a smaller difference between two runs is no difference (`--compare` tests it).\n"
    )


def _reliability(summary: dict[str, Any]) -> Table:
    table = _table(f"reliability: ECE {rate_text(summary['ece'])}")
    table.add_column("confidence")
    for heading in ("n", "mean", "right"):
        table.add_column(heading, justify="right")
    table.add_column("│: where the bar should end", no_wrap=True)
    for each in summary["ece_bins"]:
        span = f"{each['low']:.1f} – {each['high']:.1f}"
        if not each["n"]:
            table.add_row(span, "0", "", "", "")
            continue
        bar = list(bar_text(each["accuracy"], _BAR).ljust(_BAR + 1))
        bar[round(each["confidence"] * _BAR)] = "│"
        table.add_row(
            span, str(each["n"]), rate_text(each["confidence"], 2), rate_text(each["accuracy"], 2), "".join(bar)
        )
    return table


def _coverage(summary: dict[str, Any]) -> Table:
    table = _table(f"the surest first: AURC {rate_text(summary['aurc'])}")
    for heading in ("coverage", "n", "right"):
        table.add_column(heading, justify="right")
    table.add_column("", width=_BAR + 1, no_wrap=True)
    for each in summary["selective_accuracy"]:
        bar = bar_text(each["accuracy"], _BAR)
        table.add_row(f"{each['coverage']:.0%}", str(each["n"]), rate_text(each["accuracy"]), bar)
    return table


def _print_wrong(console: Console, summary: dict[str, Any]) -> None:
    wrong = summary["wrong"]
    if not wrong:
        console.print("no record was judged wrongly")
        return
    hidden = summary["actionable_called_noise"]
    console.print(
        f"{counted(len(wrong), 'record')} judged otherwise than expected, {len(summary['missed_actionable'])} of them "
        f"actionable and missed, {len(hidden)} of those called noise:",
        highlight=False,
    )
    for each in wrong:
        line = Text(f"  line {each['line']:>4}  {each['id']!s:<16} ")
        if each["expected"] == each["called"]:
            line.append(each["called"])
        else:
            line.append(f"{each['expected']} → {each['called']}")
            line.append(" (acceptable)" if each["is_acceptable"] else "", style="dim")
        line.append(f"  {each['confidence']:.2f}", style="dim")
        if each["is_missed"]:
            line.append("  actionable, missed", style="bold red")
        if each["is_false_page"]:
            line.append("  false page", style="yellow")
        line.append(f"  {each['decided_by'] or ''}", style="dim")
        line.append(f" ({each['refused']})" if each["refused"] else "", style="dim")
        console.print(line, soft_wrap=True)
