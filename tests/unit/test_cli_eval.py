from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from logtriage.cli.exit_codes import ExitCode
from logtriage.cli.input.reading import read_records
from logtriage.cli.main import main
from logtriage.engines.judgement import Judgement
from logtriage.engines.local.engine import LocalEngine
from logtriage.schema.record import Context, RecordView

REFUSED = {
    "id": "refused",
    "body": "ERROR dial tcp 10.0.0.1:5432: connect: connection refused",
    "severity_text": "ERROR",
    "expect": {"category": "upstream_outage", "severity": "ERROR", "is_actionable_for_oncall": True},
}
QUIET = {
    "id": 7,
    "body": "INFO the kettle is on",
    "expect": {"category": "noise", "severity": "DEBUG", "is_actionable_for_oncall": False},
}


def data_set(folder: Path, *lines: dict[str, Any] | str, name: str = "set.jsonl") -> str:
    path = folder / name
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines) + "\n")
    return str(path)


def evaluated(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = ExitCode.OK) -> dict[str, Any]:
    assert main(["eval", "--engine", "local", "--json", *arguments]) == status
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_every_record_is_judged_whatever_its_severity(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = evaluated(capsys, data_set(tmp_path, REFUSED, QUIET))

    assert figures["n"] == 2
    assert figures["confusion"]["upstream_outage"]["upstream_outage"] == 1
    assert figures["wrong_strict"] == [7]


def test_the_keys_of_the_data_set_format_are_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = evaluated(capsys, data_set(tmp_path, REFUSED))

    assert set(figures) >= {
        *("n", "accuracy_strict", "accuracy_lenient", "macro_f1", "per_category", "confusion", "severity_accuracy"),
        *("actionable_recall", "false_page_rate", "noise_precision", "ece", "ece_bins"),
        *("evidence_verbatim_rate", "evidence_missing_rate"),
    }
    assert figures["evidence_verbatim_rate"] == 1.0


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"id": "x", "body"', "is no JSON"),
        ("[]", "is no JSON object"),
        ('{"body": "b", "expect": {"category": "noise"}}', "`id` is missing"),
        ('{"id": "x", "expect": {"category": "noise"}}', "`body` is missing"),
        ('{"id": "x", "body": "b"}', "`expect` is missing"),
        ('{"id": "x", "body": "b", "expect": {"category": "bug"}}', "'bug' is none of the nine categories"),
        ('{"id": "refused", "body": "b", "expect": {"category": "noise"}}', "stands in line 1 already"),
        (
            '{"id": "x", "body": "b", "expect": {"category": "noise"}, "context_before": "INFO one\\nINFO two"}',
            "`context_before` should be a list of lines",
        ),
        (
            '{"id": "x", "body": "b", "expect": {"category": "noise"}, "context_after": [{"body": "one"}]}',
            "`context_after` should be a list of lines",
        ),
        (
            '{"id": "x", "body": "b", "expect": {"category": "noise"}, "attributes": []}',
            "`attributes` should be",
        ),
    ],
)
def test_a_bad_line_is_told_and_the_others_are_judged(
    line: str, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data_set(tmp_path, REFUSED, line, QUIET)

    assert main(["eval", "--engine", "local", "--json", path]) == ExitCode.INPUT_HAD_FAULTS

    captured = capsys.readouterr()
    figures = json.loads(captured.out)
    assert figures["n"] == 2
    assert [each["line"] for each in figures["bad_lines"]] == [2]
    assert captured.err.startswith(f"{path}: line 2: ")
    assert problem in captured.err


def test_predictions_have_one_report_a_line_under_the_id_of_the_data_set(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "predictions.jsonl"

    evaluated(capsys, data_set(tmp_path, REFUSED, QUIET), "--predictions", str(out))

    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [set(row) for row in rows] == [{"id", "report"}] * 2
    assert [row["id"] for row in rows] == ["refused", 7]
    assert rows[0]["report"]["category"] == "upstream_outage"


def test_predictions_do_not_overwrite_the_data_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = data_set(tmp_path, REFUSED)

    assert main(["eval", "--engine", "local", path, "--predictions", path]) == ExitCode.USAGE_OR_SETTINGS

    assert "is the data set itself" in capsys.readouterr().err
    assert json.loads(Path(path).read_text()) == REFUSED


def test_the_lines_around_a_record_reach_the_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alone = {**REFUSED, "body": "ERROR no server available for backend pears", "severity_text": "ERROR"}
    recovered = {**alone, "context_after": ["INFO backend pears is UP again, server available"]}
    reports = []
    for record in (alone, recovered):
        out = tmp_path / "predictions.jsonl"
        evaluated(capsys, data_set(tmp_path, record), "--predictions", str(out))
        reports.append(json.loads(out.read_text())["report"])

    assert reports[0] != reports[1]


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_data_set_that_cannot_be_read_is_wrong_use(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval", "--engine", "local", str(tmp_path / name)]) == ExitCode.USAGE_OR_SETTINGS
    assert "cannot read" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [(), ("--compare", "a", "a")])
def test_a_data_set_without_a_record_says_nothing_of_an_engine_and_is_wrong_use(
    arguments: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = data_set(tmp_path, "", " ")

    assert main(["eval", path, *arguments]) == ExitCode.USAGE_OR_SETTINGS
    assert capsys.readouterr().err.startswith(f"`{path}` has no record: ")


def test_a_null_context_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = data_set(tmp_path, {**REFUSED, "context_before": None, "context_after": []})

    assert evaluated(capsys, path)["n"] == 1


def test_without_a_data_set_the_command_says_what_it_wants(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "--engine", "local"]) == ExitCode.USAGE_OR_SETTINGS
    assert "data set" in capsys.readouterr().err


def fail_at(monkeypatch: pytest.MonkeyPatch, body: bytes, error: BaseException) -> None:
    judge = LocalEngine.judge

    def failing(self: LocalEngine, record: RecordView, context: Context) -> Judgement:
        if record.body == body:
            raise error
        return judge(self, record, context)

    monkeypatch.setattr(LocalEngine, "judge", failing)


def test_a_record_on_which_the_engine_fails_is_named_and_the_others_are_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(monkeypatch, REFUSED["body"].encode(), ValueError("secret text of a record"))

    status = main(["eval", "--engine", "local", "--json", data_set(tmp_path, REFUSED, QUIET)])

    captured = capsys.readouterr()
    figures = json.loads(captured.out)
    assert status == ExitCode.INPUT_HAD_FAULTS
    assert (figures["n"], [each["id"] for each in figures["failed"]]) == (1, ["refused"])
    assert "line 1: a bug of LogTriage, not judged: ValueError at " in captured.err
    assert "secret" not in captured.err + captured.out


def test_an_interrupted_run_prints_and_writes_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(monkeypatch, QUIET["body"].encode(), KeyboardInterrupt())
    out = tmp_path / "predictions.jsonl"

    figures = evaluated(capsys, data_set(tmp_path, REFUSED, QUIET), "--predictions", str(out), status=130)

    assert (figures["n"], figures["is_interrupted"]) == (1, True)
    assert len(out.read_text().splitlines()) == 1


def test_people_see_the_figures_and_what_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "--engine", "local", data_set(tmp_path, REFUSED, QUIET)]) == ExitCode.OK

    captured = capsys.readouterr()
    assert "accuracy_strict" in captured.out
    assert captured.err.startswith("2 records judged by local (local-")


