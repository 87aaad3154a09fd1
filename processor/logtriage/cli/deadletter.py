"""``logtriage deadletter list | show | send | remove``: what downstream refused for good after the sender's OK."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from logtriage.cli.exit_codes import ExitCode
from logtriage.cli.one_line import one_line
from logtriage.service.counted import counted

if TYPE_CHECKING:
    from logtriage.config.settings import Settings
    from logtriage.service.dead_letter import Sending
    from logtriage.spool.letter import Header
    from logtriage.spool.letter_folder import LetterFolder

_MASK = "****"
_IDS_IN_HEX = {"traceId", "spanId"}
"""Hex in OTLP JSON, base64 in protobuf's (OTLP specification, "JSON Protobuf Encoding")."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands."""
    parser.description = (
        "Requests that downstream refused for good after their sender had its OK, one file each in "
        "`<state.directory>/deadletter`. All of it works while the service runs. Exit code 0 if all went well, 1 if a "
        "dead letter is damaged or unknown, or was not taken by downstream, 2 for wrong use or faulty settings."
    )
    commands = parser.add_subparsers(dest="deadletter_command", required=True, metavar="COMMAND")
    _add(commands, "list", "list them, oldest first")
    show = _add(
        commands, "show", "show one with its records, which are not redacted; the values of metadata are hidden"
    )
    show.add_argument("id", metavar="ID", help="as `list` prints it")
    send = _add(commands, "send", "send them to `exporter.endpoint`, with their metadata; delete each that is taken")
    _add_ids(send, "all of them, oldest first")
    remove = _add(commands, "remove", "delete them, damaged ones too; their records are lost then")
    _add_ids(remove, "all of them")


