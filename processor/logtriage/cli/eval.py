"""``logtriage eval``: judge labelled records by an engine and tell how good it is; compare two runs."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from logtriage.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from logtriage.config.settings import Settings
    from logtriage.evaluation.judging import Run
    from logtriage.evaluation.labelled_record import LabelledRecord
    from logtriage.service.single import SingleJudge

_INTERRUPTED = 130


class _UsageError(Exception):
    """The command cannot be run as given; says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.description = (
        "Judge labelled records (data set format, one JSON object a line) as a user would get them, and tell how good "
        "the engine is. Every record is judged, whatever its severity, with the lines around it. Lines that cannot be "
        "used are told with their number, the others go on, and the exit code is 1."
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="the data set; `-`: standard input")
    parser.add_argument("--engine", choices=("auto", "local", "mimo"), help="who judges; default: the settings' engine")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, for the model and its endpoint")
    parser.add_argument("--json", action="store_true", help="print one JSON object, for scripts")
    parser.add_argument("--predictions", metavar="OUT", help='write the reports there: {"id", "report"} a line')


def run_eval(args: argparse.Namespace) -> int:
    """Run the command; give the exit code: 1 if some lines could not be used."""
    from logtriage.cli.engine_choice import settings_for
    from logtriage.errors import SettingsError

    try:
        if args.file is None:
            raise _UsageError("give a data set")
        settings = settings_for(args.config, os.environ, engine=args.engine)
        return _evaluate(args, settings)
    except (SettingsError, _UsageError) as error:
        print(error, file=sys.stderr)
        return ExitCode.USAGE_OR_SETTINGS


def _evaluate(args: argparse.Namespace, settings: Settings) -> int:
    from logtriage.evaluation.judging import Run
    from logtriage.evaluation.progress import Progress
    from logtriage.service.single import SingleJudge

    records, bad_lines = _read(args.file)
    judge = SingleJudge(settings)
    with _writing(args.predictions, args.file) as predictions:
        progress = Progress(sys.stderr, len(records))
        run = Run(records, tell=progress.tell)
        is_interrupted = False
        try:
            _judge_all(run, judge, settings)
        except KeyboardInterrupt:
            is_interrupted = True
        finally:
            progress.end()
        _write_predictions(predictions, run)
    _show(run, judge, bad_lines, is_interrupted=is_interrupted, as_json=args.json)
    if is_interrupted:
        return _INTERRUPTED
    return ExitCode.INPUT_HAD_FAULTS if bad_lines else ExitCode.OK


def _read(name: str) -> tuple[list[LabelledRecord], list[dict[str, Any]]]:
    """Read the whole data set; bad lines are told at once."""
    from logtriage.cli.input.labelled import BadLine, read_labelled
    from logtriage.cli.input.source import opened

    records: list[LabelledRecord] = []
    bad_lines: list[dict[str, Any]] = []
    try:
        with opened(name) as lines:
            for found in read_labelled(lines):
                if isinstance(found, BadLine):
                    bad_lines.append({"line": found.where, "problem": found.problem})
                    print(f"line {found.where}: {found.problem}", file=sys.stderr)
                else:
                    records.append(found)
    except OSError as error:
        raise _UsageError(f"cannot read `{name}`: {error.strerror}") from None
    return records, bad_lines


def _judge_all(run: Run, judge: SingleJudge, settings: Settings) -> None:
    if not judge.asks_a_model:
        run.by_local(judge)
        return
    import asyncio

    async def ask() -> None:
        async with judge:
            await run.by_model(judge)

    print(f"redacted text of the records goes to {settings.mimo.host}", file=sys.stderr)
    asyncio.run(ask())


@contextmanager
def _writing(name: str | None, data_set: str) -> Iterator[TextIO | None]:
    """Open what is to be written before anything is judged: a run that cannot be kept is not begun."""
    if name is None:
        yield None
        return
    if os.path.exists(name) and os.path.exists(data_set) and os.path.samefile(name, data_set):
        raise _UsageError(f"`--predictions {name}` is the data set itself")
    try:
        file = open(name, "w", encoding="utf-8")  # noqa: SIM115
    except OSError as error:
        raise _UsageError(f"cannot write `{name}`: {error.strerror}") from None
    with file:
        yield file


def _write_predictions(file: TextIO | None, run: Run) -> None:
    from logtriage.evaluation.predictions import write_prediction

    if file is not None:
        for each in run.judged:
            write_prediction(file, each.id, each.report)


def _show(
    run: Run, judge: SingleJudge, bad_lines: list[dict[str, Any]], *, is_interrupted: bool, as_json: bool
) -> None:
    from logtriage.evaluation.summary import by_who_answered, summary_of

    judged = run.judged
    summary = summary_of(judged)
    if judge.asks_a_model:
        summary.update(by_who_answered(judged))
    summary["bad_lines"] = bad_lines
    summary["is_interrupted"] = is_interrupted
    if as_json:
        print(json.dumps(summary, ensure_ascii=False))
        return
    for name, value in summary.items():
        print(f"{name:28} {value}")
