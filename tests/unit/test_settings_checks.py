from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from logtriage.config.advice import advice_on
from logtriage.config.checks import check_settings
from logtriage.config.settings import Settings

# A certificate for "localhost" and its key, and a second key; made for this test, they protect nothing.
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUbOUEMtG4aajgxfDQWwqvxCHTsjcwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyNDEyMjkzMVoYDzIxMjYxMDMx
MTIyOTMxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAT1OBY372X79t4kDoQwhA7GrRnsqlQgKZdHvL1bFJzCoBmjTgDJHdTB
bU/oL/1yrD0Y4YY5Htnf6W/r9MjxIhQJo1MwUTAdBgNVHQ4EFgQUigJHj2FUYLma
WTgzZbiGzQFr9akwHwYDVR0jBBgwFoAUigJHj2FUYLmaWTgzZbiGzQFr9akwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA0IbkPw+a+prRA30xYMNS
4X1D4m6Z5taphmQlKLfYV5ECICVFtX7gdA+2rV/Csk07IVYbyw/PwBDDmujWtuRD
6hZD
-----END CERTIFICATE-----
"""
KEY = """\
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgF+TlvnHDe7r6AEm8
A5y3++9JI/G5kvfSGD0JM0FUyimhRANCAAT1OBY372X79t4kDoQwhA7GrRnsqlQg
KZdHvL1bFJzCoBmjTgDJHdTBbU/oL/1yrD0Y4YY5Htnf6W/r9MjxIhQJ
"""
OTHER_KEY = """\
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNVNYIhfBO+bkYQa8
rF/o9SohTDUR8YbYcWdtdC2HXXuhRANCAARSQZs+Z7Zy7YLzFoPfu5j4rvRiqrfR
6MLh2D9YRTCPWsO0SZeHbo9a7D4Uq25KkABIHQPO+UrwmVW4uimI6rR/
"""


def faults_of(tree: dict[str, Any]) -> dict[str, str]:
    return {fault.path: fault.problem for fault in check_settings(Settings.model_validate(tree))}


def key_file(path: Path, body: str) -> str:
    label = "PRIVATE KEY"
    path.write_text(f"-----BEGIN {label}-----\n{body}-----END {label}-----\n")
    return str(path)


@pytest.fixture
def certificate_file(tmp_path: Path) -> str:
    path = tmp_path / "certificate.pem"
    path.write_text(CERTIFICATE)
    return str(path)


def test_the_built_in_settings_have_no_fault() -> None:
    assert faults_of({}) == {}


@pytest.mark.parametrize(
    ("receiver", "exporter"),
    [
        ("localhost:4317", "localhost:4317"),
        ("0.0.0.0:4317", "http://127.0.0.1:4317"),
        (":4317", "[::1]:4317"),
        ("logtriage:4317", "dns:///logtriage:4317"),
        ("unix:///run/a.sock", "unix:///run/a.sock"),
    ],
)
def test_an_exporter_that_reaches_the_receiver_is_a_loop(receiver: str, exporter: str) -> None:
    faults = faults_of({"receiver": {"endpoint": receiver}, "exporter": {"endpoint": exporter}})

    assert "is a loop" in faults["exporter.endpoint"]


def test_another_host_with_the_receivers_port_is_no_loop() -> None:
    assert faults_of({"receiver": {"endpoint": "0.0.0.0:4317"}, "exporter": {"endpoint": "gateway:4317"}}) == {}


def test_metrics_on_the_receivers_port_are_a_fault() -> None:
    faults = faults_of({"telemetry": {"metrics": {"endpoint": "127.0.0.1:4317"}}})

    assert "has the port of `receiver.endpoint`" in faults["telemetry.metrics.endpoint"]


def test_metrics_pushed_to_the_receiver_are_a_fault() -> None:
    faults = faults_of({"telemetry": {"metrics": {"otlp": {"endpoint": "localhost:4317"}}}})

    assert "takes logs only" in faults["telemetry.metrics.otlp.endpoint"]


def test_ports_chosen_by_the_system_do_not_clash() -> None:
    assert (
        faults_of({"receiver": {"endpoint": "localhost:0"}, "telemetry": {"metrics": {"endpoint": "localhost:0"}}})
        == {}
    )


def test_a_request_that_could_never_be_taken_is_a_fault() -> None:
    faults = faults_of({"receiver": {"max_recv_msg_size_mib": 100}})

    assert "could never be taken" in faults["receiver.max_in_flight_mib"]


MODEL: dict[str, Any] = {"engine": "mimo", "mimo": {"api_key": "sk-0123456789"}}


@pytest.mark.parametrize(
    ("tree", "path", "other"),
    [
        ({"shutdown": {"grace": "30s"}}, "shutdown.grace", "`shutdown.timeout` (`25s`)"),
        ({"shutdown": {"timeout": "5s"}}, "shutdown.grace", "`shutdown.timeout` (`5s`)"),
        (
            {"exporter": {"retry_on_failure": {"initial_interval": "10s"}}},
            "exporter.retry_on_failure.initial_interval",
            "`exporter.retry_on_failure.max_interval` (`5s`)",
        ),
        ({"exporter": {"endpoint": "localhost:8888"}}, "exporter.endpoint", "`telemetry.metrics.endpoint`"),
        (
            {"telemetry": {"metrics": {"otlp": {"endpoint": "http://127.0.0.1:8888"}}}},
            "telemetry.metrics.otlp.endpoint",
            "`telemetry.metrics.endpoint`",
        ),
        (
            {"redaction": {"keys": ["Customer_Id"], "allow": ["customer_id"]}},
            "redaction.keys",
            "`redaction.allow`",
        ),
        (
            {**MODEL, "mimo": {"seller": "vllm", "base_url": "http://localhost:4317/v1", "model": "m"}},
            "mimo.base_url",
            "`receiver.endpoint` is `localhost:4317`",
        ),
        (
            {**MODEL, "mimo": {"seller": "vllm", "base_url": "http://[::1]:8888/v1", "model": "m"}},
            "mimo.base_url",
            "`telemetry.metrics.endpoint` is `localhost:8888`",
        ),
        (
            {**MODEL, "mimo": {"seller": "vllm", "tls": {"ca_file": "/x"}, "model": "m"}},
            "mimo.tls.ca_file",
            "`mimo.base_url` (`http://localhost:8000/v1`)",
        ),
    ],
)
def test_settings_that_exclude_each_other_are_one_fault_that_names_both(
    tree: dict[str, Any], path: str, other: str
) -> None:
    faults = faults_of(tree)

    assert list(faults) == [path]
    assert other in faults[path]


@pytest.mark.parametrize(
    ("tree", "path", "other"),
    [
        ({"shutdown": {"timeout": "15s"}}, "shutdown.grace", "`shutdown.timeout` (`15s`)"),
        ({"shutdown": {"grace": "3s"}}, "shutdown.grace", "`exporter.timeout` (`4s`)"),
        ({**MODEL, "hold": {"max_mib": 8}}, "hold.max_mib", "`receiver.max_recv_msg_size_mib` (`16`)"),
        ({**MODEL, "hold": {"max_records": 1000}}, "hold.max_records", "`receiver.max_request_records` (`50000`)"),
        ({**MODEL, "hold": {"mode": "memory", "min_free_mib": 1}}, "hold.min_free_mib", "`hold.mode: memory`"),
        ({**MODEL, "dead_letter": {"max_mib": 1}}, "dead_letter.max_mib", "`exporter.max_request_size_mib` (`4`)"),
        (
            {"exporter": {"endpoint": "http://gateway:1", "tls": {"insecure": False}}},
            "exporter.tls.insecure",
            "`exporter.endpoint` (`http://gateway:1`) decides, and it says plaintext",
        ),
        (
            {"telemetry": {"metrics": {"otlp": {"endpoint": "https://gateway:1", "insecure": True}}}},
            "telemetry.metrics.otlp.insecure",
            "`telemetry.metrics.otlp.endpoint` (`https://gateway:1`) decides, and it says TLS",
        ),
        (
            {"telemetry": {"metrics": {"otlp": {"headers": {"a": "b"}}}}},
            "telemetry.metrics.otlp.headers",
            "`telemetry.metrics.otlp.endpoint`",
        ),
        (
            {"receiver": {"metadata": {"tenant": "team"}}},
            "receiver.metadata.tenant",
            "`receiver.metadata.forward`",
        ),
        (
            {**MODEL, "mimo": {**MODEL["mimo"], "timeout": "3s", "connect_timeout": "4s"}},
            "mimo.connect_timeout",
            "`mimo.timeout` (`3s`)",
        ),
        (
            {**MODEL, "mimo": {**MODEL["mimo"], "tokens_per_minute": 4000}},
            "mimo.tokens_per_minute",
            "`mimo.max_completion_tokens` (`4096`)",
        ),
    ],
)
def test_settings_that_work_against_each_other_are_told_once_with_both_names(
    tree: dict[str, Any], path: str, other: str
) -> None:
    assert faults_of(tree) == {}

    (advice,) = advice_on(Settings.model_validate(tree))

    assert advice.path == path
    assert other in advice.problem


@pytest.mark.parametrize(
    "tree",
    [
        {},
        MODEL,
        {"hold": {"max_mib": 1, "max_records": 1}, "dead_letter": {"max_mib": 1}},
        {**MODEL, "hold": {"deadline": "0s", "max_mib": 1}},
        {**MODEL, "hold": {"mode": "memory", "min_free_mib": 256}},
        {**MODEL, "mimo": {"api_key": "sk-0123456789", "timeout": "3s"}},
        {"shutdown": {"grace": "0s"}},
        {"receiver": {"metadata": {"tenant": "team", "forward": ["team"]}}},
        {"exporter": {"endpoint": "https://gateway:1", "tls": {"insecure": False}}},
    ],
)
def test_settings_that_go_together_or_do_not_matter_are_not_told(tree: dict[str, Any]) -> None:
    assert advice_on(Settings.model_validate(tree)) == []


@pytest.mark.parametrize(("given", "missing"), [("cert_file", "key_file"), ("key_file", "cert_file")])
def test_certificate_and_key_come_together(given: str, missing: str, certificate_file: str) -> None:
    faults = faults_of({"exporter": {"endpoint": "gateway:1", "tls": {given: certificate_file}}})

    assert faults == {f"exporter.tls.{given}": f"needs `exporter.tls.{missing}` beside it"}


def test_a_certificate_with_its_key_has_no_fault(tmp_path: Path, certificate_file: str) -> None:
    tls = {"ca_file": certificate_file, "cert_file": certificate_file, "key_file": key_file(tmp_path / "a.key", KEY)}

    assert faults_of({"exporter": {"endpoint": "gateway:1", "tls": tls}}) == {}


def test_a_key_of_another_certificate_is_a_fault(tmp_path: Path, certificate_file: str) -> None:
    tls = {"cert_file": certificate_file, "key_file": key_file(tmp_path / "b.key", OTHER_KEY)}

    assert (
        "does not go with" in faults_of({"exporter": {"endpoint": "gateway:1", "tls": tls}})["exporter.tls.cert_file"]
    )


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    faults = faults_of({"exporter": {"endpoint": "gateway:1", "tls": {"ca_file": str(tmp_path)}}})

    assert "cannot be read: Is a directory" in faults["exporter.tls.ca_file"]


def test_a_file_without_a_certificate_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("hello")

    faults = faults_of({"exporter": {"endpoint": "gateway:1", "tls": {"ca_file": str(tmp_path / "ca.pem")}}})

    assert faults == {"exporter.tls.ca_file": "has no certificate in PEM form"}


def test_certificates_for_a_connection_in_plaintext_are_a_fault(certificate_file: str) -> None:
    faults = faults_of({"exporter": {"tls": {"ca_file": certificate_file}}})

    assert "leave in plaintext" in faults["exporter.tls.ca_file"]
