"""``logtriage eval`` against a model over real HTTP: cost, fallback, recordings and what is replayed of them."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from logtriage.cli.main import main
from logtriage.engines.mimo import engine as mimo_engine
from support.mimo_answers import harmless, honest
from support.mimo_http import Reply, Seen
from support.mimo_service import KEY, completion, error, ok
from support.mimo_standin import MimoStandin

COMMAND = Path(sys.executable).parent / "logtriage"
SECONDS = 90
RECORDS = [
    {
        "id": f"r{number}",
        "body": f"ERROR connection to pears-{number}:8443 reset by peer while the {word} was read",
        "severity_text": "ERROR",
        "context_before": [f"INFO asking pears-{number}"],
        "expect": {"category": category, "severity": "ERROR", "is_actionable_for_oncall": True},
    }
    for number, (word, category) in enumerate(
        [("basket", "code_bug"), ("price", "transient_network"), ("address", "code_bug"), ("basket", "noise")]
    )
]
Eval = Callable[..., tuple[int, dict[str, Any], str]]


@pytest.fixture
def standin() -> Iterator[MimoStandin]:
    with MimoStandin() as started:
        yield started


@pytest.fixture
def run(
    tmp_path: Path, standin: MimoStandin, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Eval:
    """Run the command on the records with the stand-in as the endpoint: exit code, JSON, standard error."""
    monkeypatch.delenv("MIMO_API_KEY", raising=False)
    (tmp_path / "set.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))

    def run(*arguments: str, key: str = KEY, **mimo: object) -> tuple[int, dict[str, Any], str]:
        settings = {"engine": "mimo", "mimo": {"api_key": key, "base_url": standin.base_url, **mimo}}
        (tmp_path / "settings.yaml").write_text(json.dumps(settings))
        capfd.readouterr()
        code = main(
            ["eval", str(tmp_path / "set.jsonl"), "--config", str(tmp_path / "settings.yaml"), "--json", *arguments]
        )
        out, err = capfd.readouterr()
        return code, json.loads(out) if out else {}, err

    return run


def test_the_model_judges_every_record_and_its_cost_is_told(run: Eval, standin: MimoStandin) -> None:
    code, figures, told = run()

    assert (code, figures["n"], standin.calls) == (0, 4, 4)
    assert figures["engine_version"].startswith("mimo-v2.6-flash/")
    assert figures["answered"]["n"] == 4
    assert figures["fallback"]["n"] == 0
    assert figures["cost"]["calls"] == 4
    assert figures["cost"]["input_tokens"] > 0
    assert figures["cost"]["paid_usd"] == figures["cost"]["usd"] > 0
    assert told.startswith("redacted text of the records goes to 127.0.0.1\n")


def test_the_lines_around_a_record_are_in_the_prompt(run: Eval, standin: MimoStandin) -> None:
    run()

    prompts = b"".join(seen.body for seen in standin.seen)
    assert all(f"INFO asking pears-{number}".encode() in prompts for number in range(4))


def test_records_that_the_model_does_not_answer_are_told_apart(run: Eval, standin: MimoStandin) -> None:
    standin.play("well", "no_balance")

    code, figures, _ = run(max_concurrency=1)

    assert code == 0
    assert (figures["answered"]["n"], figures["fallback"]["n"]) == (1, 3)
    assert figures["fallback"]["ids"] == ["r1", "r2", "r3"]
    assert figures["fallback"]["details"]["the endpoint answered with HTTP status 402"] == 1
    assert figures["n"] == 4


def test_no_more_calls_are_made_at_once_than_the_settings_allow(run: Eval, standin: MimoStandin) -> None:
    at_once: list[int] = []
    standin.answer_with(lambda seen: at_once.append(seen.connection) or honest(seen))  # type: ignore[func-returns-value]

    run(max_concurrency=2)

    assert len(set(at_once)) <= 2


def test_no_money_means_no_call(run: Eval, standin: MimoStandin) -> None:
    _, figures, _ = run(usd_per_day=0)

    assert standin.calls == 0
    assert figures["fallback"]["details"] == {"`mimo.usd_per_day` is spent": 4}


def test_without_a_key_the_variable_is_named(run: Eval) -> None:
    code, _, told = run(key="")

    assert code == 2
    assert "MIMO_API_KEY" in told


def test_a_replay_without_the_server_gives_the_same_predictions_byte_for_byte(tmp_path: Path, run: Eval) -> None:
    recording, first, second = (str(tmp_path / name) for name in ("answers.jsonl", "first", "second"))
    with MimoStandin() as stopped:
        _, before, _ = run("--record", recording, "--predictions", first, base_url=stopped.base_url)

    code, after, _ = run("--replay", recording, "--predictions", second, key="", base_url=stopped.base_url)

    assert code == 0
    assert Path(first).read_bytes() == Path(second).read_bytes()
    assert after["recording"] == {"replayed": 4, "asked": 0, "not_recorded": 0, "changes": []}
    assert after["cost"]["paid_usd"] == 0
    assert after["cost"]["usd"] == before["cost"]["usd"]
    assert after["fallback"]["n"] == 0


def test_noise_that_needs_a_second_answer_is_replayed_too(tmp_path: Path, run: Eval, standin: MimoStandin) -> None:
    recording, first, second = (str(tmp_path / name) for name in ("answers.jsonl", "first", "second"))
    standin.answer_with(harmless)
    run("--record", recording, "--predictions", first)

    _, figures, _ = run("--replay", recording, "--predictions", second)

    assert figures["recording"]["replayed"] == standin.calls > 4
    assert Path(first).read_bytes() == Path(second).read_bytes()


@pytest.mark.slow
def test_a_record_that_stands_twice_gets_each_of_its_answers_again(
    tmp_path: Path, run: Eval, standin: MimoStandin
) -> None:
    """The model answers another category at each call, the first ones late: none may overtake another."""
    twice = [{**RECORDS[0], "id": str(number)} for number in range(6)]
    recording, first, second = (str(tmp_path / name) for name in ("answers.jsonl", "first", "second"))
    categories = iter(["code_bug", "config_error", "data_quality", "auth_authz", "upstream_outage", "code_bug"])
    delays = iter([0.5, 0.3, 0.2, 0.1, 0.0, 0.0])

    def play(seen: Seen) -> Reply:
        content = json.dumps({**json.loads(honest(seen)), "category": next(categories)})
        return replace(ok(completion(content)), latency_seconds=next(delays))

    standin.play(play)
    (tmp_path / "set.jsonl").write_text("".join(json.dumps(record) + "\n" for record in twice))

    run("--record", recording, "--predictions", first)
    run("--replay", recording, "--predictions", second)

    assert Path(first).read_bytes() == Path(second).read_bytes()
    assert len({json.loads(line)["report"]["category"] for line in Path(first).read_text().splitlines()}) == 5


def test_of_a_retried_call_the_answer_that_counted_is_replayed(tmp_path: Path, run: Eval, standin: MimoStandin) -> None:
    recording = str(tmp_path / "answers.jsonl")
    standin.play(lambda _: error(429, "Too many requests", retry_after="0"), "well")
    _, before, _ = run("--record", recording, max_concurrency=1)

    _, after, _ = run("--replay", recording)

    assert before["fallback"]["n"] == after["fallback"]["n"] == 0
    assert after["recording"] == {"replayed": 4, "asked": 0, "not_recorded": 0, "changes": []}


def test_a_changed_prompt_is_told_and_counts_as_not_answered(
    tmp_path: Path, run: Eval, standin: MimoStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = str(tmp_path / "answers.jsonl")
    run("--record", recording)
    monkeypatch.setattr("logtriage.engines.mimo.prompt.system_message", lambda canary: f"Judge. {canary}")
    monkeypatch.setattr("logtriage.engines.mimo.system_prompt.PROMPT_VERSION", "mimo-prompt-next")

    code, figures, told = run("--replay", recording)

    assert (code, standin.calls) == (0, 4)
    assert figures["recording"]["not_recorded"] == 4
    assert figures["fallback"]["details"] == {"the request is not in the recording": 4}
    assert "prompt_version was mimo-prompt-1, is mimo-prompt-next" in told
    assert "4 requests are not in the recording" in told


def test_replaying_and_recording_asks_for_what_is_new_alone(tmp_path: Path, run: Eval, standin: MimoStandin) -> None:
    old, new, first, second = (str(tmp_path / name) for name in ("old", "new", "first", "second"))
    run("--record", old)
    added = {**RECORDS[0], "id": "added", "body": "ERROR the lid of jar 7 is stuck"}
    with (tmp_path / "set.jsonl").open("a") as file:
        file.write(json.dumps(added) + "\n")

    _, figures, _ = run("--replay", old, "--record", new, "--predictions", first)

    assert standin.calls == 5
    assert figures["recording"] == {"replayed": 4, "asked": 1, "not_recorded": 0, "changes": []}
    assert 0 < figures["cost"]["paid_usd"] < figures["cost"]["usd"]
    run("--replay", new, "--predictions", second)
    assert Path(first).read_bytes() == Path(second).read_bytes()
    assert standin.calls == 5


def test_what_only_said_to_try_again_is_asked_for_anew_and_replayed_without_its_delay(
    tmp_path: Path, run: Eval, standin: MimoStandin
) -> None:
    old, new = str(tmp_path / "old"), str(tmp_path / "new")
    standin.play(lambda _: error(503, "busy", retry_after="30"))
    run("--record", old, max_attempts=1, max_concurrency=1)
    standin.play("well")

    began = time.monotonic()
    _, replayed, _ = run("--replay", old)
    assert time.monotonic() - began < 25
    _, asked, _ = run("--replay", old, "--record", new)

    assert replayed["fallback"]["n"] == 4
    assert asked["fallback"]["n"] == 0


def test_a_recording_is_for_its_owner_holds_the_bytes_and_never_a_key(
    tmp_path: Path, run: Eval, standin: MimoStandin
) -> None:
    path = tmp_path / "answers.jsonl"
    answers: list[bytes] = []

    def play(seen: Seen) -> Reply:
        reply = ok(
            {"choices": [{"finish_reason": "stop", "message": {"content": honest(seen)}}], "caf\u00e9": "\u4e71"}
        )
        answers.append(reply.body)
        return reply

    standin.play(play)
    run("--record", str(path))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text()
    assert KEY not in text
    assert "uthorization" not in text
    header, *rows = map(json.loads, text.splitlines())
    assert "redacted log text" in header["holds"]
    assert sorted(row["body"].encode() for row in rows) == sorted(answers)
    assert {row["status"] for row in rows} == {200}


def test_a_recording_is_not_overwritten(tmp_path: Path, run: Eval, standin: MimoStandin) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text("paid for")

    code, _, told = run("--record", str(path))

    assert (code, standin.calls, path.read_text()) == (2, 0, "paid for")
    assert "exists already" in told


@pytest.mark.slow
def test_the_mark_around_a_record_is_another_in_every_recording_and_for_every_record(
    tmp_path: Path, run: Eval, standin: MimoStandin
) -> None:
    for name in ("one", "two"):
        run("--record", str(tmp_path / name))

    marks = [seen.json["messages"][1]["content"].split()[1] for seen in standin.seen]
    assert len(set(marks)) == 8


def test_local_has_no_answers_to_record(run: Eval, tmp_path: Path) -> None:
    code, _, told = run("--engine", "local", "--record", str(tmp_path / "answers"))

    assert code == 2
    assert "`--engine local`" in told


@pytest.mark.slow
def test_ctrl_c_prints_what_is_there(tmp_path: Path, run: Eval, standin: MimoStandin) -> None:
    standin.play("well", "hang")
    run("--engine", "local")
    settings = {
        "engine": "mimo",
        "mimo": {"api_key": KEY, "base_url": standin.base_url, "timeout": "60s", "max_concurrency": 1},
    }
    (tmp_path / "settings.yaml").write_text(json.dumps(settings))
    process = subprocess.Popen(
        [
            *(str(COMMAND), "eval", str(tmp_path / "set.jsonl"), "--config", str(tmp_path / "settings.yaml")),
            *("--json", "--predictions", str(tmp_path / "out"), "--record", str(tmp_path / "answers")),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        while standin.calls < 2:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=SECONDS)
    finally:
        process.kill()

    assert process.returncode == 130
    assert b"Traceback" not in told
    figures = json.loads(out)
    assert (figures["n"], figures["is_interrupted"]) == (1, True)
    assert len((tmp_path / "out").read_text().splitlines()) == 1
    assert len((tmp_path / "answers").read_text().splitlines()) == 2


def test_tokens_of_prompts_are_random_without_a_recording(
    run: Eval, standin: MimoStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mimo_engine.secrets, "token_hex", lambda _: "0123456789abcdef")

    run()

    assert all(b"BEGIN 0123456789abcdef" in seen.body for seen in standin.seen)
