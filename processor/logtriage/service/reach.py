"""Reach an address step by step, so that a fault has a name: DNS, TCP or TLS."""

from __future__ import annotations

import os
import socket
import ssl
import time
from dataclasses import dataclass

_PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


class UnreachableError(Exception):
    """An address cannot be reached: at which step, why, and what to do."""

    def __init__(self, step: str, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.step = step
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Reached:
    """An open connection. ``certificate_ends`` is Unix time, 0 without TLS."""

    connection: socket.socket
    addresses: int
    address: str
    tcp_seconds: float
    tls_version: str
    certificate_ends: float


def reach(
    host: str, port: int, *, timeout_seconds: float, context: ssl.SSLContext | None, server_name: str = ""
) -> Reached:
    """Connect; close what is given. Each step after DNS takes ``timeout_seconds`` at most; DNS cannot be bounded here.

    Args:
        host: a name or an address.
        port: of TCP.
        timeout_seconds: for TCP, and again for TLS.
        context: None for no TLS.
        server_name: what the certificate must carry, if it is not the host.

    Raises:
        UnreachableError: with the step that failed.
    """
    try:
        addresses = list(
            dict.fromkeys(found[4][0] for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        )
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "is no host name"
        raise UnreachableError(
            "DNS", f"`{host}` has no address: {reason}", "check the host name, and which name server this machine asks"
        ) from None
    began = time.monotonic()
    try:
        connection = socket.create_connection((host, port), timeout=timeout_seconds)
    except TimeoutError:
        raise UnreachableError(
            "TCP", f"`{host}:{port}` did not answer within {timeout_seconds:g}s", f"let the firewall pass it{_proxy()}"
        ) from None
    except ConnectionRefusedError:
        raise UnreachableError(
            "TCP", f"`{host}:{port}` refuses connections: nothing listens there", "start it, or check host and port"
        ) from None
    except OSError as error:
        raise UnreachableError(
            "TCP", f"`{host}:{port}` cannot be reached: {error.strerror}", f"check route and firewall{_proxy()}"
        ) from None
    tcp_seconds = time.monotonic() - began
    address = str(connection.getpeername()[0])
    if context is None:
        return Reached(connection, len(addresses), address, tcp_seconds, "", 0.0)
    try:
        secured = context.wrap_socket(connection, server_hostname=server_name or host)
    except (OSError, ValueError) as error:
        connection.close()
        raise _of_tls(error, f"{host}:{port}", timeout_seconds) from None
    ends = (secured.getpeercert() or {}).get("notAfter")
    return Reached(
        secured,
        len(addresses),
        address,
        tcp_seconds,
        secured.version() or "",
        float(ssl.cert_time_to_seconds(ends)) if isinstance(ends, str) else 0.0,
    )


def _of_tls(error: Exception, address: str, timeout_seconds: float) -> UnreachableError:
    match error:
        case ssl.SSLCertVerificationError():
            return UnreachableError(
                "TLS",
                f"the certificate of `{address}` is not accepted: {error.verify_message}",
                "check the clock, the host name, and the certificates that this machine trusts: a box between that "
                "opens TLS needs its own certificate trusted here",
            )
        case TimeoutError():
            return UnreachableError(
                "TLS", f"`{address}` did not finish the handshake within {timeout_seconds:g}s", "does it speak TLS?"
            )
        case ssl.SSLError():
            return UnreachableError(
                "TLS", f"the handshake with `{address}` failed: {error.reason}", "does it speak TLS at this port?"
            )
    return UnreachableError("TLS", f"`{address}` ended the handshake", "does it speak TLS at this port?")


def _proxy() -> str:
    if any(os.environ.get(name) for name in _PROXY_VARIABLES):
        return "; the proxy that the environment names is not used: LogTriage connects directly"
    return ""
