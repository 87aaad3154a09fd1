"""Settings of what LogTriage says about itself: logs and metrics."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from logtriage.config.durations import Seconds
from logtriage.config.endpoints import (
    Endpoint,
    HttpListenEndpoint,
    OptionalTargetEndpoint,
    parse_http_listen_endpoint,
    parse_target,
)
from logtriage.config.exporter import sends_plaintext
from logtriage.config.section import Count, Flag, Headers, Section


class LogLevel(StrEnum):
    """The least severe of our own logs that is written."""

    DEBUG = "debug"
    INFO = "info"
    WARN = "warn"
    ERROR = "error"


class LogEncoding(StrEnum):
    """How our own logs look."""

    CONSOLE = "console"
    JSON = "json"


class OwnLogsSettings(Section):
    """Our own logs, on standard error. They never hold the body of a record."""

    level: LogLevel = Field(LogLevel.INFO, description="`debug`, `info`, `warn` or `error`.")
    encoding: LogEncoding = Field(LogEncoding.CONSOLE, description="`console` for people, `json` for machines.")


class MetricsPushSettings(Section):
    """Metrics pushed over OTLP/gRPC."""

    endpoint: OptionalTargetEndpoint = Field(
        "", description="Where metrics are pushed to, written as `exporter.endpoint` is. Empty: nowhere."
    )
    interval: Seconds = Field(60.0, ge=1, description="Time between two pushes.")
    insecure: Flag | None = Field(None, description="As `exporter.tls.insecure`.")
    headers: Headers = Field(
        default_factory=dict, description="Metadata sent with each push. The values are shown nowhere."
    )

    @property
    def target(self) -> Endpoint | None:
        """`endpoint`, taken apart; None if metrics are not pushed."""
        return parse_target(self.endpoint) if self.endpoint else None

    @property
    def is_plaintext(self) -> bool:
        """True if metrics leave without TLS."""
        return self.target is None or sends_plaintext(self.target, self.insecure)


class MetricsSettings(Section):
    """Our own metrics."""

    endpoint: HttpListenEndpoint = Field(
        "localhost:8888",
        description=(
            "Address of the HTTP server with `/metrics` (Prometheus), `/livez` and `/readyz`. Empty: none. "
            "A Collector on the same host uses 8888 too: change one of them."
        ),
    )
    otlp: MetricsPushSettings = Field(default_factory=MetricsPushSettings, description="Metrics pushed over OTLP/gRPC.")
    max_source_services: Count = Field(
        500,
        ge=1,
        le=10_000,
        description="Services that get series of their own; those that come later are counted as `__other__`.",
    )

    @property
    def listen(self) -> Endpoint | None:
        """`endpoint`, taken apart; None if there is no HTTP server."""
        return parse_http_listen_endpoint(self.endpoint) if self.endpoint else None


class TelemetrySettings(Section):
    """What LogTriage says about itself."""

    logs: OwnLogsSettings = Field(default_factory=OwnLogsSettings, description="Our own logs, on standard error.")
    metrics: MetricsSettings = Field(default_factory=MetricsSettings, description="Our own metrics.")
