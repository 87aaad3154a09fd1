from __future__ import annotations

import pytest

from logtriage.config.endpoints import (
    parse_http_listen_endpoint,
    parse_listen_endpoint,
    parse_target,
)
from logtriage.config.exporter import ExporterSettings, TlsSettings
from logtriage.config.receiver import ReceiverSettings


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("localhost:4317", "localhost:4317"),
        ("127.0.0.1:0", "127.0.0.1:0"),
        (":4317", "[::]:4317"),
        ("[::1]:4317", "[::1]:4317"),
        ("unix:///run/logtriage.sock", "unix:///run/logtriage.sock"),
    ],
)
def test_the_receiver_listens_where_its_endpoint_says(text: str, address: str) -> None:
    assert parse_listen_endpoint(text).address == address


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("collector:4317", "collector:4317"),
        ("http://collector:4317", "collector:4317"),
        ("https://collector:4317", "collector:4317"),
        ("dns:///collector:4317", "dns:///collector:4317"),
        ("unix:///run/otel.sock", "unix:///run/otel.sock"),
        ("[2001:db8::1]:4317", "[2001:db8::1]:4317"),
    ],
)
def test_grpc_is_given_a_target_that_it_knows(text: str, target: str) -> None:
    assert ExporterSettings(endpoint=text).grpc_target == target


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        ("localhost", "has no port"),
        ("localhost:", "has the port ``"),
        ("localhost:grpc", "has the port `grpc`"),
        ("localhost:65536", "from 1 to 65535"),
        ("localhost:0", "from 1 to 65535"),
        ("localhost:४३१७", "has the port"),
        ("::1:4317", "write an IPv6 address in brackets"),
        ("[::1:4317", "no IPv6 address between the brackets"),
        ("http://collector:4317/v1/logs", "has a path"),
        ("http://user:secret@collector:4317", "has a user name"),
        ("grpc://collector:4317", "has the scheme `grpc`"),
        ("unix://run/otel.sock", "three slashes"),
        (":4317", "names no host"),
        ("col lector:4317", "characters that no host name has"),
    ],
)
def test_a_wrong_endpoint_is_refused_with_what_is_wrong_about_it(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_target(text)


def test_the_http_server_takes_no_scheme() -> None:
    with pytest.raises(ValueError, match="none is known here"):
        parse_http_listen_endpoint("unix:///run/metrics.sock")


@pytest.mark.parametrize(
    ("endpoint", "insecure", "is_plaintext"),
    [
        ("localhost:4317", None, True),
        ("127.0.0.9:4317", None, True),
        ("[::1]:4317", None, True),
        ("unix:///run/otel.sock", None, True),
        ("collector:4317", None, False),
        ("10.0.0.1:4317", None, False),
        ("localhost.example.com:4317", None, False),
        ("collector:4317", True, True),
        ("localhost:4317", False, False),
        ("http://collector:4317", False, True),
        ("https://localhost:4317", True, False),
    ],
)
def test_plaintext_is_decided_by_scheme_then_setting_then_loopback(
    endpoint: str, insecure: bool | None, is_plaintext: bool
) -> None:
    assert ExporterSettings(endpoint=endpoint, tls=TlsSettings(insecure=insecure)).is_plaintext is is_plaintext


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("localhost:1", "127.0.0.1:1", True),
        ("0.0.0.0:1", "localhost:1", True),
        (":1", "[::1]:1", True),
        (":1", "collector:1", False),
        ("collector:1", "COLLECTOR:1", True),
        ("localhost:1", "localhost:2", False),
        ("localhost:0", "localhost:0", False),
        ("unix:///a", "unix:///a", True),
        ("unix:///a", "localhost:1", False),
    ],
)
def test_endpoints_share_a_port_if_both_cannot_be_listened_on(one: str, other: str, shared: bool) -> None:
    first, second = parse_listen_endpoint(one), parse_listen_endpoint(other)

    assert first.shares_port_with(second) is shared
    assert second.shares_port_with(first) is shared


def test_a_tenant_that_is_not_forwarded_separates_nothing() -> None:
    assert ReceiverSettings().tenant_key is None


def test_a_forwarded_tenant_separates_verdicts() -> None:
    receiver = ReceiverSettings.model_validate({"metadata": {"forward": ["x-scope-orgid"]}})

    assert receiver.tenant_key == "x-scope-orgid"
