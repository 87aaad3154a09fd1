"""Settings of the exporter: where records go, and how."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from logtriage.config.durations import Seconds
from logtriage.config.endpoints import Endpoint, TargetEndpoint, parse_target
from logtriage.config.receiver import MIB
from logtriage.config.section import Count, FilePath, Flag, Headers, Section


class Compression(StrEnum):
    """How requests are compressed on the way out."""

    NONE = "none"
    GZIP = "gzip"


class TlsSettings(Section):
    """TLS towards downstream."""

    insecure: Flag | None = Field(
        None,
        description=(
            "`true`: plaintext; `false`: TLS; not set: plaintext to this machine, TLS to any other. "
            "A scheme in `endpoint` decides before this."
        ),
    )
    ca_file: FilePath = Field(
        "", description="Certificates (PEM) that the server's is checked against. Empty: those built into gRPC."
    )
    cert_file: FilePath = Field("", description="Our certificate (PEM) for mutual TLS; needs `key_file`.")
    key_file: FilePath = Field("", description="The key (PEM) of `cert_file`.")
    server_name_override: str = Field(
        "", description="Name that the server's certificate must carry, if it is not the host of `endpoint`."
    )


class ClientKeepalive(Section):
    """gRPC keepalive of the exporter towards downstream."""

    time: Seconds = Field(
        0.0,
        ge=0,
        description=(
            "A connection that is silent for this long is pinged. `0s`: never. "
            "A Collector disconnects who pings more often than its `enforcement_policy` allows (5m by default)."
        ),
    )
    timeout: Seconds = Field(10.0, gt=0, description="A ping without an answer for this long closes the connection.")
    permit_without_stream: Flag = Field(False, description="Ping also while no request is under way.")


class RetrySettings(Section):
    """How held records are sent again while downstream does not take them: without end."""

    initial_interval: Seconds = Field(
        1.0,
        gt=0,
        le=60,
        description="The first wait is drawn from between `0s` and this; downstream's own wish for a pause is kept.",
    )
    multiplier: float = Field(1.5, ge=1, le=10, description="Each further wait may be so many times as long.")
    max_interval: Seconds = Field(5.0, gt=0, le=300, description="No wait is drawn from above this.")


class ExporterSettings(Section):
    """Where records go."""

    endpoint: TargetEndpoint = Field(
        "localhost:14317",
        description=(
            "Address of an OTLP/gRPC server: `host:port`, `dns:///host:port` or `unix:///path`. "
            "`http://` in front means plaintext, `https://` means TLS, whatever `tls.insecure` says."
        ),
    )
    tls: TlsSettings = Field(default_factory=TlsSettings, description="TLS towards downstream.")
    headers: Headers = Field(
        default_factory=dict,
        description="Metadata sent with each request, for example a token. The values are shown nowhere.",
    )
    compression: Compression = Field(
        Compression.NONE, description="`gzip` or `none`: gzip saves network and costs CPU, more than triage itself."
    )
    timeout: Seconds = Field(
        4.0,
        gt=0,
        description=(
            "A forwarded request may take this long. Keep it below the `timeout` of the Collector that sends to us "
            "(5s by default): else the Collector gives up first and sends again what was about to arrive."
        ),
    )
    max_request_size_mib: Count = Field(
        4,
        ge=1,
        le=2047,
        description="Each forwarded request stays under this many MiB; 4 is what a Collector takes by default.",
    )
    keepalive: ClientKeepalive = Field(default_factory=ClientKeepalive, description="gRPC keepalive.")
    retry_on_failure: RetrySettings = Field(
        default_factory=RetrySettings,
        description=(
            "How held records, whose sender has its OK, are sent again while downstream does not take them; without "
            "end. Other requests are tried once: their sender keeps them."
        ),
    )

    @property
    def target(self) -> Endpoint:
        """`endpoint`, taken apart."""
        return parse_target(self.endpoint)

    @property
    def grpc_target(self) -> str:
        """What `grpc.aio` takes as target."""
        return self.target.grpc_target

    @property
    def is_plaintext(self) -> bool:
        """True if requests leave without TLS: by scheme, else by `tls.insecure`, else to this machine only."""
        return sends_plaintext(self.target, self.tls.insecure)

    @property
    def max_request_size_bytes(self) -> int:
        """`max_request_size_mib` in bytes."""
        return self.max_request_size_mib * MIB


def sends_plaintext(target: Endpoint, insecure: bool | None) -> bool:
    """Decide between plaintext and TLS: by the scheme, else by `insecure`, else plaintext to this machine only."""
    if target.scheme in ("http", "https"):
        return target.scheme == "http"
    return target.is_loopback if insecure is None else insecure
