"""Envoy and Istio, gRPC, clients of HTTP servers that go away."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="tomcat.bad_request_line",
        patterns=(
            rb"invalid character found in (?:method name|the request target|the http protocol)",
            rb"error parsing http request header",
            rb"request header is too large",
            rb"bad http/0\.9 request type",
            rb"illegal character (?:cntl|0x|space|alpha)[^\n]{0,40}",
            rb"the request was rejected because the url contained a potentially malicious string",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.75,
        reason="Somebody outside sent what is not HTTP, mostly a scanner or TLS to a plain port; it was refused.",
        action="Nothing to do.",
        examples=("Invalid character found in method name [0x16 0x03]. HTTP method names must be tokens",),
        near_misses=("JSON parse error: Illegal unquoted character", "HTTP method names must be configured"),
    ),
    Signature(
        name="http.client_went_away",
        patterns=(
            rb"clientabortexception",
            rb"asyncrequestnotusableexception",
            rb"client (?:prematurely )?closed (?:the )?connection",
            rb"write tcp [^\n>]{1,60}->[^\n ]{1,60}:[1-6]\d{4}: write: broken pipe",
            rb"client disconnected",
            rb"the client (?:has )?(?:gone away|reset the stream|aborted)",
            rb"request canceled by (?:the )?client",
            rb"connection closed by client",
            rb"exceptioncaught\(\) event was fired, and it reached at the tail",
            rb"client connection (?:closed|reset)",
            rb"client (?:has )?hung up",
            rb"tried to write to a closed client",
        ),
        unless=(rb"upstream prematurely", rb"out of ?memory", rb"outofmemoryerror"),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="A client closed its side before it had the whole answer.",
        action="Nothing to do.",
        examples=(
            "org.apache.catalina.connector.ClientAbortException: java.io.IOException: Broken pipe",
            "write tcp 10.0.0.7:80->10.0.0.9:51002: write: broken pipe",
        ),
        near_misses=(
            "write tcp 10.0.0.7:51002->10.0.0.9:5432: write: broken pipe",
            "upstream prematurely closed connection, request: GET /cart",
            "Server closed the connection during the query",
        ),
    ),
    Signature(
        name="http.broken_pipe_to_client",
        patterns=(rb"broken pipe",),
        also=(
            rb"catalina",
            rb"jetty",
            rb"undertow",
            rb"servlet",
            rb"socketserver",
            rb"httpserver",
            rb"responsewriter",
            rb"(?:sending|writing|write) (?:the )?respon",
            rb"werkzeug",
            rb"wsgi",
            rb"uvicorn",
            rb"to client",
        ),
        unless=(
            rb"upstream",
            rb"outofmemory",
            rb"no space",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.78,
        reason="A server wrote its answer to a client that had gone away.",
        action="Nothing to do.",
        examples=("WARN o.e.jetty.server.HttpChannel - /cart java.io.IOException: Broken pipe",),
        near_misses=(
            "publish to broker failed: write: Broken pipe, giving up",
            "pipe 7 is broken, call the plumber",
        ),
    ),
    Signature(
        name="envoy.config_rejected",
        patterns=(
            rb"unable to parse json as proto",
            rb"grpc config for [^\n]{1,80} rejected",
            rb"error adding/updating (?:listener|cluster)",
            rb"proto constraint validation failed",
            rb"delta config rejected",
            rb"unknown (?:cluster|route) ",
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
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.75,
        reason=(
            "The stream from the control plane ended, as it does by age or at its restart; the proxy opens a new one."
        ),
        action="Nothing for one; if it lasts, check the control plane.",
        examples=("StreamAggregatedResources gRPC config stream closed: 13,",),
        near_misses=(
            "gRPC config for Listener rejected: Error adding/updating listener(s)",
            "upstream connect error or disconnect/reset before headers",
        ),
    ),
    Signature(
        name="envoy.response_flags",
        patterns=(
            rb"\b(?:502|503|504) (?:uf|uh|ur|urx|uc|lr)\b",
            rb"\bflags?[\"']?[=: ]{1,3}[\"']?(?:uf|uh|urx?|uc)\b",
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
        patterns=(rb"\b404 nr\b", rb"route_not_found", rb"no matching route", rb"noroute found for"),
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
        name="grpc.message_too_large",
        patterns=(
            rb"received message larger than max",
            rb"grpc: received message after decompression larger than max",
            rb"trying to send message larger than max",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="A message is larger than one side accepts: the limits do not fit, or the batches are too big.",
        action="Split the message or raise the limit on the side that refuses.",
        examples=("grpc: received message larger than max (5242880 vs. 4194304)",),
        near_misses=("grpc: addrConn.createTransport failed to connect", "message size histogram reset"),
    ),
    Signature(
        name="grpc.unimplemented",
        patterns=(
            rb"code = unimplemented",
            rb"unknown (?:service|method) [\w./]{3,120}",
            rb"method [\w./]{1,80} is unimplemented",
            rb"unimplemented: ",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="The caller uses a method that the server's version does not have.",
        action="Deploy the server that has the method before its callers, or correct the address.",
        examples=("rpc error: code = Unimplemented desc = unknown method Total for service shop.Cart",),
        near_misses=(
            "rpc error: code = Unavailable desc = transport is closing",
            "method total is not implemented yet, using default",
        ),
    ),
    Signature(
        name="envoy.unknown_extension",
        patterns=(
            rb"didn't find a registered (?:implementation|network filter|http filter)",
            rb"no such field: '[^'\n]{1,60}'",
            rb'unknown field "[^"\n]{1,60}" in type',
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="The configuration speaks of a field or filter that this version of the proxy does not have.",
        action="Bring proxy and control plane to versions that go together, or take the field out.",
        examples=("Didn't find a registered implementation for 'envoy.filters.http.cart'",),
        near_misses=(
            "Error adding/updating listener(s) 0.0.0.0_80: address already in use",
            "filter chain updated",
        ),
    ),
)
