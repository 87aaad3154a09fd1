from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from logtriage.cli.exit_codes import ExitCode
from logtriage.cli.main import main
from logtriage.verdicts.fingerprint import fingerprint_of_line

Write = Callable[[str, str], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write_file


def json_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_lines_of_text_get_their_numbers_as_ids(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = write("app.log", 'ERROR disk full\n\n{"level":"error"}\n')

    assert main(["fingerprint", path, "--json"]) == 0

    wanted = {1: fingerprint_of_line("ERROR disk full"), 3: fingerprint_of_line('{"level":"error"}')}
    assert json_lines(capsys) == [
        {"id": number, "fingerprint": fingerprint.hex, "masked": fingerprint.masked}
        for number, fingerprint in wanted.items()
    ]


def test_a_record_is_fingerprinted_with_all_of_its_fields(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    record = {
        "id": "r1",
        "body": "payment failed",
        "severity_text": "FATAL",
        "service_name": "checkout",
        "resource": {"service.namespace": "shop", "service.name": "overruled"},
        "attributes": {"exception.type": "IOError"},
        "expect": {"category": "code_bug"},
    }

    assert main(["fingerprint", write("records.jsonl", json.dumps(record)), "--json"]) == 0

    wanted = fingerprint_of_line(
        "payment failed",
        severity_text="FATAL",
        resource={"service.namespace": "shop", "service.name": "checkout"},
        attributes={"exception.type": "IOError"},
    )
    assert json_lines(capsys) == [{"id": "r1", "fingerprint": wanted.hex, "masked": wanted.masked}]


def test_unspecified_severity_is_no_severity(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = write("r.jsonl", '{"id": 1, "body": "x y", "severity_text": "UNSPECIFIED"}\n{"id": 2, "body": "x y"}')

    main(["fingerprint", path, "--json"])

    first, second = json_lines(capsys)
    assert first["fingerprint"] == second["fingerprint"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": 2, "body": "cut o', "is no JSON"),
        ('{"id": 2}', "`body` should be text"),
        ("[1]", "is no JSON object"),
        ('{"body": 5}', "`body` should be text"),
        ('{"body": "a", "severity_text": 17}', "`severity_text` should be text"),
        ('{"body": "a", "severity_number": "17"}', "`severity_number` should be a whole number"),
        ('{"body": "a", "resource": []}', "`resource` should be an object"),
        ('{"body": "a \\ud800"}', "half a surrogate pair"),
        ("[" * 100_000, "is no JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_still_processed(
    write: Write, capsys: pytest.CaptureFixture[str], line: str, problem: str
) -> None:
    path = write("r.jsonl", f'{{"id": "a", "body": "first"}}\n{line}\n{{"id": "c", "body": "last"}}\n')

    status = main(["fingerprint", path, "--json"])

    printed = capsys.readouterr()
    assert status == ExitCode.INPUT_HAD_FAULTS
    assert [json.loads(row)["id"] for row in printed.out.splitlines()] == ["a", "c"]
    assert f"{path}: line 2: " in printed.err
    assert problem in printed.err


def test_json_lines_are_known_by_their_first_line_too(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    main(["fingerprint", write("records", '{"id": "r1", "body": "disk full"}\n'), "--json"])

    assert [row["id"] for row in json_lines(capsys)] == ["r1"]


def test_people_get_columns_in_which_nothing_moves_the_cursor(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    main(["fingerprint", write("r.jsonl", json.dumps({"id": "r1", "body": "red \x1b[31m\nalert"}))])

    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(fingerprint_of_line("red \x1b[31m\nalert").hex)
    assert "\x1b" not in line
    assert "\\nalert" in line


def test_pairs_are_counted_by_what_they_should_do(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [
        {"id": 1, "want": "merge", "a": "disk full", "b": "disk full"},
        {"id": 2, "want": "split", "a": "disk full", "b": {"body": "disk full", "severity_text": "FATAL"}},
        {"id": 3, "want": "split", "a": "disk full", "b": "disk full"},
        {"id": 4, "want": "merge", "a": "disk full", "b": "permission denied"},
    ]

    status = main(["fingerprint", "--pairs", write("pairs.jsonl", "\n".join(map(json.dumps, pairs))), "--json"])

    assert status == 0
    assert json_lines(capsys) == [{"split": {"n": 2, "ok": 1}, "merge": {"n": 2, "ok": 1}, "failed": [3, 4]}]


@pytest.mark.parametrize(
    "line", ['{"id": 1, "want": "join", "a": "x", "b": "y"}', '{"id": 1, "want": "merge", "a": "x"}']
)
def test_a_bad_pair_is_named_and_not_counted(write: Write, capsys: pytest.CaptureFixture[str], line: str) -> None:
    status = main(["fingerprint", "--pairs", write("pairs.jsonl", line), "--json"])

    printed = capsys.readouterr()
    assert status == ExitCode.INPUT_HAD_FAULTS
    assert "line 1: " in printed.err
    assert json.loads(printed.out) == {"split": {"n": 0, "ok": 0}, "merge": {"n": 0, "ok": 0}, "failed": []}


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fingerprint", str(tmp_path / "none")]) == ExitCode.USAGE_OR_SETTINGS
    assert "cannot be read: No such file" in capsys.readouterr().err


def test_standard_input_is_read_without_a_file_and_survives_bad_utf8() -> None:
    code = "import sys; from logtriage.cli.main import main; sys.exit(main(['fingerprint', '--json']))"

    ended = subprocess.run(
        [sys.executable, "-c", code],
        input=b"disk full \xff\n",
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert (ended.returncode, ended.stderr) == (0, b"")
    assert json.loads(ended.stdout)["fingerprint"] == fingerprint_of_line("disk full \ufffd").hex
