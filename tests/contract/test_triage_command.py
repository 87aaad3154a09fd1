"""``logtriage triage`` as its users run it: pipes, signals, and a model at the side."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from logtriage.cli.input.reading import read_records
from logtriage.cli.main import main
from logtriage.config.settings import Settings
from logtriage.engines.mimo import engine as mimo_engine
from logtriage.service.shown_prompt import ShownPrompts
from logtriage.service.single import SingleJudge
from support.mimo_answers import honest
from support.mimo_http import Reply, Seen
from support.mimo_service import KEY, completion, ok
from support.mimo_standin import MimoStandin

COMMAND = Path(sys.executable).parent / "logtriage"
SECONDS = 90
LINE = "ERROR connection to pears:8443 reset by peer"
_TOKEN = re.compile(rb"[0-9a-f]{16}")


@pytest.fixture
def standin() -> Iterator[MimoStandin]:
    with MimoStandin() as started:
        yield started


def settings_file(folder: Path, standin: MimoStandin, **mimo: object) -> str:
    path = folder / "settings.yaml"
    path.write_text(json.dumps({"engine": "mimo", "mimo": {"api_key": KEY, "base_url": standin.base_url, **mimo}}))
    return str(path)


@dataclass(frozen=True)
class Done:
    """What a run of the command printed."""

    stdout: bytes
    stderr: bytes

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.stdout.splitlines()]


Run = Callable[..., Done]


def _take_interrupts() -> None:
    """Let the child be interrupted also where these tests run in the background of a shell, which ignores SIGINT."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def run(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process on a file with a text: the model's client is imported once for all tests."""
    monkeypatch.delenv("MIMO_API_KEY", raising=False)

    def run(*arguments: str, text: str) -> Done:
        path = tmp_path / "input.log"
        path.write_text(text)
        capfdbinary.readouterr()
        assert main(["triage", *arguments, str(path)]) == 0
        return Done(*capfdbinary.readouterr())

    return run


@pytest.mark.parametrize("file", [(), ("-",)])
def test_a_pipe_is_read_with_and_without_a_dash(file: tuple[str, ...]) -> None:
    done = subprocess.run(
        [str(COMMAND), "triage", "--engine", "local", "--json", *file],
        input=LINE.encode(),
        capture_output=True,
        timeout=SECONDS,
        check=True,
    )

    assert json.loads(done.stdout)["line"] == 1


def test_the_model_judges_in_the_order_of_the_input(run: Run, tmp_path: Path, standin: MimoStandin) -> None:
    text = "".join(f"{LINE} number {number} of pear-{number}\n" for number in range(20))

    lines = run("--config", settings_file(tmp_path, standin), "--json", text=text).lines

    assert [line["line"] for line in lines] == list(range(1, 21))
    assert {(line["status"], line["engine"], line["model"]) for line in lines} == {("fresh", "mimo", "mimo-v2.6-flash")}
    assert standin.calls == 20


@pytest.mark.parametrize(
    ("scenario", "reason"),
    [
        ("no_balance", "no_model"),
        ("html", "invalid_output"),
        ("moderated", "content_filter"),
        ("not_found", "no_model"),
    ],
)
def test_a_failing_model_leaves_the_local_verdict_and_says_why(
    scenario: str, reason: str, run: Run, tmp_path: Path, standin: MimoStandin
) -> None:
    standin.play(scenario)

    done = run("--config", settings_file(tmp_path, standin), "--json", text=LINE)

    (line,) = done.lines
    assert (line["status"], line["engine"], line["reason"]) == ("fallback", "local", reason)
    assert line["detail"]
    assert KEY.encode() not in done.stdout + done.stderr


def test_a_person_is_told_of_the_fallback_and_its_cause(run: Run, tmp_path: Path, standin: MimoStandin) -> None:
    standin.play("bad_key")

    done = run("--config", settings_file(tmp_path, standin), text=LINE)

    assert done.stderr.decode().startswith("redacted text of the records goes to 127.0.0.1\n")
    assert "fallback: no_model (the endpoint answered with HTTP status 401)" in done.stdout.decode()
    assert "1 record judged by mimo (1 of them by local instead)" in done.stderr.decode()


def test_a_hanging_model_ends_with_the_timeout(run: Run, tmp_path: Path, standin: MimoStandin) -> None:
    standin.play("hang")

    (line,) = run("--config", settings_file(tmp_path, standin, timeout="300ms"), "--json", text=LINE).lines

    assert (line["status"], line["reason"]) == ("fallback", "deadline")


