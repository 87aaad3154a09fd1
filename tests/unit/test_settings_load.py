from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from pydantic import ValidationError

from logtriage.config.exporter import ExporterSettings
from logtriage.config.judging import EngineChoice
from logtriage.config.load import load_settings
from logtriage.config.settings import Settings
from logtriage.errors import SettingFault, SettingsError
from logtriage.schema.severity import Severity

Load = Callable[..., Settings]
FaultsOf = Callable[..., dict[str, SettingFault]]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load_text(text: str, env: Mapping[str, str] | None = None) -> Settings:
        path = tmp_path / "settings.yaml"
        path.write_text(text, encoding="utf-8")
        return load_settings(path, env or {})

    return load_text


@pytest.fixture
def faults_of(load: Load) -> FaultsOf:
    def faults_of_text(text: str, env: Mapping[str, str] | None = None) -> dict[str, SettingFault]:
        with pytest.raises(SettingsError) as caught:
            load(text, env)
        return {fault.path: fault for fault in caught.value.faults}

    return faults_of_text


def test_without_a_file_the_built_in_settings_are_used() -> None:
    assert load_settings(None, {}) == Settings()


@pytest.mark.parametrize("text", ["", "# nothing\n", "{}", "receiver:\nexporter:\n"])
def test_a_file_that_sets_nothing_gives_the_built_in_settings(load: Load, text: str) -> None:
    assert load(text) == Settings()


def test_a_file_changes_what_it_names_and_nothing_else(load: Load) -> None:
    settings = load("exporter: {timeout: 1m30s}\nselection: {min_severity: warning}")

    assert settings.exporter == ExporterSettings(timeout=90.0)
    assert settings.selection.min_severity is Severity.WARN
    assert settings.receiver == Settings().receiver


def test_a_number_from_the_environment_is_text_where_text_is_wanted(load: Load) -> None:
    settings = load(
        "exporter: {headers: {x-token: '${env:TOKEN}'}, max_request_size_mib: '${env:SIZE}'}",
        {"TOKEN": "007", "SIZE": "3"},
    )

    assert settings.exporter.headers["x-token"].get_secret_value() == "007"
    assert settings.exporter.max_request_size_mib == 3


def test_all_faults_of_a_file_are_reported_at_once(faults_of: FaultsOf, tmp_path: Path) -> None:
    faults = faults_of(
        f"""
        receiver: {{endpont: a, max_recv_msg_size_mib: 0, max_in_flight_mib: 8}}
        exporter: {{timeout: 5, compression: zip, endpoint: "${{env:WHERE}}", tls: {{ca_file: {tmp_path}/none.pem}}}}
        selection: {{min_severity: loud}}
        shutdown: 5
        """
    )

    assert set(faults) == {
        "receiver.endpont",
        "receiver.max_recv_msg_size_mib",
        "exporter.timeout",
        "exporter.compression",
        "exporter.endpoint",
        "exporter.tls.ca_file",
        "selection.min_severity",
        "shutdown",
    }


