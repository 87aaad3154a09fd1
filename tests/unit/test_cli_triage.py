from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from logtriage.cli.engine_choice import settings_for
from logtriage.cli.exit_codes import ExitCode
from logtriage.cli.main import main
from logtriage.cli.report_view import marked_body, print_report
from logtriage.config.judging import EngineChoice
from logtriage.config.settings import Settings
from logtriage.errors import SettingsError
from logtriage.schema.line import view_of_line
from logtriage.service.single import SingleJudge

REFUSED = "ERROR dial tcp 10.0.0.1:5432: connect: connection refused"


def write(folder: Path, data: str | bytes, name: str = "input.log") -> str:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def judged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_json_has_one_object_a_record_with_the_report_and_where_it_comes_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, f"{REFUSED}\n\tat x\nINFO ready\n")

    assert main(["triage", "--engine", "local", "--json", path]) == ExitCode.OK

    first, second = judged(capsys)
    assert (first["id"], first["line"], second["line"]) == ("1", 1, 3)
    assert first["report"]["category"] == "upstream_outage"  # type: ignore[index]
    assert (first["status"], first["engine"], first["signature"]) == ("fresh", "local", "network.connection_refused")
    assert all(quote in REFUSED for quote in first["report"]["evidence"])  # type: ignore[index]


def test_bad_lines_are_told_with_their_number_and_the_rest_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path, '{"id":"a","body":"x"}\n{"id":\n{"id":"c","body":"y"}\n')

    assert main(["triage", "--engine", "local", "--json", path]) == ExitCode.INPUT_HAD_FAULTS

    captured = capsys.readouterr()
    assert [json.loads(line)["id"] for line in captured.out.splitlines()] == ["a", "c"]
    assert captured.err.startswith("line 2: is no JSON")


@pytest.mark.parametrize("name", ["missing.log", "."])
def test_a_file_that_cannot_be_read_is_wrong_use(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["triage", "--engine", "local", str(tmp_path / name)]) == ExitCode.USAGE_OR_SETTINGS
    assert "cannot read" in capsys.readouterr().err


def test_an_empty_input_is_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["triage", "--engine", "local", write(tmp_path, "")]) == ExitCode.OK

    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "0 records judged by local\n"


def test_bytes_that_are_no_utf8_are_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, b"ERROR \xff connection refused\n")

    assert main(["triage", "--engine", "local", "--json", path]) == ExitCode.OK
    assert judged(capsys)[0]["report"]["category"] == "upstream_outage"  # type: ignore[index]


def test_a_person_sees_the_line_the_verdict_and_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, f"\n{REFUSED}\n")

    assert main(["triage", "--engine", "local", "--service", "cart", path]) == ExitCode.OK

    captured = capsys.readouterr()
    for words in ("line 2", "cart", "connection refused", "upstream_outage", "page", "confidence"):
        assert words in captured.out
    assert captured.err == "1 record judged by local\n"


def test_escapes_of_a_record_do_not_reach_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, "ERROR \x1b[2J\x1b]0;title\x07 \u202e [bold]x[/bold]\n")

    assert main(["triage", "--engine", "local", path]) == ExitCode.OK

    out = capsys.readouterr().out
    assert not {"\x1b", "\x07", "\u202e"} & set(out)
    assert "\\x1b[2J" in out
    assert "[bold]x[/bold]" in out


def test_evidence_far_down_in_a_long_record_is_shown_and_marked() -> None:
    body = "\n".join([*(f"line {number}" for number in range(50)), "connection refused", "end"])

    text = marked_body(body, ("connection refused",), max_lines=5)

    assert text.plain.split("\n") == ["line 0", "line 1", "line 2", "line 3", "…", "connection refused", "…"]
    (span,) = text.spans
    assert text.plain[span.start : span.end] == "connection refused"


def test_without_colours_the_evidence_is_written_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["triage", "--engine", "local", write(tmp_path, f"{REFUSED}\n")]) == ExitCode.OK

    assert "evidence: “" in capsys.readouterr().out


def test_an_endless_line_is_cut_behind_its_evidence() -> None:
    text = marked_body("x" * 5000 + "refused" + "y" * 5000, ("refused",))

    assert text.plain.endswith("refused…")


def test_a_report_fits_a_narrow_terminal() -> None:
    console = Console(width=40, record=True, file=open(os.devnull, "w"))  # noqa: SIM115
    record = view_of_line(REFUSED)
    with console.file:
        print_report(console, "line 1", record, SingleJudge(Settings()).judge_by_local(record).verdict)

        assert max(len(line) for line in console.export_text().splitlines()) <= 40


def test_the_local_engine_needs_neither_the_models_client_nor_grpc_nor_the_sdk(tmp_path: Path) -> None:
    program = (
        "import sys; from logtriage.cli.main import main; code = main(sys.argv[1:]); "
        "print([name for name in ('openai', 'httpx2', 'grpc', 'opentelemetry.sdk') if name in sys.modules]); "
        "sys.exit(code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "triage", "--engine", "local", "--json", write(tmp_path, REFUSED)],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines()[-1] == "[]"


def test_the_local_engine_is_used_whatever_is_wrong_with_the_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = write(tmp_path, "engine: mimo\nmimo: {model: MIMO}\n", "settings.yaml")

    assert (
        main(["triage", "--engine", "local", "--config", settings, "--json", write(tmp_path, REFUSED)]) == ExitCode.OK
    )
    assert judged(capsys)[0]["engine"] == "local"


@pytest.mark.parametrize("options", [("--json",), ("--json", "--config", "{settings}")])
def test_the_model_without_a_key_is_a_fault_of_the_settings(
    options: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MIMO_API_KEY", raising=False)
    settings = write(tmp_path, "detail: full\n", "settings.yaml")
    argv = [option.replace("{settings}", settings) for option in options]

    assert main(["triage", "--engine", "mimo", *argv, write(tmp_path, REFUSED)]) == ExitCode.USAGE_OR_SETTINGS
    assert "`mimo.api_key`" in capsys.readouterr().err


def test_choosing_the_model_takes_the_key_from_the_environment_though_the_file_says_local(tmp_path: Path) -> None:
    path = Path(write(tmp_path, "engine: local\n", "settings.yaml"))

    settings = settings_for(path, {"MIMO_API_KEY": "sk-abc"}, engine="mimo")

    assert settings.engine is EngineChoice.MIMO
    assert settings.mimo.api_key.get_secret_value() == "sk-abc"


def test_faults_outside_of_the_model_stop_the_local_engine_too(tmp_path: Path) -> None:
    path = Path(write(tmp_path, "detail: loud\nmimo: {timeout: 5}\n", "settings.yaml"))

    with pytest.raises(SettingsError):
        settings_for(path, {}, engine="local")
