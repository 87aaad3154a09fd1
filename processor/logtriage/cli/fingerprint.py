"""``logtriage fingerprint``: show the fingerprint and the masked text of records, or check pairs of them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, TextIO

from logtriage.cli.exit_codes import ExitCode

_TEXT_FIELDS = ("body", "severity_text", "service_name")
_MAP_FIELDS = ("resource", "attributes")


class BadLineError(Exception):
    """A line of the input cannot be used; says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``fingerprint``."""
    parser.description = (
        "Show for each record its fingerprint, its line and the masked text that the fingerprint is made of: what "
        "stands as <placeholder> does not count. Records with one fingerprint share one verdict. Lines of plain text "
        "are not joined: give a stack trace as the `body` of a JSON object."
    )
    parser.add_argument(
        "file",
        nargs="?",
        default="-",
        metavar="FILE",
        help="records, one a line: JSON objects (data set format), or plain text; - or nothing: standard input",
    )
    parser.add_argument(
        "--pairs",
        action="store_true",
        help='the lines are pairs, {"id", "want": "split" or "merge", "a", "b"}: check that they split and merge',
    )
    parser.add_argument("--json", action="store_true", help="print JSON, for scripts")


def run_fingerprint(args: argparse.Namespace) -> int:
    """Read the file and print; lines with faults are reported and the others still processed."""
    if args.file == "-":
        with open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False) as file:
            return _run(file, args)
    try:
        with open(args.file, encoding="utf-8", errors="replace") as file:
            return _run(file, args)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        print(f"logtriage: {args.file}: cannot be read: {error.strerror}", file=sys.stderr)
        return ExitCode.USAGE_OR_SETTINGS


def _run(file: TextIO, args: argparse.Namespace) -> int:
    faults: list[int] = []

    def report(line_number: int, problem: str) -> None:
        faults.append(line_number)
        print(f"logtriage: {args.file}: line {line_number}: {problem}", file=sys.stderr)

    if args.pairs:
        _check_pairs(file, report, as_json=args.json)
    else:
        _print_records(file, report, as_json=args.json)
    return ExitCode.INPUT_HAD_FAULTS if faults else ExitCode.OK


def _print_records(file: TextIO, report: Callable[[int, str], None], *, as_json: bool) -> None:
    is_json: bool | None = None
    for number, line in _lines(file):
        if is_json is None:
            is_json = is_json_lines(str(getattr(file, "name", "")), line)
        try:
            record = record_of_line(line, number, is_json=is_json)
            fingerprint, masked = _fingerprint_of(record)
        except BadLineError as error:
            report(number, str(error))
            continue
        if as_json:
            print(json.dumps({"id": record["id"], "fingerprint": fingerprint, "masked": masked}))
        else:
            print(f"{fingerprint}  {record['id']!s:<8}  {_one_line(masked)}")


def _check_pairs(file: TextIO, report: Callable[[int, str], None], *, as_json: bool) -> None:
    counts = {"split": {"n": 0, "ok": 0}, "merge": {"n": 0, "ok": 0}}
    failed: list[Any] = []
    for number, line in _lines(file):
        try:
            pair = _object_of(line)
            want = pair.get("want")
            if want not in ("split", "merge"):
                raise BadLineError('`want` should be "split" or "merge"')
            first, second = (
                _fingerprint_of(_checked_record(_side(pair, name), f"{pair.get('id', number)}.{name}"))[0]
                for name in ("a", "b")
            )
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


def is_json_lines(name: str, first_line: str) -> bool:
    """Tell the format of the input: by the file's name, else its first line is an object with a body."""
    if name.endswith(".jsonl"):
        return True
    try:
        value = json.loads(first_line)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "body" in value


def record_of_line(line: str, number: int, *, is_json: bool) -> dict[str, Any]:
    """Give the record of one line: an object in the data set format, or the text of a body.

    Raises:
        BadLineError: the line should be a record and is none.
    """
    if not is_json:
        return {"id": number, "body": line}
    value = _object_of(line)
    return _checked_record(value, value.get("id", number))


def _object_of(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLineError(f"is no JSON: {error}") from None
    if not isinstance(value, dict):
        raise BadLineError("is no JSON object")
    return value


def _side(pair: dict[str, Any], name: str) -> dict[str, Any]:
    """Give one record of a pair: an object, or a text, which is its body."""
    side = pair.get(name)
    if isinstance(side, str):
        return {"body": side}
    if not isinstance(side, dict):
        raise BadLineError(f"`{name}` should be a record")
    return side


def _checked_record(record: dict[str, Any], identity: object) -> dict[str, Any]:
    for name in _TEXT_FIELDS:
        if not isinstance(record.get(name, ""), str | None):
            raise BadLineError(f"`{name}` should be text")
    if not isinstance(record.get("body"), str):
        raise BadLineError("`body` should be text")
    for name in _MAP_FIELDS:
        if not isinstance(record.get(name, {}), dict | None):
            raise BadLineError(f"`{name}` should be an object")
    number = record.get("severity_number")
    if isinstance(number, bool) or not isinstance(number, int | None):
        raise BadLineError("`severity_number` should be a whole number")
    return {**record, "id": identity}


def _fingerprint_of(record: dict[str, Any]) -> tuple[str, str]:
    from logtriage.verdicts.fingerprint import fingerprint_of_line

    resource = dict(record.get("resource") or {})
    if record.get("service_name"):
        resource["service.name"] = record["service_name"]
    severity_text = record.get("severity_text") or ""
    try:
        fingerprint = fingerprint_of_line(
            record["body"],
            severity_text="" if severity_text == "UNSPECIFIED" else severity_text,
            severity_number=record.get("severity_number") or 0,
            resource=resource,
            attributes=dict(record.get("attributes") or {}),
        )
    except UnicodeEncodeError:
        raise BadLineError("has half a surrogate pair (\\ud800 to \\udfff), which is no text") from None
    return fingerprint.hex, fingerprint.masked


def _lines(file: TextIO) -> Iterator[tuple[int, str]]:
    """Give the lines that hold something, with their numbers from 1."""
    for number, line in enumerate(file, start=1):
        text = line.rstrip("\r\n")
        if text.strip():
            yield number, text


def _one_line(text: str) -> str:
    """Show what moves a cursor or colours a terminal as its escape."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
