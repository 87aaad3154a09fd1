"""Check the addresses that the service listens on: the receiver's, and that of metrics and probes."""

from __future__ import annotations

import errno
import http.client
import os
import socket
from pathlib import Path

from logtriage.config.endpoints import Endpoint
from logtriage.config.settings import Settings
from logtriage.otlp.probe import health_of
from logtriage.otlp.receiver import LOGS_SERVICE
from logtriage.service.finding import Finding, State

_HEALTH_SECONDS = 3.0


async def check_receiver(settings: Settings) -> Finding:
    """Check that the receiver's address is free, or that LogTriage serves there already."""
    check = "receiver address"
    listen = settings.receiver.listen
    shown = settings.receiver.endpoint
    error = _why_not_free(listen)
    if error is None:
        return Finding(check=check, state=State.OK, found=f"`{shown}` is free")
    if error.errno != errno.EADDRINUSE:
        return Finding(
            check=check,
            state=State.FAULT,
            found=f"`{shown}` cannot be listened on: {error.strerror}",
            advice="choose an address of this machine, and a port above 1023, in `receiver.endpoint`",
        )
    health = await health_of(_dialled(listen), LOGS_SERVICE, timeout_seconds=_HEALTH_SECONDS)
    match health:
        case "SERVING":
            return Finding(check=check, state=State.OK, found=f"LogTriage serves at `{shown}` already")
        case "NOT_SERVING":
            return Finding(
                check=check,
                state=State.WARNING,
                found=f"LogTriage at `{shown}` says NOT_SERVING",
                advice="it is stopping, or its own output comes back to it: read its log",
            )
    return Finding(
        check=check,
        state=State.FAULT,
        found=f"another program listens at `{shown}` (asked for its health, it gave {health})",
        advice="stop it, or choose another port in `receiver.endpoint`; a Collector uses 4317, too",
    )


def check_metrics(settings: Settings) -> Finding:
    """Check that the address of metrics and probes is free, or that probes are answered there already."""
    check = "metrics address"
    listen, shown = settings.telemetry.metrics.listen, settings.telemetry.metrics.endpoint
    if listen is None:
        return Finding(check=check, state=State.SKIPPED, found="`telemetry.metrics.endpoint` is empty: none is wanted")
    error = _why_not_free(listen)
    if error is None:
        return Finding(check=check, state=State.OK, found=f"`{shown}` is free")
    if error.errno == errno.EADDRINUSE and _answers_probes(listen):
        return Finding(check=check, state=State.OK, found=f"probes are answered at `{shown}` already")
    why = "is in use by another program" if error.errno == errno.EADDRINUSE else f"cannot be had: {error.strerror}"
    return Finding(
        check=check,
        state=State.FAULT,
        found=f"`{shown}` {why}: the service would not start",
        advice="choose another address in `telemetry.metrics.endpoint` (a Collector uses 8888, too), or leave it empty",
    )


def _answers_probes(listen: Endpoint) -> bool:
    host = "localhost" if listen.listens_everywhere else listen.host
    connection = http.client.HTTPConnection(host, listen.port, timeout=_HEALTH_SECONDS)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status in (200, 503)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _why_not_free(listen: Endpoint) -> OSError | None:
    if listen.socket_path:
        return _why_no_socket(Path(listen.socket_path))
    failed: OSError | None = None
    has_one = False
    try:
        found = socket.getaddrinfo(listen.host or "::", listen.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        return OSError(errno.EADDRNOTAVAIL, error.strerror)
    for family, kind, protocol, _, address in found:
        try:
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
            has_one = True
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return error
            failed = error
    return None if has_one else failed


def _why_no_socket(path: Path) -> OSError | None:
    if path.exists():
        return OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    if not path.parent.is_dir():
        return OSError(errno.ENOENT, f"the folder `{path.parent}` does not exist")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        return OSError(errno.EACCES, f"the folder `{path.parent}` may not be written")
    return None


def _dialled(listen: Endpoint) -> str:
    return f"localhost:{listen.port}" if listen.listens_everywhere else listen.address