@pytest.mark.parametrize(
    ("text", "path", "problem"),
    [
        ("receiver: {endpont: 1}", "receiver.endpont", "did you mean `receiver.endpoint`?"),
        ("recever: {}", "recever", "did you mean `receiver`?"),
        ("exporter: {insecure: true}", "exporter.insecure", "did you mean `exporter.tls.insecure`?"),
        ("exporter: {max-request-size-mib: 4}", "exporter.max-request-size-mib", "`exporter.max_request_size_mib`?"),
        ("shutdown: {sending_queue: {}}", "shutdown.sending_queue", "known here are `grace`"),
        ("exporter: {timeout: 5}", "exporter.timeout", "add a unit, for example `5s`"),
        ("exporter: {timeout: 1:30}", "exporter.timeout", "is no duration"),
        ("exporter: {timeout: 0s}", "exporter.timeout", "must be more than `0s`"),
        ("exporter: {timeout: true}", "exporter.timeout", "is no duration"),
        ("telemetry: {metrics: {otlp: {interval: 10ms}}}", "telemetry.metrics.otlp.interval", "the least is `1s`"),
        (
            "exporter: {retry_on_failure: {multiplier: 0.5}}",
            "exporter.retry_on_failure.multiplier",
            "the least is `1.0`",
        ),
        ("receiver: {max_in_flight_mib: 1.5}", "receiver.max_in_flight_mib", "whole number"),
        ("receiver: {max_in_flight_mib: true}", "receiver.max_in_flight_mib", "whole number"),
        ("receiver: {max_recv_msg_size_mib: 4096}", "receiver.max_recv_msg_size_mib", "the most is `2047`"),
        ("trust_incoming: 'yes'", "trust_incoming", "`true` or `false`"),
        ("detail: some", "detail", "is not among `auto`, `full`, `slim`"),
        ("engine: mimo", "mimo.api_key", "is not set, and `xiaomi` needs one: set `MIMO_API_KEY`"),
        ("receiver: {metadata: {forward: x-a}}", "receiver.metadata.forward", "should be a list"),
        ("receiver: {metadata: {forward: [a, X-B]}}", "receiver.metadata.forward[1]", "write `x-b`"),
        ("receiver: {metadata: {tenant: grpc-x}}", "receiver.metadata.tenant", "is reserved"),
        ("receiver: {metadata: {forward: [trace-bin]}}", "receiver.metadata.forward[0]", "would carry bytes"),
        ("exporter: {headers: {a b: c}}", "exporter.headers.a b", "no key of gRPC metadata"),
        ("exporter: {endpoint: 4317}", "exporter.endpoint", "put it in quotes"),
        ("receiver: 5", "receiver", "should be a section"),
        ("[1, 2]", "(the whole file)", "should be a mapping"),
        ("a: 1\nreceiver: {}\nreceiver: {}", "(the whole file)", "the key `receiver` stands twice"),
        ("a: [", "(the whole file)", "is no YAML at line 1"),
        ("a: \x00", "(the whole file)", "is no YAML"),
    ],
)
def test_a_fault_names_its_place_and_what_to_do(faults_of: FaultsOf, text: str, path: str, problem: str) -> None:
    faults = faults_of(text)

    assert path in faults
    assert problem in faults[path].problem


def test_a_fault_shows_the_value_found(faults_of: FaultsOf) -> None:
    assert "(value: `localhost:99999`)" in str(
        faults_of("exporter: {endpoint: 'localhost:99999'}")["exporter.endpoint"]
    )


def test_a_fault_in_the_key_of_a_header_shows_no_value(faults_of: FaultsOf) -> None:
    assert faults_of("exporter: {headers: {X-Token: abc}}")["exporter.headers.X-Token"].value is None


SECRET = "s3cr3t"


@pytest.mark.parametrize(
    "text",
    [
        f'exporter: {{headers: {{authorization: "{SECRET}\\n"}}}}',
        f"exporter: {{headers: {{Authorization: {SECRET}}}}}",
        f"exporter: {{headers: {SECRET}}}",
        f"exporter: {{header: {{authorization: {SECRET}}}}}",
        f"exporter: {{token: {SECRET}}}",
        f"exporter: {{endpoint: 'http://me:{SECRET}@host:1'}}",
        f"exporter: {{headers: {{a: '{SECRET} ${{env:MISSING}}'}}}}",
        f"exporter: {{headers: {{a: {SECRET}}}}}\nreceiver: [",
        "exporter: {headers: {a: '${env:SECRET}'}, tls: 5, endpoint: 'localhost:4317'}",
    ],
)
def test_no_message_shows_a_secret(load: Load, text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(text, {"SECRET": SECRET})

    assert SECRET not in str(caught.value)


def test_printing_the_settings_masks_headers(load: Load) -> None:
    settings = load(f"exporter: {{headers: {{authorization: {SECRET}}}}}")

    assert SECRET not in f"{settings!r} {settings} {settings.model_dump_json()}"


def test_a_file_that_is_not_there_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        load_settings(tmp_path / "missing.yaml", {})


def test_a_file_that_is_not_utf8_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    path = tmp_path / "settings.yaml"
    path.write_bytes(b"engine: \xff")

    with pytest.raises(SettingsError, match="is not UTF-8 at byte 8"):
        load_settings(path, {})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().engine = EngineChoice.LOCAL  # type: ignore[misc]


def test_in_python_a_duration_is_a_number_of_seconds() -> None:
    assert ExporterSettings(timeout=0.2).timeout == 0.2
