"""``logtriage fingerprint --explain A B``: show what keeps two records apart, and what each placeholder stood for."""

from __future__ import annotations

import argparse
import json
import os
import re
import sys

from rich.console import Console
from rich.text import Text

from logtriage.cli.exit_codes import ExitCode
from logtriage.cli.input.checked_record import BadLineError, Named, object_of, read_named, view_of
from logtriage.cli.input.file_meant import file_meant_by
from logtriage.cli.input.source import opened
from logtriage.cli.one_line import one_line
from logtriage.evaluation.difference import Difference, as_json, differences
from logtriage.schema.line import view_of_line
from logtriage.schema.record import RecordView
from logtriage.verdicts.explained import Explained, MaskedSpan, Part, explain

_FILE_AND_LINE = re.compile(r"(.+):(\d{1,9})", re.DOTALL)
_MASKED = "cyan"
_DIFFERS = "bold reverse red"


def run_explain(args: argparse.Namespace) -> int:
    """Explain, print; exit code 0 whether they are the same or not."""
    try:
        first, second = (explain(_record_of(each)) for each in args.explain)
    except BadLineError as error:
        print(f"logtriage: {error}", file=sys.stderr)
        return ExitCode.USAGE_OR_SETTINGS
    if args.json:
        print(json.dumps(as_json(first, second), ensure_ascii=False))
    else:
        _print(Console(), first, second)
        sys.stdout.flush()
    return ExitCode.OK


def _record_of(given: str) -> RecordView:
    """Read what was given: a file with one record, one record of a file, a JSON record, or a line.

    Raises:
        BadLineError: it is a file or a JSON record that cannot be used, or looks like a file that is not there.
    """
    if _is_file(given):
        return _record_in(given, None)
    numbered = _FILE_AND_LINE.fullmatch(given)
    if numbered is not None and _is_file(numbered[1]):
        return _record_in(numbered[1], int(numbered[2]))
    if given.lstrip().startswith("{"):
        try:
            value = object_of(given)
        except BadLineError:
            value = {}
        if "body" in value:
            return view_of(value)
    meant = file_meant_by(given)
    if meant is not None:
        raise BadLineError(
            f"{meant}. To explain it as a line, write `{json.dumps({'body': given}, ensure_ascii=False)}`"
        )
    return view_of_line(given)


def _is_file(name: str) -> bool:
    try:
        return os.path.isfile(name)
    except ValueError:
        return False


def _record_in(name: str, line: int | None) -> RecordView:
    try:
        with opened(name) as lines:
            found = [item for item in read_named(lines, name=name) if line is None or item.where == line]
    except OSError as error:
        raise BadLineError(f"{name}: cannot be read: {error.strerror}") from None
    if not found:
        raise BadLineError(f"{name}: no record begins there" if line else f"{name}: has no record")
    if len(found) > 1:
        raise BadLineError(f"{name}: has several records: say which, {name}:LINE")
    if not isinstance(found[0], Named):
        raise BadLineError(f"{name}: line {found[0].where}: {found[0].problem}")
    return found[0].view


def _print(console: Console, first: Explained, second: Explained) -> None:
    found = {each.part: each for each in differences(first, second)}
    if found:
        told = f"different: {first.fingerprint} and {second.fingerprint}, by {', '.join(map(one_line, found))}"
    else:
        told = f"the same: {first.fingerprint}"
    console.print(Text(told, style="bold"), soft_wrap=True)
    ours = {part.name: part for part in first.parts}
    theirs = {part.name: part for part in second.parts}
    for name in (*ours, *(name for name in theirs if name not in ours)):
        _print_part(console, name, ours.get(name), theirs.get(name), found.get(name))


def _print_part(
    console: Console, name: str, first: Part | None, second: Part | None, difference: Difference | None
) -> None:
    if not (first and first.text) and not (second and second.text):
        return
    console.print(Text(f"{one_line(name)}: {'differs' if difference else 'equal'}", style="bold"), soft_wrap=True)
    for letter, part, token in (
        ("A", first, difference.tokens[0] if difference else b""),
        ("B", second, difference.tokens[1] if difference else b""),
    ):
        line = Text(f"  {letter}  ")
        if part is None:
            line.append("has no such part", style="dim italic")
        else:
            line.append_text(_marked(part, difference.at if difference else None, token))
        console.print(line, soft_wrap=True)
    for letter, part in (("A", first), ("B", second)):
        for span in part.spans if part else ():
            console.print(_replaced(letter, part, span), soft_wrap=True)


def _marked(part: Part, at: int | None, token: bytes) -> Text:
    """Give the masked text in one line with the first differing token marked, also without colours: »token«."""
    if at is None:
        return Text(_shown(part.masked))
    behind = part.masked[at + len(token) :]
    return Text.assemble(_shown(part.masked[:at]), (f"»{_shown(token)}«", _DIFFERS), _shown(behind))


def _replaced(letter: str, part: Part | None, span: MaskedSpan) -> Text:
    text = _shown(part.text[span.start : span.end]) if part else ""
    shown = _shown(span.shown)
    line = Text(f"     {letter} ", style="dim")
    line.append(shown, style="" if span.is_kept else _MASKED)
    line.append(" is kept" if span.is_kept or shown == text else f" stood for {text}")
    line.append(f"  ({span.mask.removeprefix('keep:')})", style="dim")
    return line


def _shown(data: bytes) -> str:
    return one_line(data.decode("utf-8", "replace"))
