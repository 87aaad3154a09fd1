"""``logtriage triage``: judge log lines from a file or standard input, and print the reports."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from logtriage.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from logtriage.cli.input.reading import InputRecord
    from logtriage.config.settings import Settings
    from logtriage.service.single import Single, SingleJudge


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
    from logtriage.cli.input.reading import read_records
    from logtriage.config.load import load_settings
    from logtriage.errors import SettingsError

    try:
        settings = load_settings(args.config, os.environ)
        if args.engine:
            settings = settings.model_validate({**settings.model_dump(), "engine": args.engine})
    except SettingsError as error:
        print(error, file=sys.stderr)
        return ExitCode.USAGE_OR_SETTINGS
    try:
        with _opened(args.file) as stream:
            records = read_records(stream, service_name=args.service)
            if args.show_prompt:
                return _show_prompts(records, settings)
            return asyncio.run(_judge_all(records, settings, as_json=args.json))
    except OSError as error:
        print(f"cannot read `{args.file}`: {error.strerror}", file=sys.stderr)
        return ExitCode.USAGE_OR_SETTINGS


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    if name == "-":
        if sys.stdin.isatty():
            print("reading log lines from the terminal; end with Ctrl-D", file=sys.stderr)
        sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
        yield sys.stdin
        return
    with Path(name).open(encoding="utf-8", errors="surrogateescape") as stream:
        yield stream


def _show_prompts(records: Iterator[InputRecord], settings: Settings) -> int:
    from logtriage.service.single import request_body_of

    code = ExitCode.OK
    for item in records:
        if item.view is None:
            code = _told(item)
            continue
        sys.stdout.buffer.write(request_body_of(settings, item.view, item.context) + b"\n")
    sys.stdout.flush()
    return code


async def _judge_all(records: Iterator[InputRecord], settings: Settings, *, as_json: bool) -> int:
    """Judge in order, several records at a time where a model is asked."""
    from logtriage.service.single import SingleJudge

    code = ExitCode.OK
    async with SingleJudge(settings) as judge:
        waiting: list[tuple[InputRecord, asyncio.Task[Single]]] = []
        for item in records:
            if item.view is None:
                code = _told(item)
                continue
            waiting.append((item, asyncio.create_task(judge.judge(item.view, item.context))))
            if len(waiting) >= judge.max_concurrency:
                await _print(*waiting.pop(0), judge=judge, as_json=as_json)
        for item, task in waiting:
            await _print(item, task, judge=judge, as_json=as_json)
        if not as_json:
            print(judge.summary, file=sys.stderr)
    return code


async def _print(item: InputRecord, task: asyncio.Task[Single], *, judge: SingleJudge, as_json: bool) -> None:
    single = await task
    assert item.view is not None
    if as_json:
        verdict = single.verdict
        line = {
            "id": item.id,
            "report": verdict.report.model_dump(mode="json"),
            "status": single.status.value,
            "engine": verdict.engine.value,
            "reason": single.reason.value if single.reason else None,
            "fingerprint": verdict.fingerprint.hex(),
            "signature": verdict.signature or None,
            "model": verdict.model or None,
            "prompt_version": verdict.prompt_version or None,
        }
        print(json.dumps(line, ensure_ascii=False))
        return
    from rich.console import Console

    from logtriage.cli.report_view import print_report

    note = (
        f"{single.status.value}: {single.reason.value}" if single.status.value == "fallback" and single.reason else ""
    )
    print_report(Console(), f"line {item.where}", item.view, single.verdict, note)


def _told(item: InputRecord) -> ExitCode:
    print(f"line {item.where}: {item.problem}", file=sys.stderr)
    return ExitCode.INPUT_HAD_FAULTS
