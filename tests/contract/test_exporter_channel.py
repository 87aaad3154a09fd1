"""The exporter's connection: TLS both ways, the name of the certificate, compression."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import grpc
import pytest

from support.records import record, request
from support.running import Running, running
from support.sink import EXPORT, Sink

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl to make certificates")


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """Make a self-signed certificate for a name; give certificate and key."""
    cert, key = folder / f"{name}.pem", folder / f"{name}.key"
    made_with = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    names = ["-addext", f"subjectAltName=DNS:{name}"]
    subprocess.run([*made_with, *names, "-keyout", key, "-out", cert], check=True, capture_output=True)
    return cert, key


def credentials_of(cert: Path, key: Path, client_ca: Path | None) -> grpc.ServerCredentials:
    """Read a server's credentials; with a ``client_ca`` it asks for a certificate that this one has signed."""
    return grpc.ssl_server_credentials(
        [(key.read_bytes(), cert.read_bytes())],
        root_certificates=client_ca.read_bytes() if client_ca else None,
        require_client_auth=client_ca is not None,
    )


@asynccontextmanager
async def tls_sink(credentials: grpc.ServerCredentials) -> AsyncIterator[tuple[int, list[bytes]]]:
    """Listen with TLS; give the port and what arrives."""
    taken: list[bytes] = []

    async def export(data: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> bytes:
        taken.append(data)
        return b""

    service, method = EXPORT.strip("/").split("/")
    server = grpc.aio.server()
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(service, {method: grpc.unary_unary_rpc_method_handler(export)}),)
    )
    port = server.add_secure_port("127.0.0.1:0", credentials)
    await server.start()
    try:
        yield port, taken
    finally:
        await server.stop(0)


async def delivered(service: Running, taken: list[bytes]) -> bool:
    """Send one record; tell whether it arrived."""
    with contextlib.suppress(grpc.aio.AioRpcError):
        await service.export(request(record("boom")))
    return any(b"boom" in data for data in taken)


@needs_openssl
@pytest.mark.parametrize("has_certificate", [True, False], ids=["with our certificate", "without"])
def test_mutual_tls_takes_our_certificate_and_nobody_else(tmp_path: Path, has_certificate: bool) -> None:
    server_cert, server_key = certificate(tmp_path, "localhost")
    our_cert, our_key = certificate(tmp_path, "logtriage")
    tls = {"ca_file": str(server_cert), "insecure": False}
    if has_certificate:
        tls |= {"cert_file": str(our_cert), "key_file": str(our_key)}

    async def scenario() -> bool:
        async with (
            tls_sink(credentials_of(server_cert, server_key, our_cert)) as (port, taken),
            running(exporter={"endpoint": f"localhost:{port}", "tls": tls, "timeout": "2s"}) as service,
        ):
            return await delivered(service, taken)

    assert asyncio.run(scenario()) is has_certificate


@needs_openssl
@pytest.mark.parametrize(
    ("tls", "arrives"),
    [
        ({"server_name_override": "collector.example"}, True),
        ({"server_name_override": ""}, False),
        ({"ca_file": "", "server_name_override": "collector.example"}, False),
    ],
    ids=["named", "another name", "unknown certificate"],
)
def test_the_certificate_downstream_is_checked(tmp_path: Path, tls: dict[str, str], arrives: bool) -> None:
    cert, key = certificate(tmp_path, "collector.example")

    async def scenario() -> bool:
        settings = {"insecure": False, "ca_file": str(cert), **tls}
        async with (
            tls_sink(credentials_of(cert, key, None)) as (port, taken),
            running(exporter={"endpoint": f"localhost:{port}", "tls": settings, "timeout": "2s"}) as service,
        ):
            return await delivered(service, taken)

    assert asyncio.run(scenario()) is arrives


@asynccontextmanager
async def counting_relay(port: int) -> AsyncIterator[tuple[int, list[int]]]:
    """Pass connections on to a port; give the port to connect to and the bytes of each piece that was sent."""
    sizes: list[int] = []

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, counted: list[int] | None) -> None:
        while piece := await reader.read(65536):
            if counted is not None:
                counted.append(len(piece))
            writer.write(piece)
            await writer.drain()
        writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", port)
        async with asyncio.TaskGroup() as group:
            group.create_task(pump(reader, onward_writer, sizes))
            group.create_task(pump(onward_reader, writer, None))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], sizes


@pytest.mark.parametrize(("compression", "is_small"), [("gzip", True), ("none", False)])
def test_requests_are_compressed_where_the_settings_say_so(compression: str, is_small: bool) -> None:
    body = "much the same " * 20_000

    async def scenario() -> None:
        async with Sink() as sink, counting_relay(int(sink.address.rpartition(":")[2])) as (port, sizes):
            exporter = {"endpoint": f"127.0.0.1:{port}", "compression": compression}
            async with running(exporter=exporter) as service:
                await service.export(request(record(body)))
                assert body.encode() in sink.requests[0]
                assert (sum(sizes) < len(body) / 10) is is_small

    asyncio.run(scenario())
