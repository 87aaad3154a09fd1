"""Envoy and Istio."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="envoy.config_rejected",
        patterns=(
            rb"unable to parse json as proto",
            rb"grpc config for [^\n]{1,80} rejected",
            rb"error adding/updating (?:listener|cluster)",
            rb"proto constraint validation failed",
            rb"delta config rejected",
            rb"unknown (?:cluster|route) ",
            rb"but was rejected: [^\n]{0,120}successful, [1-9]\d{0,6} rejected",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        reason="The proxy refuses a configuration that it was given: it keeps the old one.",
        action=(
            "Correct the resource that the record names; a field that it does not know points to a version difference."
        ),
        examples=(
            (
                "gRPC config for type.googleapis.com/envoy.config.listener.v3.Listener rejected: Error "
                "adding/updating listener(s)"
            ),
        ),
        near_misses=(
            "StreamAggregatedResources gRPC config stream closed: 13,",
            "lds: add/update listener '0.0.0.0_80'",
        ),
    ),
    Signature(
        name="envoy.config_stream_closed",
        patterns=(
            rb"grpc config stream (?:to [\w.-]{1,60} )?closed(?: since [^\n]{1,20} ago)?: ",
            rb"xds proxy upstream stream error",
            rb"unable to establish new stream",
            rb"deltaaggregatedresources grpc config stream",
        ),
        unless=(
            rb"closed: 13,?",
            rb"closed since \d{3,7}s ago",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.75,
        reason=(
            "The stream from the control plane ended, as it does by age or at its restart; the proxy opens a new one."
        ),
        action="Nothing for one; if it lasts, check the control plane.",
        examples=("StreamAggregatedResources gRPC config stream closed: 14, connection error: desc = transport",),
        near_misses=(
            "gRPC config for Listener rejected: Error adding/updating listener(s)",
            "upstream connect error or disconnect/reset before headers",
            "StreamAggregatedResources gRPC config stream closed: 13,",
        ),
    ),
    Signature(
        name="envoy.response_flags",
        patterns=(
            rb"\b(?:502|503|504) (?:uf|uh|ur|urx|uc|lr)\b",
            rb"\bflags?[\"']?[=: ]{1,3}[\"']?(?:uf|uh|urx?|uc)\b",
            rb"\" 503 (?:uf|uh|urx|lr|lh)[, ]",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.82,
        reason="The proxy could not reach a healthy server behind it.",
        action="Check the servers behind the route that the record names.",
        examples=('"GET /cart HTTP/1.1" 503 UF upstream_reset 0 91',),
        near_misses=('"GET /cart HTTP/1.1" 404 NR route_not_found 0 0', '"GET /cart HTTP/1.1" 200 - via_upstream 0 91'),
    ),
    Signature(
        name="envoy.no_route",
        patterns=(
            rb"\b404 nr\b",
            rb"route_not_found",
            rb"no matching route",
            rb"noroute found for",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.78,
        reason="The proxy has no route for this host or path.",
        action="Add or correct the route; check the host name and the gateway it is bound to.",
        examples=('"GET /cart HTTP/1.1" 404 NR route_not_found - "-" 0 0',),
        near_misses=('"GET /cart HTTP/1.1" 404 - via_upstream - "-" 0 9', "connect to 10.0.0.7: no route to host"),
    ),
    Signature(
        name="envoy.unknown_extension",
        patterns=(
            rb"didn't find a registered (?:implementation|network filter|http filter)",
            rb"no such field: '[^'\n]{1,60}'",
            rb'unknown field "[^"\n]{1,60}" in type',
            rb"failed to load wasm module due to a missing import",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="The configuration speaks of a field or filter that this version of the proxy does not have.",
        action="Bring proxy and control plane to versions that go together, or take the field out.",
        examples=("Didn't find a registered implementation for 'envoy.filters.http.cart'",),
        near_misses=("Error adding/updating listener(s) 0.0.0.0_80: address already in use", "filter chain updated"),
    ),
    Signature(
        name="envoy.downstream_gone",
        patterns=(
            rb"http/[123][.\d]{0,2}\" (?:0|499) d[ct]\b",
            rb"downstream_remote_disconnect",
            rb"http1\.codec_error|downstream_local_disconnect\(tls",
            rb"\" 400 dpe\b",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="The caller ended the request, or sent what is not HTTP; the proxy only notes it.",
        action="Nothing to do.",
        examples=('"GET /cart HTTP/2" 0 DC downstream_remote_disconnect - "-" 0 0 911',),
        near_misses=(
            '"GET /cart HTTP/1.1" 503 UF upstream_reset 0 91',
            '"GET /cart HTTP/1.1" 503 UC upstream_reset_before_response_started{connection_termination}',
        ),
    ),
    Signature(
        name="envoy.upstream_speaks_otherwise",
        patterns=(rb"transport failure reason: [^\n]{0,160}(?:wrong_version_number|http_request)",),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The proxy speaks TLS to a server that does not, or the other way round.",
        action="Make the TLS mode of the destination and the port's protocol fit together.",
        examples=(
            (
                "reset reason: remote connection failure, transport failure reason: TLS_error:|268435703:SSL "
                "routines:OPENSSL_internal:WRONG_VERSION_NUMBER"
            ),
        ),
        near_misses=("reset reason: connection timeout", "transport failure reason: delayed connect error: 111"),
    ),
    Signature(
        name="envoy.cannot_start",
        patterns=(
            rb"error initializing (?:the )?(?:configuration|xds|runtime)",
            rb"cannot bind '[^'\n]{3,60}': ",
            rb"unable to (?:bind|open) (?:file|admin)",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.9,
        reason="The proxy does not start with this configuration.",
        action="Correct what the record names; check the version that the file is written for.",
        examples=("[critical][main] error initializing configuration '/etc/envoy/edge.yaml': could not parse",),
        near_misses=("lds: add/update listener '0.0.0.0_80'", "all dependencies initialized. starting workers"),
    ),
    Signature(
        name="envoy.not_ready_yet",
        patterns=(
            rb"envoy proxy is not ready: ",
            rb"failed to warm certificate",
            rb"failed to generate workload certificate",
            rb"xds proxy: (?:upstream )?\[?\d{0,4}\]?[^\n]{0,40}terminated",
        ),
        unless=(
            rb"cds updates: \d{1,6} successful, [1-9]",
            rb"lds updates: \d{1,6} successful, [1-9]",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="The proxy waits for its configuration or certificate at its start and asks again by itself.",
        action="Nothing in the first minute; then check the control plane and the way to it.",
        examples=(
            "Envoy proxy is NOT ready: config received from XDS server, but was rejected: cds updates: 0 successful",
        ),
        near_misses=("Envoy proxy is ready", "gRPC config for Listener rejected: Error adding/updating listener(s)"),
    ),
    Signature(
        name="envoy.stream_aged_out",
        patterns=(rb"grpc config stream (?:to [\w.-]{1,60} )?closed: (?:13|0)\b",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="The control plane ends each configuration stream after a while; the proxy opens a new one at once.",
        action="Nothing to do.",
        examples=("StreamAggregatedResources gRPC config stream closed: 13,",),
        near_misses=(
            "gRPC config stream closed since 1804s ago: 14, connection error",
            "StreamAggregatedResources gRPC config stream closed: 16, unauthenticated",
        ),
    ),
    Signature(
        name="envoy.control_plane_away",
        patterns=(rb"grpc config stream (?:to [\w.-]{1,60} )?closed since \d{3,7}s ago",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        settles=True,
        reason="The proxy has had no control plane for minutes: it serves an old configuration.",
        action="Check the control plane's pods and the way to them from this proxy.",
        examples=(
            "DeltaAggregatedResources gRPC config stream to xds-grpc closed since 912s ago: 14, connection error",
        ),
        near_misses=(
            "StreamAggregatedResources gRPC config stream closed: 13,",
            "gRPC config stream closed since 4s ago: 14, upstream reset",
        ),
    ),
    Signature(
        name="envoy.start_up_remark",
        patterns=(
            rb"there is no configured limit to the number of allowed active",
            rb"using deprecated option '",
            rb"unable to use runtime singleton for feature",
            rb"deprecated field: type envoy",
        ),
        unless=(
            rb"rejected",
            rb"error initializing",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="A remark on defaults or old fields; the proxy works.",
        action="Nothing to do.",
        examples=(
            (
                "[warning][misc] Deprecated field: type envoy.config.route.v3.HeaderMatcher Using deprecated "
                "option 'exact_match'"
            ),
        ),
        near_misses=(
            "[critical][main] error initializing configuration '/etc/envoy/edge.yaml'",
            "gRPC config for Listener rejected: deprecated features are disabled",
        ),
    ),
)
