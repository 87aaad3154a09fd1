"""``logtriage eval``: judge labelled records by an engine and tell how good it is, or compare two runs."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from logtriage.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from logtriage.config.settings import Settings
    from logtriage.engines.mimo.recording import Recording
    from logtriage.evaluation.judging import Run
    from logtriage.evaluation.labelled_record import LabelledRecord
    from logtriage.service.single import SingleJudge


class UsageError(Exception):
    """The command cannot be run as given; says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.description = (
        "Judge labelled records (data set format, one JSON object a line) as a user would get them, and tell how good "
        "the engine is. Every record is judged, whatever its severity, with the lines around it. Lines that cannot be "
        "used are told with their number, the others go on, and the exit code is 1. See docs/evaluation.md."
    )
    parser.add_argument("file", nargs="?", metavar="FILE", help="the data set; `-`: standard input")
    parser.add_argument("--engine", choices=("auto", "local", "mimo"), help="who judges; default: the settings' engine")
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings, for the model and its endpoint")
    parser.add_argument("--json", action="store_true", help="print one JSON object, for scripts")
    parser.add_argument("--predictions", metavar="OUT", help='write the reports there: {"id", "report"} a line')
    parser.add_argument("--svg", type=Path, metavar="DIR", help="draw confusion, reliability and coverage there")
    parser.add_argument(
        "--compare",
        nargs=2,
        metavar=("A", "B"),
        help="judge nothing: compare two files of predictions; with FILE also which records were fixed and broken",
    )
    parser.add_argument(
        "--record",
        type=Path,
        metavar="FILE",
        help="keep the model's answers there, byte for byte; they quote redacted log text",
    )
    parser.add_argument(
        "--replay",
        type=Path,
        metavar="FILE",
        help="take the model's answers from there, without a connection or a key; with --record, ask for what is new",
    )


def run_eval(args: argparse.Namespace) -> int:
    """Run the command; give the exit code: 1 if some lines could not be used."""
    from logtriage.errors import SettingsError

    try:
        if args.compare is not None:
            from logtriage.cli.eval_compare import run_compare

            return run_compare(args)
        if args.file is None:
            raise UsageError("give a data set, or `--compare A B`")
        return _evaluate(args)
    except (SettingsError, UsageError) as error:
        print(error, file=sys.stderr)
        return ExitCode.USAGE_OR_SETTINGS


def read_data_set(name: str) -> tuple[list[LabelledRecord], list[dict[str, Any]]]:
    """Read the whole data set; bad lines are told at once, on standard error.

    Raises:
        UsageError: it cannot be read, or is empty: nothing can be said of an engine.
    """
    from logtriage.cli.input.labelled import BadLine, read_labelled
    from logtriage.cli.input.source import opened

    records: list[LabelledRecord] = []
    bad_lines: list[dict[str, Any]] = []
    try:
        with opened(name) as lines:
            for found in read_labelled(lines):
                if isinstance(found, BadLine):
                    bad_lines.append({"line": found.where, "problem": found.problem})
                    print(f"{name}: line {found.where}: {found.problem}", file=sys.stderr)
                else:
                    records.append(found)
    except OSError as error:
        raise UsageError(f"cannot read `{name}`: {error.strerror}") from None
    if not records and not bad_lines:
        raise UsageError(f"`{name}` has no record: give a data set, one JSON object a line (docs/evaluation.md)")
    return records, bad_lines


def _evaluate(args: argparse.Namespace) -> int:
    from logtriage.evaluation.judging import Run
    from logtriage.evaluation.progress import Progress
    from logtriage.service.single import SingleJudge

    settings = _settings(args)
    records, bad_lines = read_data_set(args.file)
    _check_writable(args)
    recording = _recording(args, settings)
    judge = SingleJudge(settings, recording=recording)
    progress = Progress(sys.stderr, len(records))
    run = Run(records, tell=lambda done: progress.tell(done, judge.cost_note))
    is_interrupted = False
    try:
        _judge_all(run, judge, settings, recording)
    except KeyboardInterrupt:
        is_interrupted = True
    finally:
        progress.end()
        if recording is not None:
            recording.close()
    _write(args, run)
    summary = _summary(run, judge, recording)
    summary["bad_lines"] = bad_lines
    summary["failed"] = [{"id": record.id, "line": record.where, "fault": place} for record, place in run.failed]
    summary["is_interrupted"] = is_interrupted
    _show(summary, len(records), args)
    _tell_of_recording(recording)
    for failed in summary["failed"]:
        print(f"{args.file}: line {failed['line']}: a bug of LogTriage, not judged: {failed['fault']}", file=sys.stderr)
    if is_interrupted:
        return ExitCode.INTERRUPTED
    return ExitCode.INPUT_HAD_FAULTS if bad_lines or run.failed else ExitCode.OK


