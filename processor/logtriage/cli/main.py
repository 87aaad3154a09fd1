"""The command ``logtriage``. Each command imports what it needs when it runs: `--help` takes a blink."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import textwrap
from pathlib import Path

from logtriage.cli import config, deadletter, doctor, eval, fingerprint, triage
from logtriage.cli.exit_codes import ExitCode
from logtriage.version import __version__


def main(argv: list[str] | None = None) -> int:
    """Run the command that ``argv`` names and give its exit status (`ExitCode`)."""
    try:
        status = _run(argv)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        _silence_stdout()
        return ExitCode.OK
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return ExitCode.INTERRUPTED


def _run(argv: list[str] | None) -> int:
    arguments = sys.argv[1:] if argv is None else argv
    parser = _parser(wanted=arguments)
    try:
        args = parser.parse_args(arguments)
    except SystemExit as stop:
        sys.stdout.flush()
        return ExitCode.OK if stop.code in (0, None) else ExitCode.USAGE_OR_SETTINGS
    match args.command:
        case "serve":
            return _serve(args.config)
        case "demo":
            from logtriage.cli.demo import run_demo

            return run_demo(args)
        case "triage":
            return triage.run_triage(args)
        case "doctor":
            return doctor.run_doctor(args)
        case "eval":
            return eval.run_eval(args)
        case "deadletter":
            return deadletter.run_deadletter(args)
        case "fingerprint":
            return fingerprint.run_fingerprint(args)
        case _:
            return config.run_config(args)


def _parser(wanted: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="logtriage",
        description="OTLP logs service that tells on-call engineers which error records matter.",
        epilog=_exit_codes(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"logtriage {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="run the service", allow_abbrev=False)
    serve.add_argument("--config", type=Path, metavar="FILE", help="settings; without it the built-in defaults")
    demo = commands.add_parser("demo", help="send a capture of real records through the service and show what it does")
    if "demo" in wanted:
        from logtriage.cli.demo import add_arguments

        add_arguments(demo)
    triage.add_arguments(
        commands.add_parser("triage", help="judge log lines and print the reports", allow_abbrev=False)
    )
    eval.add_arguments(
        commands.add_parser("eval", help="judge labelled records and tell how good the engine is", allow_abbrev=False)
    )
    doctor.add_arguments(
        commands.add_parser("doctor", help="check settings, machine, downstream and model", allow_abbrev=False)
    )
    fingerprint.add_arguments(
        commands.add_parser("fingerprint", help="show the fingerprints of log lines", allow_abbrev=False)
    )
    deadletter.add_arguments(
        commands.add_parser("deadletter", help="list and send what downstream refused for good", allow_abbrev=False)
    )
    config.add_arguments(commands.add_parser("config", help="check, explain and document settings"))
    for command in commands.choices.values():
        command.epilog = "What the exit codes mean: `logtriage --help`."
    return parser


def _exit_codes() -> str:
    """Give a table of the exit codes, as wide as a terminal."""
    lines = ["exit codes:"]
    for code in ExitCode:
        head = f"  {code.value:<5}"
        lines += textwrap.wrap(code.meaning, width=78, initial_indent=head, subsequent_indent=" " * len(head))
    return "\n".join(lines)


def _serve(file: Path | None) -> int:
    gc.disable()  # what a start makes stays: looking through it again and again finds nothing
    from logtriage.config.load import load_settings
    from logtriage.errors import SettingsError

    try:
        settings = load_settings(file, os.environ)
        from logtriage.service.run import run_service
    except SettingsError as error:
        print(error, file=sys.stderr)
        return ExitCode.USAGE_OR_SETTINGS
    finally:
        gc.freeze()
        gc.enable()
    return run_service(settings)


def _silence_stdout() -> None:
    """Let the interpreter's last flush go nowhere: who read our output has gone, which is no fault.

    https://docs.python.org/3/library/signal.html#note-on-sigpipe
    """
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
