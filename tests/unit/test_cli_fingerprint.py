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
    assert json.loads(ended.stdout)["fingerprint"] == fingerprint_of_line("disk full \udcff").hex


def test_a_stack_trace_is_one_record_as_in_triage(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    main(["fingerprint", write("app.log", "ERROR lid stuck\n\tat shop.Jar.open(Jar.java:7)\nERROR next\n"), "--json"])

    assert [row["id"] for row in json_lines(capsys)] == [1, 3]


def test_otlp_json_is_read_as_the_service_would_get_it(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    request = {
        "resourceLogs": [
            {
                "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "jam"}}]},
                "scopeLogs": [{"logRecords": [{"severityNumber": 17, "body": {"stringValue": "lid stuck"}}]}],
            }
        ]
    }

    assert main(["fingerprint", write("export.jsonl", json.dumps(request)), "--json"]) == 0

    (row,) = json_lines(capsys)
    wanted = fingerprint_of_line("lid stuck", severity_number=17, resource={"service.name": "jam"})
    assert row == {"id": "1.0", "fingerprint": wanted.hex, "masked": wanted.masked}


def explained(capsys: pytest.CaptureFixture[str], first: str, second: str) -> dict[str, Any]:
    assert main(["fingerprint", "--explain", first, second, "--json"]) == 0
    (told,) = json_lines(capsys)
    return told


def test_the_first_token_that_keeps_two_lines_apart_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    told = explained(capsys, "ERROR 10.0.0.1 gave 404 twice", "ERROR 10.0.0.2 gave 503 twice")

    assert not told["same"]
    (difference,) = told["differences"]
    assert (difference["part"], difference["tokens"]) == ("body", ["404", "503"])
    assert difference["a"].encode()[difference["at_byte"] :].startswith(b"404")


def test_each_placeholder_of_equal_lines_is_told_with_its_mask_and_what_it_stood_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = explained(capsys, "ERROR 10.0.0.1 gave up", "ERROR 10.0.0.2 gave up")

    assert told["same"]
    assert told["a"]["fingerprint"] == told["b"]["fingerprint"]
    masks = [part["masks"] for side in ("a", "b") for part in told[side]["parts"] if part["name"] == "body"]
    assert [[(each["mask"], each["text"], each["shown"]) for each in found] for found in masks] == [
        [("ipv4", "10.0.0.1", "<ip>")],
        [("ipv4", "10.0.0.2", "<ip>")],
    ]


def test_a_code_that_one_record_lacks_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    first = {"body": "lid stuck", "attributes": {"error.type": "Jar"}, "service_name": "jam"}

    told = explained(capsys, json.dumps(first), json.dumps({"body": "lid stuck", "service_name": "tea"}))

    assert [(each["part"], each["a"], each["b"]) for each in told["differences"]] == [
        ("service.name", "jam", "tea"),
        ("error.type", "Jar", None),
    ]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ("app.lgo", "there is no file `app.lgo`, but there is `app.log`. To"),
        ("app.lgo:2", "there is no file `app.lgo`, but there is `app.log`. To"),
        ("other.jsonl", "there is no file `other.jsonl`."),
        ("logs/none", "there is no file `logs/none`."),
        ("logs", "`logs` is a folder, not a file."),
    ],
)
def test_a_mistyped_file_name_is_not_explained_as_a_line(
    given: str, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.log").write_text("ERROR one\n")
    (tmp_path / "logs").mkdir()

    assert main(["fingerprint", "--explain", given, "app.log"]) == ExitCode.USAGE_OR_SETTINGS

    told = capsys.readouterr().err
    assert problem in told
    assert f'write `{{"body": "{given}"}}`' in told


@pytest.mark.parametrize(
    "line", ["killed", "socket.error", "GET/v1/items", "/healthz", "10.0.0.1:8080", "cannot open app.log", "error:12"]
)
def test_a_line_of_one_word_stays_a_line(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.log").write_text("ERROR one\n")

    assert explained(capsys, line, line)["same"]


def test_records_of_files_are_explained_by_their_line(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    several = write("several.jsonl", '{"id": 1, "body": "lid stuck"}\n\n{"id": 2, "body": "lid lost"}\n')
    one = write("one.log", "lid lost\n")

    assert explained(capsys, f"{several}:3", one)["same"]
    assert not explained(capsys, f"{several}:1", one)["same"]
    for wrong, problem in ((several, "has several records"), (f"{several}:2", "no record begins there")):
        assert main(["fingerprint", "--explain", wrong, one]) == ExitCode.USAGE_OR_SETTINGS
        assert problem in capsys.readouterr().err


def test_people_see_the_differing_token_marked_and_nothing_that_moves_the_cursor(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["fingerprint", "--explain", "jar 10.0.0.1 \x1b[2J shut 3", "jar 10.0.0.1 \x1b[2J open 3"]) == 0

    out = capsys.readouterr().out
    assert "different: " in out
    assert "»shut«" in out
    assert "»open«" in out
    assert "<ip> stood for 10.0.0.1  (ipv4)" in out
    assert "\x1b" not in out


def test_equal_fingerprints_and_no_difference_are_the_same_thing(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    """Held on every pair of a few records that differ in one field each."""
    base: dict[str, Any] = {"body": "lid 10.0.0.1 stuck", "severity_text": "ERROR", "service_name": "jam"}
    changes: list[dict[str, Any]] = [
        {},
        {"body": "lid 10.0.0.2 stuck"},
        {"body": "lid 10.0.0.2 lost"},
        {"severity_text": "FATAL"},
        {"service_name": "tea"},
        {"attributes": {"exception.type": "Jar", "exception.message": "10.0.0.3"}},
        {"attributes": {"exception.type": "Jar", "exception.message": "10.0.0.4"}},
        {"attributes": {"exception.type": "Jar", "exception.stacktrace": "at Jar.open(Jar.java:3)"}},
        {"attributes": {"colour": "red"}},
        {"attributes": {"reason": "rust"}},
    ]
    for first in changes:
        for second in changes:
            told = explained(capsys, json.dumps({**base, **first}), json.dumps({**base, **second}))
            assert told["same"] == (told["a"]["fingerprint"] == told["b"]["fingerprint"]), (first, second)


def reported(write: Write, capsys: pytest.CaptureFixture[str], text: str, name: str = "app.log") -> dict[str, Any]:
    assert main(["fingerprint", "--report", write(name, text), "--json"]) == 0
    (told,) = json_lines(capsys)
    return told


def test_the_report_tells_groups_sizes_repeats_and_what_varies(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    told = reported(
        write, capsys, "\n".join(f"ERROR 10.0.0.{number}: lid stuck" for number in (4, 4, 5)) + "\nERROR x\n"
    )

    assert (told["records"], told["groups"], told["singles"]) == (4, 2, 1)
    assert (told["groups_per_record"], told["exact_duplicate_share"]) == (0.5, 0.25)
    largest = told["by_size"][0]
    assert (largest["size"], largest["first_id"]) == (3, 1)
    assert largest["masked"]["body"] == "ERROR <ip>: lid stuck"
    assert largest["varies"] == [
        {"part": "body", "placeholder": 1, "mask": "ipv4", "distinct": 2, "samples": ["10.0.0.4", "10.0.0.5"]}
    ]


def test_groups_that_differ_in_one_token_are_named_for_merging(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    told = reported(write, capsys, "ERROR oven is hot\nERROR oven is cold\nERROR oven was cold\nERROR jar\n")

    found = [(each["masked"], each["tokens"]) for each in told["merge_candidates"]]
    assert ("ERROR oven is »…«", ["hot", "cold"]) in found
    assert ("ERROR oven »…« cold", ["is", "was"]) in found
    assert len(found) == 2


def test_a_group_with_differing_codes_in_an_attribute_is_named_for_splitting(
    write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    records = [
        {"id": number, "body": "ERROR lid stuck", "attributes": {"jar.status": status, "jar.colour": status}}
        for number, status in enumerate(("shut", "open", "open"))
    ]

    told = reported(write, capsys, "\n".join(map(json.dumps, records)), "records.jsonl")

    (candidate,) = told["split_candidates"]
    assert candidate["signs"] == ["attribute jar.status: carries different codes: shut, open"]


def test_people_see_the_report_and_bad_lines_are_told(write: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(
        "records.jsonl", '{"body": "ERROR 10.0.0.1 \\u001b[2J lid"}\n{\n{"body": "ERROR 10.0.0.2 \\u001b[2J lid"}\n'
    )

    assert main(["fingerprint", "--report", path]) == ExitCode.INPUT_HAD_FAULTS

    captured = capsys.readouterr()
    assert "2 records in 1 group" in captured.out
    assert "(ipv4): 2 values: 10.0.0.1, 10.0.0.2" in captured.out
    assert "\x1b" not in captured.out
    assert "line 2: is no JSON" in captured.err