def _settings(args: argparse.Namespace) -> Settings:
    from logtriage.cli.engine_choice import settings_for

    engine = args.engine
    if args.record is not None or args.replay is not None:
        if engine == "local":
            raise UsageError("`--record` and `--replay` are of a model's answers: there are none with `--engine local`")
        engine = "mimo"
    is_asked = args.replay is None or args.record is not None
    return settings_for(args.config, os.environ, engine=engine, is_asked=is_asked)


def _recording(args: argparse.Namespace, settings: Settings) -> Recording | None:
    if args.record is None and args.replay is None:
        return None
    from logtriage.engines.mimo.recording import BadRecordingError, Recording
    from logtriage.engines.mimo.system_prompt import PROMPT_VERSION

    about = {"model": settings.mimo.model, "prompt_version": PROMPT_VERSION, "thinking": str(settings.mimo.thinking)}
    try:
        recording = Recording(replays=args.replay, records=args.record, about=about)
    except BadRecordingError as error:
        raise UsageError(str(error)) from None
    for change in recording.changes:
        print(f"since `{args.replay}` was recorded: {change}", file=sys.stderr)
    if args.record is not None:
        print(f"answers of the model go to `{args.record}`; they quote redacted log text", file=sys.stderr)
    return recording


def _judge_all(run: Run, judge: SingleJudge, settings: Settings, recording: Recording | None) -> None:
    if not judge.asks_a_model:
        run.by_local(judge)
        return
    import asyncio

    async def ask() -> None:
        async with judge:
            await run.by_model(judge)

    if recording is None or recording.may_ask:
        print(f"redacted text of the records goes to {settings.mimo.host}", file=sys.stderr)
    asyncio.run(ask())


def _check_writable(args: argparse.Namespace) -> None:
    """Refuse what could not be written before anything is judged and paid for."""
    if args.svg is not None:
        try:
            args.svg.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"cannot make `{args.svg}`: {error.strerror}") from None
    if args.predictions is None:
        return
    if os.path.exists(args.predictions) and os.path.exists(args.file) and os.path.samefile(args.predictions, args.file):
        raise UsageError(f"`--predictions {args.predictions}` is the data set itself")
    try:
        with open(args.predictions, "a", encoding="utf-8"):
            pass
    except OSError as error:
        raise UsageError(f"cannot write `{args.predictions}`: {error.strerror}") from None


def _write(args: argparse.Namespace, run: Run) -> None:
    if args.predictions is not None:
        from logtriage.evaluation.predictions import write_prediction

        with open(args.predictions, "w", encoding="utf-8", newline="\n") as file:
            for each in run.judged:
                write_prediction(file, each.id, each.report)


def _summary(run: Run, judge: SingleJudge, recording: Recording | None) -> dict[str, Any]:
    from logtriage.evaluation.summary import by_who_answered, summary_of
    from logtriage.version import __version__

    judged = run.judged
    summary = summary_of(judged)
    summary["engine"] = judge.engine_name
    summary["engine_version"] = judge.engine_version
    summary["version"] = __version__
    if judge.asks_a_model:
        summary.update(by_who_answered(judged))
        spent = judge.spent
        summary["cost"] = {
            "calls": spent.calls,
            "input_tokens": spent.input_tokens,
            "output_tokens": spent.output_tokens,
            "usd": round(spent.usd, 6),
            "paid_usd": round(judge.asked_usd, 6),
        }
    if recording is not None:
        summary["recording"] = {
            "replayed": recording.replayed,
            "asked": len(recording.asked),
            "not_recorded": recording.not_recorded,
            "changes": recording.changes,
        }
    return summary


def _show(summary: dict[str, Any], wanted: int, args: argparse.Namespace) -> None:
    if args.svg is not None and summary["n"]:
        from logtriage.evaluation.drawings import drawings_of

        for name, text in drawings_of(summary).items():
            (args.svg / name).write_text(text, encoding="utf-8")
    if args.json:
        print(json.dumps(summary, ensure_ascii=False))
        return
    from rich.console import Console

    from logtriage.evaluation.figures_view import print_summary

    print_summary(Console(), summary)
    sys.stdout.flush()
    told = f"{summary['n']} of {wanted} records" if summary["is_interrupted"] else f"{summary['n']} records"
    told = f"{told} judged by {summary['engine']} ({summary['engine_version']})"
    if "cost" in summary:
        cost = summary["cost"]
        told += (
            f", {cost['calls']} calls, {cost['input_tokens']} + {cost['output_tokens']} tokens, {cost['usd']:.4f} USD"
            f" ({cost['paid_usd']:.4f} of it in this run)"
        )
    print(told, file=sys.stderr)


def _tell_of_recording(recording: Recording | None) -> None:
    if recording is None:
        return
    told = f"{recording.replayed} answers from the recording, {len(recording.asked)} asked for"
    if recording.not_recorded:
        told += (
            f"; {recording.not_recorded} requests are not in the recording and count as not answered: the prompt, the "
            "model, the settings or the data set changed. `--record NEW` beside `--replay` asks for those alone"
        )
    print(told, file=sys.stderr)