@pytest.mark.parametrize("engine", ["local", "mimo"])
def test_a_pipe_that_stays_open_gets_its_reports_at_once_and_ctrl_c_ends_it(
    engine: str, tmp_path: Path, standin: MimoStandin
) -> None:
    process = subprocess.Popen(
        [str(COMMAND), "triage", "--config", settings_file(tmp_path, standin), "--engine", engine, "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=_take_interrupts,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(b"ERROR connection refused\n\tat shop.Cart.pay(Cart.java:12)\n")
        process.stdin.flush()

        assert json.loads(process.stdout.readline())["fingerprint"]

        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 130
        assert process.stderr is not None
        assert b"Traceback" not in process.stderr.read()
    finally:
        process.kill()
        process.communicate()


def test_ctrl_c_ends_a_call_of_a_hanging_model(tmp_path: Path, standin: MimoStandin) -> None:
    """Both calls are under way at once, in either order: the record says which of them hangs."""
    hangs = threading.Event()

    def play(seen: Seen) -> Reply:
        if b"lychee" not in seen.body:
            return ok(completion(honest(seen)))
        hangs.set()
        return Reply(hangs=True)

    standin.play(play)
    process = subprocess.Popen(
        [str(COMMAND), "triage", "--config", settings_file(tmp_path, standin, timeout="10m"), "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=_take_interrupts,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(f"{LINE}\nERROR no lychee left\n".encode())
        process.stdin.close()
        process.stdin = None
        assert json.loads(process.stdout.readline())["status"] == "fresh"
        assert hangs.wait(SECONDS)

        process.send_signal(signal.SIGINT)

        _, told = process.communicate(timeout=SECONDS)
        assert process.returncode == 130
        assert b"Traceback" not in told
    finally:
        process.kill()


@pytest.mark.parametrize("engine", ["local", "mimo"])
def test_a_reader_that_leaves_is_no_fault(engine: str, tmp_path: Path, standin: MimoStandin) -> None:
    source = tmp_path / "input.log"
    source.write_text("".join(f"{LINE} {number}\n" for number in range(2000)))
    command = f"{COMMAND} triage --config {settings_file(tmp_path, standin)} --engine {engine} {source}"

    done = subprocess.run(
        ["bash", "-c", f"{command} --json | head -n 1; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )

    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert len(done.stdout.splitlines()) == 1
    assert standin.calls < 2000


RECORDS = [
    LINE,
    'ERROR caf\u00e9 \u4e71\u7801 \U0001f350 \u202e \u0000 \x1b[31m "quoted" \\ /',
    "ERROR bytes \udcff that are no UTF-8",
    "ERROR login failed for ana@example.com password=hunter2 token sk-abcdefghijklmnopqrstuvwx",
    "ERROR " + "x" * 40_000,
]


async def _sent(standin: MimoStandin, settings: Settings, text: str) -> bytes:
    (item,) = read_records([text])
    assert item.view is not None
    async with SingleJudge(settings) as judge:
        await judge.judge(item.view, item.context)
    return standin.seen[0].body


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        *((text, {}) for text in RECORDS),
        (LINE, {"thinking": "disabled"}),
        (LINE, {"seller": "vllm", "structured": "json_schema"}),
    ],
)
def test_the_shown_prompt_is_byte_for_byte_what_the_model_is_sent(
    text: str, changes: dict[str, object], standin: MimoStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Boundary and canary are random in each process: here they are fixed."""
    monkeypatch.setattr(mimo_engine.secrets, "token_hex", lambda _: "0123456789abcdef")
    settings = Settings.model_validate({"engine": "mimo", "mimo": standin.settings(**changes).model_dump()})
    (item,) = read_records([text])
    assert item.view is not None

    shown = ShownPrompts(settings, new_token=lambda: "0123456789abcdef").body_of(item.view, item.context)

    assert shown == asyncio.run(_sent(standin, settings, text))


def test_the_command_shows_what_it_would_send_but_for_boundary_and_canary_and_sends_nothing(
    run: Run, tmp_path: Path, standin: MimoStandin
) -> None:
    file = settings_file(tmp_path, standin)

    shown = run("--config", file, "--show-prompt", text=LINE).stdout

    assert standin.calls == 0
    run("--config", file, "--json", text=LINE)
    assert _TOKEN.sub(b"", shown) == _TOKEN.sub(b"", standin.seen[0].body) + b"\n"
    assert LINE.split(" ", 1)[1].encode() in shown


def test_prompts_are_shown_without_a_key(run: Run) -> None:
    shown = run("--engine", "mimo", "--show-prompt", text=f"{LINE}\nERROR second\n").stdout

    assert [json.loads(line)["model"] for line in shown.splitlines()] == ["mimo-v2.6-flash"] * 2


def test_secrets_are_redacted_in_the_shown_prompt(run: Run) -> None:
    shown = run("--show-prompt", text="ERROR login failed password=hunter2horse for ana@example.com").stdout

    assert b"hunter2horse" not in shown
    assert b"ana@example.com" not in shown
