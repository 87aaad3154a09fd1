"""``logtriage fingerprint --report FILE``: tell the groups, what varies in them, and which ones to look at."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from rich.console import Console
from rich.text import Text

from logtriage.cli.input.checked_record import Unusable, read_named
from logtriage.cli.one_line import one_line
from logtriage.evaluation.group_report import report_of
from logtriage.evaluation.groups import groups_of
from logtriage.evaluation.shown import percent_text, rate_text
from logtriage.schema.record import RecordView
from logtriage.service.counted import counted

_SHOWN_GROUPS = 40
_SHOWN_CANDIDATES = 20
_SHOWN_TOKENS = 8
_WIDTH = 400


def print_groups(lines: Iterable[str], report: Callable[[int, str], None], *, name: str, as_json: bool) -> None:
    """Read all records and print the report; what cannot be used is told to ``report``."""

    def records() -> Iterator[tuple[Any, RecordView]]:
        for item in read_named(lines, name=name):
            if isinstance(item, Unusable):
                report(item.where, item.problem)
            else:
                yield item.id, item.view

    told = report_of(groups_of(records()))
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return
    _print(Console(), told)
    sys.stdout.flush()


def _print(console: Console, told: dict[str, Any]) -> None:
    def line(text: str, style: str = "") -> None:
        console.print(Text(one_line(text[:_WIDTH]), style=style), soft_wrap=True)

    line(
        f"{counted(told['records'], 'record')} in {counted(told['groups'], 'group')}: "
        f"{rate_text(told['groups_per_record'])} groups a record, {told['singles']} of one record; "
        f"{percent_text(told['exact_duplicate_share'])} of the records are exact repeats",
        "bold",
    )
    for group in told["by_size"][:_SHOWN_GROUPS]:
        line("")
        line(f"{group['size']:>6}  {percent_text(group['share']):>4}  {group['fingerprint']}", "bold")
        for part, masked in group["masked"].items():
            line(f"        {part}: {masked}", "" if part == "body" else "dim")
        for place in group["varies"]:
            samples = ", ".join(sample[:60] for sample in place["samples"])
            line(
                f"        {place['part']}, placeholder {place['placeholder']} ({place['mask']}): "
                f"{place['distinct']} values: {samples}",
                "cyan",
            )
    _tell_rest(line, len(told["by_size"]) - _SHOWN_GROUPS, "group")
    line("")
    line(f"may have to be split: {counted(len(told['split_candidates']), 'group')}", "bold")
    for candidate in told["split_candidates"][:_SHOWN_CANDIDATES]:
        for sign in candidate["signs"]:
            line(f"  {candidate['fingerprint']}  {sign}")
    _tell_rest(line, len(told["split_candidates"]) - _SHOWN_CANDIDATES, "group")
    line("")
    line(f"may have to be merged, as one token differs: {counted(len(told['merge_candidates']), 'set')}", "bold")
    for candidate in told["merge_candidates"][:_SHOWN_CANDIDATES]:
        tokens = ", ".join(candidate["tokens"][:_SHOWN_TOKENS])
        line(f"  {len(candidate['tokens'])} groups, {candidate['part']}: {candidate['masked']}")
        line(f"        {tokens}", "cyan")
    _tell_rest(line, len(told["merge_candidates"]) - _SHOWN_CANDIDATES, "set")


def _tell_rest(line: Callable[[str, str], None], rest: int, thing: str) -> None:
    if rest > 0:
        line(f"  … and {counted(rest, thing)} more (all with --json)", "dim")
