from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from prometheus_client import CollectorRegistry, Gauge

from logtriage.telemetry.http import MAX_HEAD_BYTES, HttpServer, Readiness

Start = Callable[..., HttpServer]


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """The loop of the service, running on a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def start(loop: asyncio.AbstractEventLoop) -> Iterator[Start]:
    servers: list[HttpServer] = []

    def start_server(
        readiness: Callable[[], Readiness] = lambda: Readiness(True),
        watched_loop: asyncio.AbstractEventLoop = loop,
        loop_seconds: float = 5.0,
        head_seconds: float = 5.0,
    ) -> HttpServer:
        registry = CollectorRegistry()
        Gauge("answer", "of all", registry=registry).set(42)
        server = HttpServer(
            host="127.0.0.1",
            port=0,
            registry=registry,
            watched_loop=watched_loop,
            readiness=readiness,
            loop_seconds=loop_seconds,
            head_seconds=head_seconds,
        )
        servers.append(server)
        return server

    yield start_server
    for server in servers:
        server.close()


def converse(server: HttpServer, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes, read until the server closes; give status, headers, body."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(request)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    return int(status.split()[1]), dict(line.split(": ", 1) for line in lines), body


def get(server: HttpServer, path: str) -> tuple[int, dict[str, str], bytes]:
    return converse(server, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())


def test_metrics_are_served_as_prometheus_text(start: Start) -> None:
    status, headers, body = get(start(), "/metrics")

    assert (status, headers["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert b"\nanswer 42.0\n" in body
    assert int(headers["Content-Length"]) == len(body)


def test_a_query_behind_the_path_is_ignored(start: Start) -> None:
    assert get(start(), "/metrics?name=x")[0] == 200


def test_head_gives_the_headers_without_the_body(start: Start) -> None:
    status, headers, body = converse(start(), b"HEAD /metrics HTTP/1.1\r\n\r\n")

    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 0


def test_a_process_whose_loop_comes_round_is_alive(start: Start) -> None:
    status, headers, body = get(start(), "/livez")

    assert (status, headers["Content-Type"], json.loads(body)) == (200, "application/json", {"status": "alive"})


def test_a_process_whose_loop_is_stuck_is_not_alive(start: Start, loop: asyncio.AbstractEventLoop) -> None:
    released = threading.Event()
    loop.call_soon_threadsafe(released.wait)
    try:
        status, _, body = get(start(loop_seconds=0.05), "/livez")
    finally:
        released.set()

    assert status == 503
    assert json.loads(body) == {"status": "stuck", "reason": "the event loop did not answer within 0.05 s"}


def test_a_process_whose_loop_has_ended_is_not_alive(start: Start) -> None:
    ended = asyncio.new_event_loop()
    ended.close()

    status, _, body = get(start(watched_loop=ended), "/livez")

    assert (status, json.loads(body)["status"]) == (503, "dead")


def test_a_stuck_loop_does_not_stop_the_metrics(start: Start, loop: asyncio.AbstractEventLoop) -> None:
    released = threading.Event()
    loop.call_soon_threadsafe(released.wait)
    try:
        status = get(start(), "/metrics")[0]
    finally:
        released.set()

    assert status == 200


def test_readiness_says_why_not(start: Start) -> None:
    status, _, body = get(start(lambda: Readiness(False, "the service is stopping")), "/readyz")

    assert (status, json.loads(body)) == (503, {"status": "not ready", "reason": "the service is stopping"})


def test_a_ready_service_says_so(start: Start) -> None:
    status, _, body = get(start(), "/readyz")

    assert (status, json.loads(body)) == (200, {"status": "ready"})


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 404),
        (b"GET /metrics/ HTTP/1.1\r\n\r\n", 404),
        (b"POST /metrics HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 405),
        (b"GET /metrics\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\n", 400),
        (b"\x16\x03\x01\x00\xf0\r\n\r\n", 400),
        (b"GET /" + b"x" * MAX_HEAD_BYTES + b" HTTP/1.1\r\n\r\n", 431),
    ],
)
def test_what_is_no_request_for_a_page_is_refused(start: Start, request_bytes: bytes, status: int) -> None:
    assert converse(start(), request_bytes)[0] == status


def test_a_client_that_never_finishes_its_request_is_cut_off(start: Start) -> None:
    assert converse(start(head_seconds=0.05), b"GET /metrics HTTP/1.1\r\n")[0] == 408


def test_a_readiness_that_fails_closes_the_connection_and_is_logged(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> Readiness:
        raise RuntimeError("broken")

    server = start(fail)

    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"GET /readyz HTTP/1.1\r\n\r\n")
        assert connection.recv(100) == b""
    assert "A request to the HTTP endpoint failed" in caplog.text
    assert get(server, "/livez")[0] == 200


def test_an_address_in_use_is_an_error_at_start(start: Start, loop: asyncio.AbstractEventLoop) -> None:
    taken = start().port

    with pytest.raises(OSError, match="in use"):
        HttpServer(
            host="127.0.0.1",
            port=taken,
            registry=CollectorRegistry(),
            watched_loop=loop,
            readiness=lambda: Readiness(True),
        )


def test_closing_ends_the_thread_even_with_a_client_connected(start: Start) -> None:
    server = start()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"GET /")
        get(server, "/livez")

        server.close()

        assert connection.recv(100) == b""
    assert "logtriage-http" not in [thread.name for thread in threading.enumerate()]
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port), timeout=10)
