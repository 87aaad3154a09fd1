"""``logtriage fingerprint``: show the fingerprints of records, say why two are the same or not, report the groups."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from logtriage.cli.exit_codes import ExitCode

Report = Callable[[int, str], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``fingerprint``."""
    parser.description = (
        "Show for each record its fingerprint, its line and the masked text that the fingerprint is made of: what "
        "stands as <placeholder> does not count. Records with one fingerprint share one verdict. The input is read as "
        "`triage` reads it: text (the lines of a stack trace are joined), JSON lines, OTLP JSON."
    )
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="a file; `-` or none: standard input")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument(
        "--pairs",
        action="store_true",
        help='the lines are pairs, {"id", "want": "split" or "merge", "a", "b"}: check that they split and merge',
    )
    mode.add_argument(
        "--explain",
        nargs=2,
        metavar=("A", "B"),
        help="say why two records share a fingerprint or do not: each a line, a JSON record, FILE, or FILE:LINE",
    )
    mode.add_argument(
        "--report",
        action="store_true",
        help="tell the groups: sizes, what varies in them, which ones to split or to merge",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, for scripts")


def run_fingerprint(args: argparse.Namespace) -> int:
    """Read the file and print; lines with faults are reported and the others still processed."""
    if args.explain is not None:
        from logtriage.cli.fingerprint_explain import run_explain

        return run_explain(args)
    from logtriage.cli.input.source import opened

    faults: list[int] = []

    def report(line_number: int, problem: str) -> None:
        faults.append(line_number)
        print(f"logtriage: {args.file}: line {line_number}: {problem}", file=sys.stderr)

    try:
        with opened(args.file) as lines:
            if args.pairs:
                _check_pairs(lines, report, as_json=args.json)
            elif args.report:
                from logtriage.cli.fingerprint_report import print_groups

                print_groups(lines, report, name=args.file, as_json=args.json)
            else:
                _print_records(lines, report, name=args.file, as_json=args.json)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        print(f"logtriage: {args.file}: cannot be read: {error.strerror}", file=sys.stderr)
        return ExitCode.USAGE_OR_SETTINGS
    return ExitCode.INPUT_HAD_FAULTS if faults else ExitCode.OK


def _print_records(lines: Iterator[str], report: Report, *, name: str, as_json: bool) -> None:
    from logtriage.cli.input.checked_record import Unusable, read_named
    from logtriage.cli.one_line import one_line
    from logtriage.verdicts.fingerprint import fingerprint_of

    for item in read_named(lines, name=name):
        if isinstance(item, Unusable):
            report(item.where, item.problem)
            continue
        found = fingerprint_of(item.view)
        if as_json:
            print(json.dumps({"id": item.id, "fingerprint": found.hex, "masked": found.masked}))
        else:
            print(f"{found.hex}  {item.id!s:<8}  {one_line(found.masked)}")


def _check_pairs(lines: Iterator[str], report: Report, *, as_json: bool) -> None:
    from logtriage.cli.input.checked_record import BadLineError, object_of
    from logtriage.cli.input.source import IDLE

    counts = {"split": {"n": 0, "ok": 0}, "merge": {"n": 0, "ok": 0}}
    failed: list[Any] = []
    for number, line in enumerate((line for line in lines if line != IDLE), start=1):
        if not line.strip():
            continue
        try:
            pair = object_of(line)
            want = pair.get("want")
            if want not in ("split", "merge"):
                raise BadLineError('`want` should be "split" or "merge"')
            first, second = _fingerprint_of_side(pair, "a"), _fingerprint_of_side(pair, "b")
        except BadLineError as error:
            report(number, str(error))
            continue
        counts[want]["n"] += 1
        if (first == second) == (want == "merge"):
            counts[want]["ok"] += 1
        else:
            failed.append(pair.get("id", number))
    if as_json:
        print(json.dumps({**counts, "failed": failed}))
        return
    for want, count in counts.items():
        print(f"{want}: {count['ok']} of {count['n']} as wanted")
    if failed:
        print("failed: " + ", ".join(str(name) for name in failed))


def _fingerprint_of_side(pair: dict[str, Any], name: str) -> bytes:
    """Fingerprint one record of a pair: an object, or a text, which is its body."""
    from logtriage.cli.input.checked_record import BadLineError, view_of
    from logtriage.verdicts.fingerprint import fingerprint_of

    side = pair.get(name)
    if isinstance(side, str):
        side = {"body": side}
    if not isinstance(side, dict):
        raise BadLineError(f"`{name}` should be a record")
    return fingerprint_of(view_of(side)).digest
