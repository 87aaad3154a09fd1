from __future__ import annotations

import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from logtriage.cli.config import write_settings_page
from logtriage.cli.exit_codes import ExitCode
from logtriage.cli.main import main
from logtriage.config.settings import Settings
from logtriage.version import __version__


def test_version_names_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"logtriage {__version__}\n"


def test_help_names_every_command_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0

    printed = " ".join(capsys.readouterr().out.split())
    for word in ("serve", "demo", "fingerprint", "config", *(code.meaning for code in ExitCode)):
        assert word in printed


@pytest.mark.parametrize("code", ExitCode)
def test_every_exit_code_stands_in_the_help_and_in_the_docs(code: ExitCode, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--help"])

    assert f"\n  {code.value:<5}{code.meaning[:40]}" in capsys.readouterr().out
    assert f"\n| {code.value} | {code.meaning} |\n" in write_settings_page()


@pytest.mark.parametrize(
    "command", ["serve", "demo", "triage", "eval", "doctor", "fingerprint", "deadletter", "config"]
)
def test_the_help_of_a_command_says_where_exit_codes_are_explained(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "--help"]) == 0
    assert "What the exit codes mean: `logtriage --help`." in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("argv", [[], ["bogus"], ["config"], ["config", "check"], ["serve", "--conf", "x"]])
def test_wrong_use_ends_with_the_code_for_it(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == ExitCode.USAGE_OR_SETTINGS
    assert "usage:" in capsys.readouterr().err


def test_config_check_says_ok_to_a_good_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "good.yaml"
    path.write_text("exporter: {endpoint: 'gateway:4317'}")

    assert main(["config", "check", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: OK\n"


def test_config_check_warns_of_settings_against_each_other_and_lets_them_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "logtriage.yaml"
    path.write_text("shutdown: {grace: 3s}")

    assert main(["config", "check", str(path)]) == 0

    printed = capsys.readouterr()
    assert printed.out == f"{path}: OK, 1 warning\n"
    assert printed.err.startswith("warning: `shutdown.grace`: is below `exporter.timeout`")


def test_config_check_prints_all_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("exporter: {timeout: 5}\nengin: local")

    assert main(["config", "check", str(path)]) == ExitCode.USAGE_OR_SETTINGS
    printed = capsys.readouterr().err
    assert f"{path}: 2 faults in the settings\n" in printed
    assert "`exporter.timeout`" in printed
    assert "did you mean `engine`?" in printed


def test_config_check_reads_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOGTRIAGE_TEST_ENDPOINT", "localhost:x")
    path = tmp_path / "env.yaml"
    path.write_text("exporter: {endpoint: '${env:LOGTRIAGE_TEST_ENDPOINT}'}")

    assert main(["config", "check", str(path)]) == ExitCode.USAGE_OR_SETTINGS
    assert "(value: `localhost:x`)" in capsys.readouterr().err


def test_serve_with_faulty_settings_starts_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("engine: mimo")

    assert main(["serve", "--config", str(path)]) == ExitCode.USAGE_OR_SETTINGS
    assert "`mimo.api_key`: is not set" in capsys.readouterr().err


def test_serve_runs_the_service_with_the_settings_and_gives_its_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[Settings] = []

    def run_service(settings: Settings) -> int:
        served.append(settings)
        return ExitCode.CANNOT_START

    service = types.ModuleType("logtriage.service.run")
    service.run_service = run_service  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "logtriage.service.run", service)
    path = tmp_path / "good.yaml"
    path.write_text("exporter: {timeout: 2s}")

    status = main(["serve", "--config", str(path)])

    assert status == ExitCode.CANNOT_START
    assert [settings.exporter.timeout for settings in served] == [2.0]


def test_no_command_imports_what_it_does_not_need() -> None:
    code = (
        "import sys, logtriage.cli.main; print([m for m in ('grpc', 'pydantic', 'opentelemetry') if m in sys.modules])"
    )

    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment()
    )

    assert printed.stdout.strip() == "[]"


@pytest.mark.parametrize("argv", [["--version"], ["config", "docs"]])
def test_a_reader_that_goes_away_ends_the_command_quietly(argv: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    code = f"import sys; from logtriage.cli.main import main; sys.exit(main({argv}))"

    ended = subprocess.run(
        [sys.executable, "-c", code], stdout=writing, stderr=subprocess.PIPE, text=True, check=False, env=environment()
    )

    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, "")


def environment() -> dict[str, str]:
    """Let a child find what this process finds; its output is buffered, as it is for people."""
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return {**inherited, "PYTHONPATH": os.pathsep.join(sys.path)}