def test_drawings_are_written_into_a_new_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    evaluated(capsys, data_set(tmp_path, REFUSED), "--svg", str(tmp_path / "new" / "folder"))

    names = sorted(path.name for path in (tmp_path / "new" / "folder").iterdir())
    assert names == ["confusion.svg", "coverage.svg", "reliability.svg"]


def test_two_runs_are_compared_with_and_without_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, first, second = data_set(tmp_path, REFUSED, QUIET), str(tmp_path / "a"), str(tmp_path / "b")
    evaluated(capsys, path, "--predictions", first)
    rows = [json.loads(line) for line in Path(first).read_text().splitlines()]
    rows[0]["report"]["category"] = "auth_authz"
    Path(second).write_text("".join(json.dumps(row) + "\n" for row in rows))

    assert main(["eval", path, "--compare", first, second, "--json"]) == ExitCode.OK
    with_labels = json.loads(capsys.readouterr().out)
    assert main(["eval", "--compare", first, second, "--json"]) == ExitCode.OK
    without = json.loads(capsys.readouterr().out)

    assert with_labels["labelled"]["broken"] == ["refused"]
    assert without["category_changed"] == ["refused"]
    assert "labelled" not in without


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--compare", "none", "none"), "cannot read `none`"),
        (("--compare", "/dev/null", "none"), "`/dev/null` has no prediction"),
        (("--compare", "none", "none", "--engine", "local"), "leave `--engine` away"),
        (("--engine", "local", "set", "--replay", "none"), "there are none with `--engine local`"),
        (("set", "--replay", "none"), "cannot read `none`"),
        (("set", "--engine", "local", "--predictions", "no/folder"), "cannot write `no/folder`"),
        (("set", "--engine", "local", "--svg", "set"), "cannot make `set`"),
    ],
)
def test_wrong_use_is_said_before_anything_is_judged(
    arguments: tuple[str, ...],
    problem: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MIMO_API_KEY", raising=False)
    monkeypatch.chdir(tmp_path)
    data_set(tmp_path, REFUSED, name="set")

    assert main(["eval", *arguments]) == ExitCode.USAGE_OR_SETTINGS

    captured = capsys.readouterr()
    assert problem in captured.err
    assert captured.out == ""


def test_the_service_that_a_record_names_itself_counts() -> None:
    record = {"id": 1, "body": "x", "service_name": "jam", "resource": {"service.name": "overruled"}}

    (item,) = read_records([json.dumps(record)], service_name="default")

    assert item.view is not None
    assert item.view.resource.service_name == b"jam"