def _add(commands: Any, name: str, about: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
    parser.add_argument("--config", type=Path, metavar="FILE", help="settings; without it the built-in defaults")
    parser.add_argument("--json", action="store_true", help="print JSON, for scripts: `list`, `send` an object a line")
    return parser


def _add_ids(parser: argparse.ArgumentParser, all_of_them: str) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("ids", nargs="*", default=[], metavar="ID", help="as `list` prints it")
    which.add_argument("--all", action="store_true", help=all_of_them)


def run_deadletter(args: argparse.Namespace) -> int:
    """Run one of the subcommands."""
    from logtriage.config.load import load_settings
    from logtriage.errors import SettingsError
    from logtriage.service.dead_letter import folder_of

    try:
        settings = load_settings(args.config, os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return ExitCode.USAGE_OR_SETTINGS
    folder = folder_of(settings, os.environ)
    try:
        if getattr(args, "all", False) and not args.json and not folder.ids():
            print(f"no dead letters in `{folder.path}`")
            return ExitCode.OK
        match args.deadletter_command:
            case "list":
                return _list(folder, as_json=args.json)
            case "show":
                return _show(folder, args.id, as_json=args.json)
            case "send":
                ids = folder.ids() if args.all else args.ids
                return _send(settings, folder, ids, as_json=args.json)
            case _:
                return _remove(folder, folder.ids() if args.all else args.ids, as_json=args.json)
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"logtriage: `{folder.path}` cannot be read: {error.strerror}", file=sys.stderr)
        return ExitCode.INPUT_HAD_FAULTS


def _list(folder: LetterFolder, *, as_json: bool) -> int:
    from logtriage.spool.letter import LetterError

    has_faults = False
    letters = records = 0
    for letter_id in folder.ids():
        try:
            header = folder.read(letter_id).header
        except FileNotFoundError:
            continue
        except LetterError as error:
            has_faults = True
            _print(as_json, {"id": letter_id, "damaged": str(error)}, f"{one_line(letter_id)}  {error}")
            continue
        letters, records = letters + 1, records + header.records
        _print(as_json, {"id": letter_id, **_fields(header)}, f"{one_line(letter_id)}  {_line(header)}")
    if not as_json:
        print(f"{counted(letters, 'dead letter')}, {counted(records, 'record')} in `{folder.path}`")
    return ExitCode.INPUT_HAD_FAULTS if has_faults else ExitCode.OK


def _show(folder: LetterFolder, letter_id: str, *, as_json: bool) -> int:
    from logtriage.spool.letter import LetterError

    try:
        letter = folder.read(letter_id)
    except FileNotFoundError:
        return _fault(f"there is no dead letter `{letter_id}` in `{folder.path}`")
    except LetterError as error:
        return _fault(f"the dead letter `{letter_id}` {error}")
    request = _request_as_json(letter.request)
    shown = {"id": letter_id, **_fields(letter.header), "request": request}
    if as_json:
        print(json.dumps(shown, ensure_ascii=False))
        return ExitCode.OK
    print(f"{letter_id}  {_line(letter.header)}")
    for key, _ in letter.header.metadata:
        print(f"metadata: {one_line(key)}: {_MASK}")
    print(json.dumps(request, indent=2))
    return ExitCode.OK


def _send(settings: Settings, folder: LetterFolder, ids: Sequence[str], *, as_json: bool) -> int:
    import asyncio

    from logtriage.service.dead_letter import Outcome, send_letters

    async def send() -> list[Sending]:
        done = []
        async for sending in send_letters(settings, folder, ids):
            fields = {"id": sending.id, "outcome": sending.outcome.value, "records": sending.records}
            fields |= {"rejected_records": sending.rejected_records, "code": sending.code, "message": sending.message}
            _print(as_json, fields, _sending_line(sending))
            done.append(sending)
        return done

    done = asyncio.run(send())
    left = len(ids) - len(done)
    if left and not as_json:
        print(f"{counted(left, 'dead letter')} not tried: `{settings.exporter.endpoint}` is unavailable")
    is_all_sent = not left and all(sending.outcome is Outcome.SENT for sending in done)
    return ExitCode.OK if is_all_sent else ExitCode.INPUT_HAD_FAULTS


def _remove(folder: LetterFolder, ids: Sequence[str], *, as_json: bool) -> int:
    has_faults = False
    for letter_id in ids:
        try:
            folder.remove(letter_id)
        except FileNotFoundError:
            has_faults = True
            _print(
                as_json, {"id": letter_id, "outcome": "missing"}, f"{one_line(letter_id)}  there is no such dead letter"
            )
        else:
            _print(as_json, {"id": letter_id, "outcome": "removed"}, f"{one_line(letter_id)}  removed")
    return ExitCode.INPUT_HAD_FAULTS if has_faults else ExitCode.OK


def _fields(header: Header) -> dict[str, object]:
    return {
        "refused_at": header.refused_at,
        "records": header.records,
        "bytes": header.size_bytes,
        "code": header.code,
        "message": header.message,
        "metadata_keys": [key for key, _ in header.metadata],
    }


def _line(header: Header) -> str:
    said = f"{one_line(header.code)}: {one_line(header.message)}" if header.message else one_line(header.code)
    return f"{counted(header.records, 'record')}, {header.size_bytes} bytes, {said}"


def _sending_line(sending: Sending) -> str:
    told = ": ".join(one_line(text) for text in (sending.code, sending.message) if text)
    rejected = f", {sending.rejected_records} rejected" if sending.rejected_records else ""
    records = f" {counted(sending.records, 'record')}{rejected}" if sending.records else ""
    return f"{one_line(sending.id)}  {sending.outcome.value.replace('_', ' ')}{records}{f' ({told})' if told else ''}"


def _request_as_json(request: bytes) -> object:
    """Give the request in OTLP's JSON form; its bytes in base64 where it cannot be read as text."""
    import base64

    from google.protobuf.json_format import MessageToDict
    from google.protobuf.message import DecodeError
    from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

    try:
        shown = MessageToDict(ExportLogsServiceRequest.FromString(request), use_integers_for_enums=True)
        for resource_logs in shown.get("resourceLogs", ()):
            for scope_logs in resource_logs.get("scopeLogs", ()):
                for record in scope_logs.get("logRecords", ()):
                    for key in _IDS_IN_HEX & record.keys():
                        record[key] = base64.b64decode(record[key]).hex()
        return shown
    except (DecodeError, ValueError, RecursionError):
        return {"base64": base64.b64encode(request).decode()}


def _print(as_json: bool, fields: Mapping[str, object], line: str) -> None:
    print(json.dumps(fields, ensure_ascii=False) if as_json else line)


def _fault(message: str) -> int:
    print(f"logtriage: {message}", file=sys.stderr)
    return ExitCode.INPUT_HAD_FAULTS
