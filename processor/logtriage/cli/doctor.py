"""``logtriage doctor``: check settings, machine, downstream and model, and say what to do."""

from __future__ import annotations

import argparse
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from logtriage.cli.exit_codes import ExitCode
from logtriage.service.counted import counted

if TYPE_CHECKING:
    from rich.console import Console

    from logtriage.service.finding import Finding

_LOOKS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "fault": ("✗", "bold red"), "skipped": ("-", "dim")}
_NAME_WIDTH = 18


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.description = (
        "Check the settings, the state folder and its disk, the addresses to listen on, downstream, and the model: "
        "key, endpoint, model id, JSON mode, thinking switch, clock. The model is asked twice about a made-up record, "
        "which costs less than a cent; nothing of a log is sent. Exit code 0 if there is no fault, 1 otherwise."
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings; without it the built-in defaults")
    parser.add_argument("--json", action="store_true", help="print one JSON object, for scripts")
    parser.add_argument("--offline", action="store_true", help="check only what is on this machine; nothing is sent")


def run_doctor(args: argparse.Namespace) -> int:
    """Run the checks, print each as it is done; give the exit code."""
    import asyncio

    findings = asyncio.run(_examine(args))
    if args.json:
        _print_json(findings)
    else:
        _print_summary(findings)
    return ExitCode.INPUT_HAD_FAULTS if _count(findings, "fault") else ExitCode.OK


async def _examine(args: argparse.Namespace) -> list[Finding]:
    from logtriage.service.doctor import examine

    findings: list[Finding] = []
    console = None if args.json else _console()
    async for finding in examine(args.config, os.environ, is_offline=args.offline):
        findings.append(finding)
        if console is not None:
            _print(console, finding)
    return findings


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def _print(console: Console, finding: Finding) -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    mark, style = _LOOKS[finding.state.value]
    row = Table.grid(padding=(0, 1))
    row.add_column(width=1)
    row.add_column(width=_NAME_WIDTH)
    row.add_column(width=7)
    row.add_column(overflow="fold")
    row.add_row(Text(mark, style), finding.check, Text(finding.state.value, style), Text(finding.found))
    console.print(row)
    if finding.advice:
        indent = 1 + _NAME_WIDTH + 7 + 3
        console.print(Padding(Text(f"→ {finding.advice}", style="italic"), (0, 0, 0, indent)))


def _print_summary(findings: list[Finding]) -> None:
    from rich.text import Text

    faults, warnings = _count(findings, "fault"), _count(findings, "warning")
    told = Text(f"{counted(faults, 'fault')}, {counted(warnings, 'warning')}", "bold")
    _console().print(told)


def _print_json(findings: list[Finding]) -> None:
    document = {
        "checks": [asdict(finding) for finding in findings],
        "faults": _count(findings, "fault"),
        "warnings": _count(findings, "warning"),
        "cost_usd": sum(finding.cost_usd for finding in findings),
    }
    print(json.dumps(document, ensure_ascii=False, indent=2))


def _count(findings: list[Finding], state: str) -> int:
    return sum(finding.state.value == state for finding in findings)
