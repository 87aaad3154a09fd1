"""Settings of the receiver: where records come in, and how much at once."""

from __future__ import annotations

from pydantic import Field

from logtriage.config.durations import Seconds
from logtriage.config.endpoints import Endpoint, ListenEndpoint, parse_listen_endpoint
from logtriage.config.section import Count, Flag, MetadataKey, Section

MIB = 1024 * 1024


class ServerParameters(Section):
    """gRPC keepalive of the receiver towards its senders."""

    max_connection_idle: Seconds = Field(
        600.0, ge=0, description="A connection without calls is closed after this time. `0s`: never."
    )
    max_connection_age: Seconds = Field(
        1800.0,
        ge=0,
        description="A connection is closed after this time, so that senders spread over replicas anew. `0s`: never.",
    )
    max_connection_age_grace: Seconds = Field(
        30.0, ge=0, description="Time that calls under way get to finish once a connection has reached its age."
    )
    time: Seconds = Field(
        60.0, ge=1, description="A connection that is silent for this long is pinged, to notice a dead sender."
    )
    timeout: Seconds = Field(20.0, gt=0, description="A ping without an answer for this long closes the connection.")


class EnforcementPolicy(Section):
    """What the receiver allows its senders to ping."""

    min_time: Seconds = Field(
        30.0,
        ge=0,
        description="A sender that pings more often than this is disconnected. The Collector's default is 5m.",
    )
    permit_without_stream: Flag = Field(True, description="Allow pings of a sender that has no call under way.")


class ServerKeepalive(Section):
    """gRPC keepalive of the receiver."""

    server_parameters: ServerParameters = Field(
        default_factory=ServerParameters, description="What the receiver does with its connections."
    )
    enforcement_policy: EnforcementPolicy = Field(
        default_factory=EnforcementPolicy, description="What the receiver allows its senders."
    )


class MetadataSettings(Section):
    """Which metadata of a call goes on downstream."""

    forward: tuple[MetadataKey, ...] = Field(
        (),
        description="Keys of gRPC metadata that are passed on downstream with the records. All others end here.",
    )
    tenant: MetadataKey = Field(
        "x-scope-orgid",
        description=(
            "The key that names the tenant. Verdicts of one tenant are never used for another. "
            "It takes part only if it is also in `forward`."
        ),
    )


class ReceiverSettings(Section):
    """Where records come in."""

    endpoint: ListenEndpoint = Field(
        "localhost:4317",
        description=(
            "Address of the OTLP/gRPC server: `host:port`, or `unix:///path` for a socket. "
            "`0.0.0.0:4317` opens it to the network; there is no authentication."
        ),
    )
    max_recv_msg_size_mib: Count = Field(
        16, ge=1, le=2047, description="Largest request in MiB, decompressed; a larger one is refused by gRPC."
    )
    max_request_records: Count = Field(
        50_000, ge=1, description="A request with more records is forwarded as received, without triage, and counted."
    )
    max_in_flight_mib: Count = Field(
        64, ge=1, description="Requests in work may take this many MiB together; beyond it senders are told to retry."
    )
    max_concurrent_streams: Count = Field(
        0, ge=0, le=2**31 - 1, description="Calls at once on one connection. `0`: no limit."
    )
    metadata: MetadataSettings = Field(
        default_factory=MetadataSettings, description="Which metadata of a call goes on downstream."
    )
    keepalive: ServerKeepalive = Field(default_factory=ServerKeepalive, description="gRPC keepalive.")

    @property
    def listen(self) -> Endpoint:
        """`endpoint`, taken apart."""
        return parse_listen_endpoint(self.endpoint)

    @property
    def max_recv_msg_size_bytes(self) -> int:
        """`max_recv_msg_size_mib` in bytes."""
        return self.max_recv_msg_size_mib * MIB

    @property
    def max_in_flight_bytes(self) -> int:
        """`max_in_flight_mib` in bytes."""
        return self.max_in_flight_mib * MIB

    @property
    def tenant_key(self) -> str | None:
        """The metadata key that separates verdicts; None if it is not forwarded."""
        return self.metadata.tenant if self.metadata.tenant in self.metadata.forward else None
