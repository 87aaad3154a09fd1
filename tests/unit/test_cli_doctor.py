"""``logtriage doctor`` against real gRPC servers and the model's stand-in over real HTTP, on loopback."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from typing import Any

import grpc
import pytest

from logtriage.cli.exit_codes import ExitCode
from logtriage.cli.main import main
from logtriage.config.mimo_facts import Seller
from logtriage.config.settings import Settings
from logtriage.service import doctor_endpoint, reach
from logtriage.service.doctor_state import check_disk, check_state_folder
from logtriage.service.finding import Finding, State
from logtriage.service.state import state_path
from support.mimo_answers import report
from support.mimo_http import Reply, Seen
from support.mimo_scenarios import SCENARIOS, redirect_to
from support.mimo_service import KEY, FaithfulService, completion, error, ok
from support.mimo_standin import MimoStandin
from support.running import running
from support.sink import Refuse, Script, Sink

SECRETS = (KEY, "Bearer", "s3cret-token")


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


class Doctor:
    """Runs the command on settings and gives its checks by name."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], downstream: str) -> None:
        self._folder = folder
        self._capsys = capsys
        self._settings: dict[str, Any] = {
            "engine": "local",
            "receiver": {"endpoint": "127.0.0.1:0"},
            "telemetry": {"metrics": {"endpoint": "127.0.0.1:0"}},
            "exporter": {"endpoint": downstream},
            "state": {"directory": str(folder / "state")},
        }
        self.code = -1
        self.document: dict[str, Any] = {}
        self.printed = ""

    def run(self, *arguments: str, **sections: Any) -> dict[str, dict[str, Any]]:
        path = self._folder / "settings.yaml"
        path.write_text(json.dumps({**self._settings, **sections}))
        self.code = main(["doctor", "--config", str(path), "--json", *arguments])
        captured = self._capsys.readouterr()
        self.printed = captured.out + captured.err
        assert captured.err == ""
        self.document = json.loads(captured.out)
        assert not [secret for secret in SECRETS if secret in self.printed]
        checks = {found["check"]: found for found in self.document["checks"]}
        assert len(checks) == len(self.document["checks"])
        has_fault = any(found["state"] == "fault" for found in checks.values())
        assert self.code == (ExitCode.INPUT_HAD_FAULTS if has_fault else ExitCode.OK)
        return checks

    def ask(self, standin: MimoStandin, **mimo: Any) -> dict[str, dict[str, Any]]:
        """Run with the stand-in as the model."""
        given: dict[str, Any] = {"api_key": KEY, "base_url": standin.base_url, "seller": standin.seller.value}
        return self.run(engine="mimo", mimo={**given, **mimo})


@pytest.fixture(scope="module")
def sink() -> Iterator[Sink]:
    with served() as started:
        yield started


@pytest.fixture
def doctor(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, sink: Sink) -> Doctor:
    monkeypatch.delenv("MIMO_API_KEY", raising=False)
    return Doctor(tmp_path, capsys, sink.address)


@pytest.fixture
def standin() -> Iterator[MimoStandin]:
    with MimoStandin() as started:
        yield started


