"""Read endpoints: where the service listens, and where it sends to."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

_HOST = re.compile(r"[A-Za-z0-9._-]{1,253}")
_FORMS = "write `host:port`, for example `localhost:4317`"
_ANY_HOST = frozenset({"", "0.0.0.0", "::"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An endpoint taken apart. ``socket_path`` is set for ``unix://``, and then host and port are empty.

    ``scheme`` is empty, ``http``, ``https``, ``dns`` or ``unix``.
    """

    scheme: str = ""
    host: str = ""
    port: int = 0
    socket_path: str = ""

    @property
    def is_loopback(self) -> bool:
        """True if what is sent there stays on this machine."""
        if self.socket_path or self.host.lower() in ("localhost", "localhost."):
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def listens_everywhere(self) -> bool:
        """True for ``:4317``, ``0.0.0.0:4317`` and ``[::]:4317``: the port is open on every address of the machine."""
        return not self.socket_path and self.host in _ANY_HOST

    @property
    def address(self) -> str:
        """``host:port`` or ``unix:///path`` as gRPC takes it; an empty host is ``[::]``."""
        if self.socket_path:
            return f"unix://{self.socket_path}"
        host = self.host or "::"
        return f"[{host}]:{self.port}" if ":" in host else f"{host}:{self.port}"

    @property
    def grpc_target(self) -> str:
        """What a gRPC channel takes as its target: without ``http://`` or ``https://``, which gRPC does not know."""
        return f"dns:///{self.address}" if self.scheme == "dns" else self.address

    def shares_port_with(self, other: Endpoint) -> bool:
        """True if both cannot be listened on at once, or if sending to the one reaches the other."""
        if self.socket_path or other.socket_path:
            return self.socket_path == other.socket_path
        if self.port != other.port or self.port == 0:
            return False
        if self.is_loopback and other.is_loopback:
            return True
        if self.listens_everywhere or other.listens_everywhere:
            return self.is_local_for_certain and other.is_local_for_certain
        return self.host.lower() == other.host.lower()

    @property
    def is_local_for_certain(self) -> bool:
        """True if the host is loopback or every address: known without asking the network."""
        return self.is_loopback or self.listens_everywhere


def parse_endpoint(text: str, *, schemes: tuple[str, ...] = (), allows_port_0: bool = False) -> Endpoint:
    """Take an endpoint apart.

    Args:
        text: ``host:port``, ``[v6]:port``, ``:port``, or with one of the schemes in front.
        schemes: what may stand in front of ``://``.
        allows_port_0: true where the system may choose a free port.

    Raises:
        ValueError: with what to write instead.
    """
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "", text
    elif scheme not in schemes:
        known = ", ".join(f"`{name}://`" for name in schemes)
        raise ValueError(f"has the scheme `{scheme[:20]}`, {f'known are {known}' if known else 'none is known here'}")
    if scheme == "unix":
        if not rest.startswith("/") or "\0" in rest:
            raise ValueError("names no absolute path: write `unix:///run/logtriage.sock`, with three slashes")
        return Endpoint(scheme=scheme, socket_path=rest)
    if scheme == "dns":
        rest = rest.removeprefix("/")
    if "@" in rest:
        raise ValueError("has a user name in it: put credentials into `headers`")
    if "/" in rest:
        raise ValueError(f"has a path after the port: gRPC takes none, {_FORMS}")
    host, separator, port_text = rest.rpartition(":")
    if not separator or host.endswith(":"):
        raise ValueError(f"has no port: {_FORMS}" if rest else f"is empty: {_FORMS}")
    return Endpoint(scheme=scheme, host=_host_of(host), port=_port_of(port_text, allows_port_0))


def _host_of(text: str) -> str:
    if text.startswith("[") or text.endswith("]"):
        inner = text[1:-1] if text.startswith("[") and text.endswith("]") else ""
        try:
            return str(ipaddress.IPv6Address(inner))
        except ValueError:
            raise ValueError("has no IPv6 address between the brackets: write `[::1]:4317`") from None
    if ":" in text:
        raise ValueError("has more than one colon: write an IPv6 address in brackets, `[::1]:4317`")
    if text and not _HOST.fullmatch(text):
        raise ValueError(f"has a host name with characters that no host name has: {_FORMS}")
    return text


def _port_of(text: str, allows_port_0: bool) -> int:
    lowest = 0 if allows_port_0 else 1
    if not (text.isascii() and text.isdigit() and len(text) <= 5) or not lowest <= int(text) <= 65535:
        raise ValueError(f"has the port `{text[:10]}`: ports are numbers from {lowest} to 65535")
    return int(text)


def parse_listen_endpoint(text: str) -> Endpoint:
    """Take the endpoint of our own gRPC server apart; port 0 lets the system choose."""
    return parse_endpoint(text, schemes=("unix",), allows_port_0=True)


def parse_http_listen_endpoint(text: str) -> Endpoint:
    """Take the endpoint of our own HTTP server apart; port 0 lets the system choose."""
    return parse_endpoint(text, allows_port_0=True)


def parse_target(text: str) -> Endpoint:
    """Take an endpoint that we send to apart; it must name a host."""
    endpoint = parse_endpoint(text, schemes=("http", "https", "dns", "unix"))
    if not endpoint.host and not endpoint.socket_path:
        raise ValueError(f"names no host to send to: {_FORMS}")
    return endpoint


def _checked_listen(text: str) -> str:
    parse_listen_endpoint(text)
    return text


def _checked_http_listen(text: str) -> str:
    if text:
        parse_http_listen_endpoint(text)
    return text


def _checked_target(text: str) -> str:
    parse_target(text)
    return text


def _checked_optional_target(text: str) -> str:
    return _checked_target(text) if text else text


ListenEndpoint = Annotated[str, AfterValidator(_checked_listen)]
"""``host:port`` or ``unix:///path``."""
HttpListenEndpoint = Annotated[str, AfterValidator(_checked_http_listen)]
"""``host:port``, or empty for none."""
TargetEndpoint = Annotated[str, AfterValidator(_checked_target)]
"""``host:port``, with ``http://``, ``https://`` or ``dns:///`` in front, or ``unix:///path``."""
OptionalTargetEndpoint = Annotated[str, AfterValidator(_checked_optional_target)]
"""A `TargetEndpoint`, or empty for none."""
