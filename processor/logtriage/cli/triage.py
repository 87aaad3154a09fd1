"""``logtriage triage``: judge log lines from a file or standard input, and print the reports."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from logtriage.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from logtriage.cli.input.input_record import InputRecord
    from logtriage.config.settings import Settings
    from logtriage.service.single import Single


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.description = (
        "Judge log lines: text (the lines of a stack trace are joined), JSON lines (a data set, or as a container logs "
        "them), OTLP JSON. Every record is judged, whatever its severity."
    )
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="a file; `-` or none: standard input")
    parser.add_argument("--engine", choices=("auto", "local", "mimo"), help="who judges; default: the settings' engine")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, for the model and its endpoint")
    parser.add_argument("--service", default="", metavar="NAME", help="service name of records that name none")
    parser.add_argument("--json", action="store_true", help="print one JSON object a record")
    parser.add_argument(
        "--show-prompt",
        action="store_true",
        help="print the exact body of the request that the model would get for each record, and send nothing",
    )


def run_triage(args: argparse.Namespace) -> int:
    """Run the command; give the exit code: 1 if some input could not be read."""
    from logtriage.cli.engine_choice import settings_for
    from logtriage.cli.input.reading import read_records
    from logtriage.cli.input.source import opened
    from logtriage.errors import SettingsError

    try:
        settings = settings_for(args.config, os.environ, engine=args.engine, is_asked=not args.show_prompt)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return ExitCode.USAGE_OR_SETTINGS
    if args.file == "-" and sys.stdin.isatty():
        print("reading log lines from the terminal; end with Ctrl-D", file=sys.stderr)
    faults = _Faults()
    try:
        with opened(args.file) as lines:
            records = faults.told(read_records(lines, service_name=args.service))
            if args.show_prompt:
                _show_prompts(records, settings, faults)
            else:
                _judge(records, settings, as_json=args.json)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        print(f"cannot read `{args.file}`: {error.strerror}", file=sys.stderr)
        return ExitCode.USAGE_OR_SETTINGS
    return ExitCode.INPUT_HAD_FAULTS if faults.number else ExitCode.OK


class _Faults:
    """Tells of records that cannot be used, and counts them."""

    def __init__(self) -> None:
        self.number = 0

    def tell(self, where: int, problem: str) -> None:
        self.number += 1
        print(f"line {where}: {problem}", file=sys.stderr)

    def told(self, records: Iterator[InputRecord]) -> Iterator[InputRecord]:
        """Pass on the records that can be read."""
        for item in records:
            if item.view is None:
                self.tell(item.where, item.problem)
            else:
                yield item


def _show_prompts(records: Iterator[InputRecord], settings: Settings, faults: _Faults) -> None:
    from logtriage.service.shown_prompt import ShownPrompts

    prompts = ShownPrompts(settings)
    for item in records:
        assert item.view is not None
        body = prompts.body_of(item.view, item.context)
        if isinstance(body, bytes):
            sys.stdout.buffer.write(body + b"\n")
        else:
            faults.tell(item.where, body.detail)
    sys.stdout.flush()


def _judge(records: Iterator[InputRecord], settings: Settings, *, as_json: bool) -> None:
    """Judge in order; where a model is asked, several records at a time."""
    from logtriage.service.single import SingleJudge

    judge = SingleJudge(settings)
    show = _show_as_json if as_json else _shows_on_terminal()
    try:
        if judge.asks_a_model:
            import asyncio

            from logtriage.cli.ahead import in_order

            print(f"redacted text of the records goes to {settings.mimo.host}", file=sys.stderr)
            asyncio.run(in_order(records, judge, show))
        else:
            for item in records:
                assert item.view is not None
                show(item, judge.judge_by_local(item.view, item.context))
    finally:
        if not as_json:
            print(judge.summary, file=sys.stderr)


def _show_as_json(item: InputRecord, single: Single) -> None:
    """Print at once: who reads a pipe that stays open sees it, too."""
    print(json.dumps(_as_json(item, single), ensure_ascii=False), flush=True)


def _shows_on_terminal() -> Callable[[InputRecord, Single], None]:
    from rich.console import Console

    from logtriage.cli.report_view import print_report

    console = Console()

    def show(item: InputRecord, single: Single) -> None:
        assert item.view is not None
        print_report(console, f"line {item.where}", item.view, single.verdict, _note(single))
        sys.stdout.flush()

    return show


def _note(single: Single) -> str:
    if single.status.value != "fallback":
        return ""
    reason = single.reason.value if single.reason else ""
    return f"fallback: {reason}" + (f" ({single.detail})" if single.detail else "")


def _as_json(item: InputRecord, single: Single) -> dict[str, object]:
    verdict = single.verdict
    return {
        "id": item.id,
        "line": item.where,
        "report": verdict.report.model_dump(mode="json"),
        "status": single.status.value,
        "engine": verdict.engine.value,
        "reason": single.reason.value if single.reason else None,
        "detail": single.detail or None,
        "fingerprint": verdict.fingerprint.hex(),
        "signature": verdict.signature or None,
        "model": verdict.model or None,
        "prompt_version": verdict.prompt_version or None,
    }
