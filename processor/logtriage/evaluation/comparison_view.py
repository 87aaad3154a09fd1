"""Print a comparison of two runs for people."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from logtriage.evaluation.shown import rate_text
from logtriage.service.counted import counted

CHANCE = 0.05
_STYLES = {"fixed": "green", "broken": "bold red", "both_wrong": "yellow", "both_right": ""}
_WORDS = {
    "fixed": "fixed",
    "broken": "broken",
    "both_wrong": "both wrong",
    "both_right": "both right",
}


def print_comparison(console: Console, told: dict[str, Any], first: str, second: str) -> None:
    """Print what `compare` gives. ``first`` and ``second`` are the files' names."""
    console.print(f"A: {first}\nB: {second}", highlight=False, markup=False)
    console.print(f"{counted(told['n'], 'record')} in both, {len(told['changed'])} changed", highlight=False)
    for name, where in (("only_in_a", "A"), ("only_in_b", "B")):
        if told[name]:
            console.print(f"{counted(len(told[name]), 'record')} only in {where}", highlight=False)
    labelled = told.get("labelled")
    if labelled is not None and labelled["n"]:
        console.print(_judgement_of(labelled), highlight=False, soft_wrap=True)
    for each in told["changed"]:
        console.print(_line(each), soft_wrap=True)


def _judgement_of(labelled: dict[str, Any]) -> str:
    before, after = labelled["accuracy_strict"]
    p = labelled["sign_test_p"]
    verdict = "chance alone may do that" if p > CHANCE else "more than chance"
    return (
        f"strict accuracy {rate_text(before)} → {rate_text(after)}: {len(labelled['fixed'])} fixed, "
        f"{len(labelled['broken'])} broken (exact sign test p = {p:.3g}: {verdict})\n"
        f"paging: {len(labelled['paging_fixed'])} fixed, {len(labelled['paging_broken'])} broken"
    )


def _line(each: dict[str, Any]) -> Text:
    way = each.get("way", "")
    line = Text(f"  {_WORDS.get(way, ''):<10}  ", style=_STYLES.get(way, ""))
    line.append(f"{each['id']!s:<16} ")
    line.append(_turned(each["category"]))
    if "expected" in each and way != "both_right":
        line.append(f" (expected {each['expected']})", style="dim")
    if each["severity"][0] != each["severity"][1]:
        line.append(f"  {_turned(each['severity'])}")
    if each["is_actionable"][0] != each["is_actionable"][1]:
        words = _turned(["page" if is_so else "quiet" for is_so in each["is_actionable"]])
        line.append(f"  {words}", style={"fixed": "green", "broken": "bold red"}.get(each.get("paging") or "", ""))
    return line


def _turned(pair: list[str]) -> str:
    return pair[0] if pair[0] == pair[1] else f"{pair[0]} → {pair[1]}"