def states(checks: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {name: found["state"] for name, found in checks.items()}


def only_calls(play: Callable[[Seen], Reply]) -> Callable[[Seen], Reply]:
    """Play it for calls; the list of models stays the faithful one."""
    service = FaithfulService(lambda _: report())
    return lambda seen: service(seen) if seen.method == "GET" else play(seen)


# --- settings and this machine


def test_without_a_model_all_is_well_and_what_a_model_needs_is_said(doctor: Doctor) -> None:
    checks = doctor.run()

    assert states(checks) == {
        "settings": "ok",
        "state folder": "ok",
        "disk": "skipped",
        "receiver address": "ok",
        "metrics address": "ok",
        "downstream": "ok",
        "model": "skipped",
    }
    assert "MIMO_API_KEY" in checks["model"]["advice"]


def test_faults_of_the_settings_are_all_told_and_end_it(doctor: Doctor) -> None:
    checks = doctor.run(detail="loud", exporter={"endpoint": "x"})

    assert states(checks) == {"settings": "fault", "the rest": "skipped"}
    assert "`detail`" in checks["settings"]["found"]
    assert "`exporter.endpoint`" in checks["settings"]["found"]


def test_a_missing_key_is_a_fault_and_the_rest_is_checked(doctor: Doctor, standin: MimoStandin) -> None:
    checks = doctor.run(engine="mimo", mimo={"base_url": standin.base_url})

    assert "`mimo.api_key`" in checks["settings"]["found"]
    assert "MIMO_API_KEY" in checks["model key"]["advice"]
    wanted = {"downstream": "ok", "model TCP": "ok", "model id": "skipped", "model calls": "skipped"}
    assert wanted.items() <= states(checks).items()
    assert [seen.method for seen in standin.seen] == ["GET"]


def test_a_key_of_the_token_plan_is_refused_with_the_reason_and_not_shown(doctor: Doctor) -> None:
    checks = doctor.run(engine="mimo", mimo={"api_key": "tp-0123456789abcdef"})

    assert "Token Plan" in checks["settings"]["found"]
    assert "tp-0123456789abcdef" not in doctor.printed


def test_a_key_that_looks_strange_is_a_warning(doctor: Doctor, standin: MimoStandin) -> None:
    checks = doctor.ask(standin, api_key="0123456789abcdef")

    assert checks["model key"]["state"] == "warning"
    assert "0123456789abcdef" not in doctor.printed


def test_settings_that_work_against_each_other_are_a_warning(doctor: Doctor) -> None:
    checks = doctor.run(shutdown={"grace": "3s"})

    assert checks["settings"]["state"] == "warning"
    assert "`shutdown.grace`: is below `exporter.timeout`" in checks["settings"]["found"]


def test_a_state_folder_that_cannot_be_made_is_a_warning(doctor: Doctor, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    checks = doctor.run(state={"directory": str(tmp_path / "file" / "state")})

    assert checks["state folder"]["state"] == "warning"
    assert "`state.directory`" in checks["state folder"]["advice"]
    found = checks["state folder"]["found"]
    assert found.startswith(f"`state.directory`: `{tmp_path}/file/state` cannot be made or written (Not a directory)")


def test_a_user_without_a_home_keeps_state_in_var_lib() -> None:
    def home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    assert state_path("", {}, home=home) == Path("/var/lib/logtriage")


def disk_of(folder: Path, **hold: Any) -> Finding:
    settings = {"engine": "mimo", "mimo": {"api_key": KEY}, "hold": hold, "state": {"directory": str(folder)}}
    return check_disk(Settings.model_validate(settings))


def test_a_disk_below_the_floor_names_the_setting_what_is_free_and_what_to_do(tmp_path: Path) -> None:
    free = shutil.disk_usage(tmp_path).free >> 20

    found = disk_of(tmp_path, min_free_mib=free + 1000)

    assert found.state is State.WARNING
    assert f"(`{tmp_path}`) has " in found.found
    assert f"MiB free, less than `hold.min_free_mib` (`{free + 1000}`)" in found.found
    assert "lower `hold.min_free_mib`" in found.advice
    assert "full" not in found.found


def test_a_floor_above_the_whole_disk_says_how_large_the_disk_is(tmp_path: Path) -> None:
    whole = shutil.disk_usage(tmp_path).total >> 20

    found = disk_of(tmp_path, min_free_mib=whole + 1)

    assert found.advice == f"lower `hold.min_free_mib`: the whole disk has {whole} MiB"


def test_a_disk_that_has_not_what_may_be_held_is_a_warning(tmp_path: Path) -> None:
    found = disk_of(tmp_path, min_free_mib=0, max_mib=1_000_000)

    assert found.state is State.WARNING
    assert "less than `hold.max_mib` (`1000000`) and `hold.min_free_mib` (`0`) together" in found.found


def test_a_disk_with_room_is_well_and_what_holds_nothing_needs_none(tmp_path: Path) -> None:
    assert disk_of(tmp_path, min_free_mib=1, max_mib=1).state is State.OK
    assert disk_of(tmp_path / "missing").state is State.SKIPPED
    assert disk_of(tmp_path, min_free_mib=10**9, mode="memory").state is State.SKIPPED
    assert disk_of(tmp_path, min_free_mib=10**9, deadline="0s").state is State.SKIPPED


@pytest.mark.parametrize(("hold", "waits_on_disk"), [({}, True), ({"mode": "memory"}, False), ({"deadline": 0}, False)])
def test_without_a_state_folder_doctor_says_that_nothing_waits_where_it_would_wait_on_disk(
    hold: dict[str, Any], waits_on_disk: bool, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings.model_validate(
        {
            "engine": "mimo",
            "mimo": {"api_key": KEY},
            "hold": hold,
            "state": {"directory": str(tmp_path / "file" / "state")},
        }
    )

    found = check_state_folder(settings).found

    assert ("no record waits for the model" in found) == waits_on_disk
    assert "the budget is not kept" in found


def test_another_program_at_the_receivers_address_is_a_fault(doctor: Doctor) -> None:
    with served() as other:
        checks = doctor.run(receiver={"endpoint": other.address})

    assert checks["receiver address"]["state"] == "fault"
    assert "another program" in checks["receiver address"]["found"]


def test_another_program_at_the_address_of_metrics_is_a_fault(doctor: Doctor, standin: MimoStandin) -> None:
    address = standin.base_url.removeprefix("http://").removesuffix("/v1")

    found = doctor.run(telemetry={"metrics": {"endpoint": address}})["metrics address"]

    assert found["state"] == "fault"
    assert f"`{address}` is in use by another program" in found["found"]
    assert "`telemetry.metrics.endpoint`" in found["advice"]


def test_probes_that_are_answered_and_no_metrics_at_all_are_well(doctor: Doctor, standin: MimoStandin) -> None:
    standin.play(lambda _: Reply(body=b"ok"))
    address = standin.base_url.removeprefix("http://").removesuffix("/v1")

    served = doctor.run(telemetry={"metrics": {"endpoint": address}})["metrics address"]
    unwanted = doctor.run(telemetry={"metrics": {"endpoint": ""}})["metrics address"]

    assert (served["state"], unwanted["state"]) == ("ok", "skipped")


def test_logtriage_itself_at_the_receivers_address_is_well(doctor: Doctor) -> None:
    async def beside() -> dict[str, dict[str, Any]]:
        async with running() as service:
            endpoint = f"127.0.0.1:{service.service.port}"
            return await asyncio.to_thread(doctor.run, receiver={"endpoint": endpoint})

    checks = asyncio.run(beside())

    assert checks["receiver address"]["state"] == "ok"
    assert "LogTriage serves" in checks["receiver address"]["found"]


@pytest.mark.parametrize("endpoint", ["192.0.2.1:4317", "unix:///nowhere/at/all.sock"])
def test_an_address_that_is_none_of_this_machine_is_a_fault(endpoint: str, doctor: Doctor) -> None:
    assert doctor.run(receiver={"endpoint": endpoint})["receiver address"]["state"] == "fault"


def test_offline_sends_nothing(doctor: Doctor, standin: MimoStandin, sink: Sink) -> None:
    calls = len(sink.calls)

    checks = doctor.run("--offline", engine="mimo", mimo={"api_key": KEY, "base_url": standin.base_url})

    assert states(checks)["downstream"] == states(checks)["model"] == "skipped"
    assert (len(sink.calls), standin.calls) == (calls, 0)


# --- downstream


def test_downstream_gets_one_request_without_a_record_and_the_settings_headers(doctor: Doctor) -> None:
    with served() as other:
        checks = doctor.run(exporter={"endpoint": other.address, "headers": {"x-token": "s3cret-token"}})

    assert checks["downstream"]["state"] == "ok"
    assert other.calls == [b""]
    assert other.metadata[0]["x-token"] == "s3cret-token"


@pytest.mark.parametrize(
    ("code", "state", "advice"),
    [
        (grpc.StatusCode.UNIMPLEMENTED, "fault", "no OTLP logs"),
        (grpc.StatusCode.UNAUTHENTICATED, "fault", "`exporter.headers`"),
        (grpc.StatusCode.UNAVAILABLE, "warning", "not ready"),
        (grpc.StatusCode.INVALID_ARGUMENT, "fault", "log"),
    ],
)
def test_what_downstream_answers_decides(code: grpc.StatusCode, state: str, advice: str, doctor: Doctor) -> None:
    with served(lambda *_: Refuse(code, "scripted")) as other:
        checks = doctor.run(exporter={"endpoint": other.address})

    assert checks["downstream"]["state"] == state
    assert code.name in checks["downstream"]["found"]
    assert advice in checks["downstream"]["advice"]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def test_a_downstream_that_nobody_serves_is_told_from_one_that_is_no_otlp(doctor: Doctor, standin: MimoStandin) -> None:
    refused = doctor.run(exporter={"endpoint": f"127.0.0.1:{free_port()}"})["downstream"]
    http = doctor.run(exporter={"endpoint": standin.base_url.removesuffix("/v1"), "timeout": "1s"})["downstream"]
    tls = doctor.run(exporter={"endpoint": standin.base_url[4:-3].join(["https", ""]), "timeout": "1s"})["downstream"]

    assert refused["state"] == http["state"] == tls["state"] == "fault"
    assert refused["found"].startswith("TCP: ")
    assert "accepts connections" in http["found"]
    assert tls["found"].startswith("TLS: ")


def test_a_downstream_that_does_not_answer_costs_no_more_than_its_timeout(doctor: Doctor) -> None:
    async def never(*_: object) -> bytes:
        await asyncio.Event().wait()
        return b""

    with served(lambda *_: never()) as other:
        began = time.monotonic()
        checks = doctor.run(exporter={"endpoint": other.address, "timeout": "300ms"})

    assert checks["downstream"]["state"] == "fault"
    assert "did not answer within 0.3s" in checks["downstream"]["found"]
    assert time.monotonic() - began < 10


# --- the model


def test_a_faithful_model_is_well_in_all_checks_and_its_cost_is_told(doctor: Doctor, standin: MimoStandin) -> None:
    service = FaithfulService(lambda seen: report())
    standin.play(lambda seen: with_date(service(seen)))

    checks = doctor.ask(standin)

    assert checks.keys() >= {"cost before", "cost after", "thinking switch", "clock", "model id"}
    assert {"call, thinking on", "call, thinking off"} <= checks.keys()
    assert checks["thinking switch"]["state"] == checks["clock"]["state"] == checks["model id"]["state"] == "ok"
    assert 0 < doctor.document["cost_usd"] < 0.01
    assert [seen.json["thinking"]["type"] for seen in standin.seen if seen.method == "POST"] == ["enabled", "disabled"]


def test_the_honest_model_has_no_fault_and_no_warning(doctor: Doctor, standin: MimoStandin) -> None:
    assert set(states(doctor.ask(standin)).values()) <= {"ok", "skipped"}


def with_date(reply: Reply, seconds: float = 0.0) -> Reply:
    return Reply(
        status=reply.status, body=reply.body, headers=(("Date", formatdate(time.time() + seconds, usegmt=True)),)
    )


@pytest.mark.parametrize(
    ("seconds", "state", "word"), [(90, "warning", "behind"), (-90, "warning", "ahead"), (5, "ok", "")]
)
def test_a_clock_that_is_wrong_by_more_than_half_a_minute_is_a_warning(
    seconds: float, state: str, word: str, doctor: Doctor, standin: MimoStandin
) -> None:
    service = FaithfulService(lambda _: report())
    standin.play(lambda seen: with_date(service(seen), seconds))

    clock = doctor.ask(standin)["clock"]

    assert clock["state"] == state
    assert word in clock["found"]


@pytest.mark.parametrize("seller", [Seller.VLLM, Seller.SGLANG, Seller.LLAMA_CPP])
def test_a_server_of_ones_own_needs_no_key(seller: Seller, doctor: Doctor) -> None:
    with MimoStandin(seller=seller) as standin:
        checks = doctor.ask(standin, api_key="")

    assert checks["thinking switch"]["state"] == "ok"
    assert doctor.code == ExitCode.OK


@pytest.mark.parametrize(
    ("scenario", "advice"),
    [("bad_key", "`mimo.api_key`"), ("no_balance", "recharge"), ("forbidden", "region")],
)
def test_a_refusal_for_good_is_a_fault_and_no_call_is_made(
    scenario: str, advice: str, doctor: Doctor, standin: MimoStandin
) -> None:
    standin.play(scenario)

    checks = doctor.ask(standin)

    assert checks["model id"]["state"] == "fault"
    assert advice in checks["model id"]["advice"]
    assert checks["model calls"]["state"] == "skipped"
    assert standin.calls == 1


@pytest.mark.parametrize(
    ("scenario", "advice"),
    [("bad_key", "`mimo.api_key`"), ("no_balance", "recharge"), ("not_found", "`mimo.base_url`")],
)
def test_a_call_refused_for_good_is_made_once(scenario: str, advice: str, doctor: Doctor, standin: MimoStandin) -> None:
    standin.play(only_calls(SCENARIOS[scenario].reply))

    checks = doctor.ask(standin)

    assert checks["call, thinking on"]["state"] == "fault"
    assert advice in checks["call, thinking on"]["advice"]
    assert checks["call, thinking off"]["state"] == "skipped"
    assert standin.calls == 2


def test_an_endpoint_without_a_list_of_models_has_no_fault(doctor: Doctor, standin: MimoStandin) -> None:
    service = FaithfulService(lambda _: report())
    standin.play(lambda seen: error(404, "Not Found") if seen.method == "GET" else service(seen))

    checks = doctor.ask(standin)

    assert checks["model id"]["state"] == "skipped"
    assert doctor.code == ExitCode.OK


def test_an_unknown_model_is_told_with_the_known_ones(doctor: Doctor, standin: MimoStandin) -> None:
    price = {"input_usd": 1.0, "output_usd": 1.0}

    checks = doctor.ask(standin, model="mimo-v9-huge", price=price)

    assert checks["model id"]["state"] == "fault"
    assert "`mimo-v2.6-flash`" in checks["model id"]["advice"]
    assert checks["call, thinking on"]["state"] == "fault"
    assert "`mimo.model`" in checks["call, thinking on"]["advice"]


def test_a_web_page_in_place_of_the_api_is_a_fault(doctor: Doctor, standin: MimoStandin) -> None:
    standin.play("html")

    checks = doctor.ask(standin)

    assert checks["model id"]["state"] == "warning"
    assert checks["call, thinking on"]["state"] == checks["call, thinking off"]["state"] == "fault"
    assert "`mimo.base_url`" in checks["call, thinking on"]["advice"]


@pytest.mark.parametrize("is_of_calls", [False, True])
def test_a_redirect_is_refused_and_never_followed(is_of_calls: bool, doctor: Doctor, standin: MimoStandin) -> None:
    with MimoStandin() as other:
        redirect = redirect_to(f"{other.base_url}/chat/completions")
        standin.play(only_calls(redirect) if is_of_calls else redirect)

        checks = doctor.ask(standin)

        assert other.calls == 0
    found = checks["call, thinking on" if is_of_calls else "model id"]
    assert found["state"] == "fault"
    assert "`mimo.base_url`" in found["advice"]


def test_a_hanging_endpoint_costs_no_more_than_the_timeouts(doctor: Doctor, standin: MimoStandin) -> None:
    standin.play("hang")
    began = time.monotonic()

    checks = doctor.ask(standin, timeout="300ms")

    assert checks["model id"]["state"] == "warning"
    assert checks["call, thinking on"]["state"] == checks["call, thinking off"]["state"] == "fault"
    assert "`mimo.timeout`" in checks["call, thinking on"]["advice"]
    assert time.monotonic() - began < 10


def test_an_endpoint_that_drips_its_list_is_left_after_the_timeout(doctor: Doctor, standin: MimoStandin) -> None:
    standin.play("drip")
    began = time.monotonic()

    assert doctor.ask(standin, timeout="300ms")["model id"]["state"] == "warning"
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("scenario", "words"), [("reasoning_present", "asked not to think"), ("finish_stop", "thinks")]
)
def test_a_switch_that_does_not_switch_off_is_a_warning(
    scenario: str, words: str, doctor: Doctor, standin: MimoStandin
) -> None:
    standin.play(only_calls(SCENARIOS[scenario].reply))

    switch = doctor.ask(standin)["thinking switch"]

    assert switch["state"] == "warning"
    assert words in switch["found"]
    assert "`mimo.seller`" in switch["advice"]


def test_a_model_that_never_thinks_is_a_warning(doctor: Doctor, standin: MimoStandin) -> None:
    standin.play(only_calls(lambda _: ok(completion(report(), usage=None))))

    switch = doctor.ask(standin)["thinking switch"]

    assert switch["state"] == "warning"
    assert "shows no thinking" in switch["found"]


def test_null_content_with_all_in_the_reasoning_is_a_fault(doctor: Doctor, standin: MimoStandin) -> None:
    standin.play(only_calls(SCENARIOS["content_null_all_in_reasoning"].reply))

    checks = doctor.ask(standin)

    assert checks["call, thinking on"]["state"] == "fault"
    assert "reasoning" in checks["call, thinking on"]["advice"]
    assert checks["thinking switch"]["state"] == "skipped"


def test_prose_in_place_of_json_is_a_fault(doctor: Doctor, standin: MimoStandin) -> None:
    standin.play(only_calls(lambda _: ok(completion("It looks harmless to me."))))

    call = doctor.ask(standin)["call, thinking on"]

    assert call["state"] == "fault"
    assert "`mimo.structured`" in call["advice"]


def test_json_of_another_shape_is_a_warning(doctor: Doctor, standin: MimoStandin) -> None:
    standin.play(only_calls(lambda _: ok(completion(report(category="cosmic_rays")))))

    call = doctor.ask(standin)["call, thinking on"]

    assert call["state"] == "warning"
    assert "`category`" in call["found"]


def test_invented_quotes_are_a_warning(doctor: Doctor, standin: MimoStandin) -> None:
    standin.play(only_calls(SCENARIOS["evidence_not_verbatim"].reply))

    assert doctor.ask(standin)["call, thinking on"]["state"] == "warning"


def test_too_many_requests_at_this_moment_is_a_warning(doctor: Doctor, standin: MimoStandin) -> None:
    standin.play(only_calls(SCENARIOS["too_fast"].reply))

    assert doctor.ask(standin)["call, thinking on"]["state"] == "warning"


def test_without_a_budget_no_call_is_made(doctor: Doctor, standin: MimoStandin) -> None:
    checks = doctor.ask(standin, usd_per_day=0)

    assert checks["model calls"]["state"] == "warning"
    assert [seen.method for seen in standin.seen] == ["GET"]


def test_only_the_made_up_record_is_sent(doctor: Doctor, standin: MimoStandin) -> None:
    doctor.ask(standin)

    posted = [seen.body for seen in standin.seen if seen.method == "POST"]
    assert len(posted) == 2
    assert all(b"inventory:8443 reset by peer" in body for body in posted)


def test_a_downstream_whose_name_has_no_address_is_a_fault_of_dns(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(reach.socket, "getaddrinfo", unknown)
    words_of_grpc = "errors resolving gone.invalid:14317: [field:hostname lookup error: Domain name not found]"

    with served(lambda *_: Refuse(grpc.StatusCode.UNAVAILABLE, words_of_grpc)) as other:
        checks = doctor.run(exporter={"endpoint": other.address}, receiver={"endpoint": "unix:///tmp/none/x"})

    assert checks["downstream"]["state"] == "fault"
    assert checks["downstream"]["found"].startswith("DNS: ")


# --- DNS, TCP and TLS of the model


def test_a_name_without_an_address_is_a_fault_of_dns(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(reach.socket, "getaddrinfo", unknown)

    checks = doctor.run(engine="mimo", receiver={"endpoint": "unix:///tmp/none/x"}, mimo={"api_key": KEY})

    wanted = {"model DNS": "fault", "model TCP": "skipped", "model TLS": "skipped", "model calls": "skipped"}
    assert wanted.items() <= states(checks).items()


def test_a_port_that_nobody_serves_is_a_fault_of_tcp(doctor: Doctor) -> None:
    url = f"http://127.0.0.1:{free_port()}/v1"

    checks = doctor.run(engine="mimo", mimo={"api_key": KEY, "base_url": url})

    assert {"model DNS": "ok", "model TCP": "fault", "model TLS": "skipped"}.items() <= states(checks).items()


def test_a_server_without_tls_is_a_fault_of_tls(doctor: Doctor, standin: MimoStandin) -> None:
    url = standin.base_url.replace("http://", "https://")

    checks = doctor.run(engine="mimo", mimo={"api_key": KEY, "base_url": url, "connect_timeout": "300ms"})

    assert {"model TCP": "ok", "model TLS": "fault"}.items() <= states(checks).items()
    assert standin.calls == 0


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    folder = tmp_path_factory.mktemp("tls")
    key, chain = str(folder / "key.pem"), str(folder / "chain.pem")
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    subprocess.run([*command, "-days", "5", *names, "-keyout", key, "-out", chain], check=True, capture_output=True)
    return key, chain


@contextmanager
def tls_server(certificate: tuple[str, str]) -> Iterator[int]:
    """Accepts TLS connections and answers 404, until the end."""
    key, chain = certificate
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(65536)
                    secured.sendall(b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n")
            except OSError:
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def test_a_certificate_that_nobody_signed_is_a_fault_of_tls(doctor: Doctor, certificate: tuple[str, str]) -> None:
    with tls_server(certificate) as port:
        url = f"https://127.0.0.1:{port}/v1"
        checks = doctor.run(engine="mimo", mimo={"api_key": KEY, "base_url": url})

    assert checks["model TLS"]["state"] == "fault"
    assert "certificate" in checks["model TLS"]["found"]


def test_a_certificate_that_ends_soon_is_a_warning(
    doctor: Doctor, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = ssl.create_default_context(cafile=certificate[1])
    monkeypatch.setattr(doctor_endpoint, "_context", lambda _: trusting)

    with tls_server(certificate) as port:
        url = f"https://127.0.0.1:{port}/v1"
        checks = doctor.run(engine="mimo", mimo={"api_key": KEY, "base_url": url})

    assert checks["model TLS"]["state"] == "warning"
    assert "TLSv1.3" in checks["model TLS"]["found"]


# --- for people


def test_a_person_reads_what_was_found_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sink: Sink, standin: MimoStandin
) -> None:
    standin.play("bad_key")
    path = tmp_path / "settings.yaml"
    settings = {
        "engine": "mimo",
        "receiver": {"endpoint": "127.0.0.1:0"},
        "exporter": {"endpoint": sink.address},
        "state": {"directory": str(tmp_path / "state")},
        "mimo": {"api_key": KEY, "base_url": standin.base_url},
    }
    path.write_text(json.dumps(settings))

    assert main(["doctor", "--config", str(path)]) == ExitCode.INPUT_HAD_FAULTS

    captured = capsys.readouterr()
    out = " ".join(captured.out.split())
    for words in ("✓ settings ok", "✗ model id fault", "HTTP status 401", "→ the endpoint does not know the key"):
        assert words in out
    assert out.endswith("1 fault, 0 warnings")
    assert captured.err == ""
    assert KEY not in out
