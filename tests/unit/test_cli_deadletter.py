"""``logtriage deadletter`` on real files, against a real gRPC server on loopback."""

from __future__ import annotations

import asyncio
import fcntl
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import (
    ExportLogsPartialSuccess,
    ExportLogsServiceRequest,
    ExportLogsServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs

from logtriage.cli.exit_codes import ExitCode
from logtriage.cli.main import main
from logtriage.spool.letter import Header, Letter
from logtriage.spool.letter_folder import DEAD_LETTER_FOLDER_NAME, LetterFolder
from support.sink import Refuse, Script, Sink

SECRET = "tenant-secret"


@contextmanager
def served(script: Script | None = None) -> Iterator[Sink]:
    """A log sink on a loop of its own: the command under test has one, too."""
    sink = Sink(script)
    started, ended = threading.Event(), threading.Event()

    async def serve() -> None:
        async with sink:
            started.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    started.wait()
    try:
        yield sink
    finally:
        ended.set()
        thread.join()


def request_of(number: int, records: int = 2, size: int = 10) -> bytes:
    bodies = [AnyValue(string_value=f"record {number}.{i} " + "x" * size) for i in range(records)]
    scope = ScopeLogs(log_records=[LogRecord(body=body) for body in bodies])
    return ExportLogsServiceRequest(resource_logs=[ResourceLogs(scope_logs=[scope])]).SerializeToString()


class Command:
    """Runs the command on a state folder."""

    def __init__(self, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.state = state
        self.folder = LetterFolder(state / DEAD_LETTER_FOLDER_NAME)
        self.exporter = ""
        self._capsys = capsys

    def add(self, number: int, **sizes: int) -> str:
        request = request_of(number, **sizes)
        header = Header(
            refused_at="2026-01-02T03:04:05.000Z",
            records=sizes.get("records", 2),
            size_bytes=len(request),
            code="INVALID_ARGUMENT",
            message=f"no \x1b[31m{number}\nsecond line",
            metadata=(("x-scope-orgid", SECRET), ("trace-bin", b"\xff")),
        )
        return self.folder.add(Letter(header=header, request=request))

    def run(self, *arguments: str) -> tuple[int, str]:
        """Give exit code and all that was printed."""
        file = self.state / "settings.yaml"
        file.write_text(f"state: {{directory: '{self.state}'}}\nexporter: {{{self.exporter}}}\n")
        code = main(["deadletter", arguments[0], "--config", str(file), *arguments[1:]])
        printed = self._capsys.readouterr()
        return code, printed.out + printed.err

    def json(self, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
        code, printed = self.run(arguments[0], "--json", *arguments[1:])
        return code, [json.loads(line) for line in printed.splitlines()]


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(tmp_path, capsys)


def test_an_empty_folder_is_listed_as_empty_and_not_made(command: Command) -> None:
    code, printed = command.run("list")
    assert code == ExitCode.OK
    assert "0 dead letters, 0 records" in printed
    assert not command.folder.path.exists()


def test_letters_are_listed_with_what_downstream_said(command: Command) -> None:
    ids = [command.add(1), command.add(2)]
    code, listed = command.json("list")
    assert code == ExitCode.OK
    assert [letter["id"] for letter in listed] == ids
    assert listed[0]["records"] == 2
    assert listed[0]["code"] == "INVALID_ARGUMENT"
    code, printed = command.run("list")
    assert "2 dead letters, 4 records" in printed
    assert "\x1b" not in printed, "downstream does not steer the terminal"
    assert r"INVALID_ARGUMENT: no \x1b[31m1\nsecond line" in printed.splitlines()[0]


def test_no_subcommand_prints_the_values_of_metadata(command: Command) -> None:
    letter = command.add(1)
    for arguments in (("list",), ("list", "--json"), ("show", letter), ("show", "--json", letter)):
        code, printed = command.run(*arguments)
        assert code == ExitCode.OK
        assert SECRET not in printed


def test_a_letter_is_shown_with_its_records(command: Command) -> None:
    letter = command.add(7)
    code, (shown,) = command.json("show", letter)
    assert code == ExitCode.OK
    assert shown["metadata_keys"] == ["x-scope-orgid", "trace-bin"]
    assert "record 7.1" in json.dumps(shown["request"])
    code, printed = command.run("show", letter)
    assert "record 7.0" in printed
    assert "x-scope-orgid: ****" in printed


def test_records_are_shown_as_otlp_json_with_ids_in_hex_and_numbers_for_enums(command: Command) -> None:
    record = LogRecord(severity_number=17, trace_id=bytes(range(16)), span_id=bytes(range(8)))  # type: ignore[arg-type]
    scope = ScopeLogs(log_records=[record])
    request = ExportLogsServiceRequest(resource_logs=[ResourceLogs(scope_logs=[scope])]).SerializeToString()
    header = Header(refused_at="", records=1, size_bytes=len(request), code="INVALID_ARGUMENT", message="", metadata=())
    letter = command.folder.add(Letter(header=header, request=request))
    _, (shown,) = command.json("show", letter)
    (found,) = shown["request"]["resourceLogs"][0]["scopeLogs"][0]["logRecords"]
    assert found == {"severityNumber": 17, "traceId": bytes(range(16)).hex(), "spanId": bytes(range(8)).hex()}


def test_a_reader_that_ends_early_is_no_fault_of_the_folder(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    command.add(1)

    def closed(*arguments: object, **options: object) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr("logtriage.cli.deadletter._print", closed)
    monkeypatch.setattr("logtriage.cli.main._silence_stdout", lambda: None)
    assert command.run("list", "--json") == (ExitCode.OK, "")


@pytest.mark.parametrize("subcommand", ["send", "remove"])
def test_all_of_none_is_told(command: Command, subcommand: str) -> None:
    code, printed = command.run(subcommand, "--all")
    assert code == ExitCode.OK
    assert "no dead letters" in printed


def test_a_letter_that_is_not_there_is_a_fault(command: Command) -> None:
    command.add(1)
    for arguments in (("show", "nothing"), ("remove", "nothing"), ("send", "nothing")):
        code, printed = command.run(*arguments)
        assert code == ExitCode.INPUT_HAD_FAULTS
        assert "no dead letter" in printed or "no such dead letter" in printed


def test_what_downstream_takes_is_sent_with_its_metadata_and_deleted(command: Command) -> None:
    ids = [command.add(1), command.add(2)]
    with served() as sink:
        command.exporter = f"endpoint: '{sink.address}', headers: {{x-token: abc}}"
        code, sent = command.json("send", "--all")
    assert code == ExitCode.OK
    assert [(letter["id"], letter["outcome"]) for letter in sent] == [(ids[0], "sent"), (ids[1], "sent")]
    assert sink.requests == [request_of(1), request_of(2)]
    assert sink.metadata[0]["x-scope-orgid"] == SECRET
    assert sink.metadata[0]["trace-bin"] == b"\xff"
    assert sink.metadata[0]["x-token"] == "abc"
    assert command.folder.ids() == []


def test_only_the_named_letter_is_sent(command: Command) -> None:
    first, second = command.add(1), command.add(2)
    with served() as sink:
        command.exporter = f"endpoint: '{sink.address}'"
        code, _ = command.run("send", second)
    assert code == ExitCode.OK
    assert sink.requests == [request_of(2)]
    assert command.folder.ids() == [first]


def test_what_downstream_refuses_again_stays_and_the_others_go_on(command: Command) -> None:
    first, _ = command.add(1), command.add(2)

    def script(number: int, request: bytes) -> bytes | Refuse:
        return Refuse(grpc.StatusCode.INVALID_ARGUMENT, "still no") if request == request_of(1) else b""

    with served(script) as sink:
        command.exporter = f"endpoint: '{sink.address}'"
        code, sent = command.json("send", "--all")
    assert code == ExitCode.INPUT_HAD_FAULTS
    assert [letter["outcome"] for letter in sent] == ["refused", "sent"]
    assert sent[0]["message"] == "still no"
    assert command.folder.ids() == [first]


def test_an_unavailable_downstream_ends_the_sending(command: Command) -> None:
    ids = [command.add(1), command.add(2), command.add(3)]
    with served(lambda number, request: Refuse(grpc.StatusCode.UNAVAILABLE, "later")) as sink:
        command.exporter = f"endpoint: '{sink.address}'"
        code, printed = command.run("send", "--all")
    assert code == ExitCode.INPUT_HAD_FAULTS
    assert len(sink.calls) == 1
    assert "2 dead letters not tried" in printed
    assert command.folder.ids() == ids


def test_a_letter_taken_in_part_is_told(command: Command) -> None:
    command.add(1)
    partial = ExportLogsServiceResponse(
        partial_success=ExportLogsPartialSuccess(rejected_log_records=1, error_message="one is too old")
    )
    with served(lambda number, request: partial.SerializeToString()) as sink:
        command.exporter = f"endpoint: '{sink.address}'"
        code, (sent,) = command.json("send", "--all")
    assert code == ExitCode.OK
    assert (sent["rejected_records"], sent["message"]) == (1, "one is too old")
    assert command.folder.ids() == []


def test_a_large_letter_is_sent_in_parts(command: Command) -> None:
    command.add(1, records=4, size=400_000)
    with served() as sink:
        command.exporter = f"endpoint: '{sink.address}', max_request_size_mib: 1"
        code, _ = command.run("send", "--all")
    assert code == ExitCode.OK
    assert len(sink.requests) == 2
    assert len(sink.records) == 4


def test_a_damaged_letter_is_told_never_sent_and_never_deleted_unless_asked(command: Command) -> None:
    letter = command.add(1)
    file = command.folder.path / f"{letter}.request"
    file.write_bytes(file.read_bytes()[:-3])
    with served() as sink:
        command.exporter = f"endpoint: '{sink.address}'"
        code, sent = command.json("send", "--all")
        assert (code, sent[0]["outcome"]) == (ExitCode.INPUT_HAD_FAULTS, "damaged")
        assert sink.calls == []
    code, listed = command.json("list")
    assert (code, list(listed[0])) == (ExitCode.INPUT_HAD_FAULTS, ["id", "damaged"])
    assert command.run("show", letter)[0] == ExitCode.INPUT_HAD_FAULTS
    assert command.folder.ids() == [letter]
    assert command.run("remove", letter)[0] == ExitCode.OK
    assert command.folder.ids() == []


def test_a_letter_that_another_command_is_sending_is_left_to_it(command: Command) -> None:
    letter = command.add(1)
    with served() as sink, (command.folder.path / f"{letter}.request").open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        command.exporter = f"endpoint: '{sink.address}'"
        code, (sent,) = command.json("send", letter)
    assert (code, sent["outcome"]) == (ExitCode.INPUT_HAD_FAULTS, "in_work")
    assert sink.calls == []
    assert command.folder.ids() == [letter]


def test_removing_all_removes_all(command: Command) -> None:
    command.add(1)
    command.add(2)
    code, removed = command.json("remove", "--all")
    assert code == ExitCode.OK
    assert [letter["outcome"] for letter in removed] == ["removed", "removed"]
    assert command.folder.ids() == []


@pytest.mark.parametrize("arguments", [["send"], ["remove"], ["show"], [], ["burn"], ["send", "--all", "some-id"]])
def test_wrong_use_does_nothing(command: Command, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    letter = command.add(1)
    assert main(["deadletter", *arguments]) == ExitCode.USAGE_OR_SETTINGS
    assert command.folder.ids() == [letter]


def test_faulty_settings_are_told(command: Command) -> None:
    command.exporter = "endpoint: 7"
    code, printed = command.run("list")
    assert code == ExitCode.USAGE_OR_SETTINGS
    assert "exporter.endpoint" in printed
