"""gRPC, its streams, its channels and what is taken for it."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="grpc.stream_left_by_caller",
        patterns=(
            rb"the client reset the request stream",
            rb"stream closed before write could take place",
            rb"cancelled: client cancelled",
            rb"rpc (?:was )?cancelled by (?:the )?(?:client|caller)",
            rb"call already (?:cancelled|half-closed)",
            rb"http/2 error code: cancel\b",
            rb"received rst_stream with error code [58]\b",
            (
                rb"server\.serve failed to (?:create servertransport|complete security handshake)[^\n]{0,200}"
                rb"(?:eof|reset by peer)\W"
            ),
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="The caller of a stream left before its end; the server had nobody to write to.",
        action="Nothing to do.",
        examples=("quotes feed: Stream closed before write could take place",),
        near_misses=(
            "UNAVAILABLE: stream to billing closed, all replicas down",
            "stream of orders closed the books",
        ),
    ),
    Signature(
        name="grpc.connection_aged_out",
        patterns=(
            rb"closed stream\. http/2 error code: no_error",
            rb"goaway[^\n]{0,80}(?:max_age|no_error|graceful|session_timed_out)",
            rb"(?:max_age|no_error|graceful_stop)[^\n]{0,60}goaway",
            rb"http2: server sent goaway and closed the connection",
            rb"the connection is draining",
            rb"server transport closed before (?:the )?(?:stream|rpc)",
            rb"channel shutdownnow invoked",
            rb"channel shutdown invoked",
            rb"end of stream or ioexception",
        ),
        unless=(
            rb"too_many_pings",
            rb"enhance_your_calm",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.78,
        reason=(
            "The peer closed the connection in good order, as at its maximum age or its restart; the channel "
            "opens another."
        ),
        action="Nothing for one; let callers retry such calls.",
        examples=("received GOAWAY from hub, debug data: max_age, opening a new transport",),
        near_misses=(
            "GOAWAY received: ENHANCE_YOUR_CALM, too_many_pings",
            "the drain of the pool is open",
        ),
    ),
    Signature(
        name="grpc.pings_too_often",
        patterns=(
            rb"too_many_pings",
            rb"too many pings",
            rb"enhance_your_calm[^\n]{0,60}ping",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.WARN,
        is_actionable=True,
        confidence=0.9,
        reason=(
            "The client sends keepalive pings more often than the server lets it, so the server closes the connection."
        ),
        action="Bring the client's keepalive time and the server's enforcement policy into line.",
        examples=("closing transport due to GOAWAY: too_many_pings from ledger",),
        near_misses=(
            "ThrottlingException: Rate exceeded",
            "ping to 10.0.0.7 failed too",
        ),
    ),
    Signature(
        name="grpc.not_spoken_here",
        patterns=(
            rb"frame header looked like an http/1\.1 header",
            rb"http2: frame too large",
            rb"unexpected content-type \"?text/html",
            rb"error reading server preface",
            rb"received http/1\.[01] when expecting",
            rb"unexpected http status code received from server: (?:30\d|404|400)",
            rb"invalid content-type header[^\n]{0,40}text/(?:html|plain)",
            rb"first received frame was not settings",
            rb"received unexpected content-type",
            rb"protocol_error invalid settings id",
            rb"invalid http status code: (?:30\d|404)",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="What answers at this address does not speak HTTP/2: a proxy, a web page, or TLS against plain text.",
        action="Check address, port and scheme, and that the proxy on the way passes HTTP/2.",
        examples=(
            'unexpected HTTP status code received from server: 404 (Not Found); unexpected content-type "text/html"',
        ),
        near_misses=(
            "unexpected HTTP status code received from server: 503 (Service Unavailable)",
            "frame rate of the camera is too large",
        ),
    ),
    Signature(
        name="grpc.wire_types_differ",
        patterns=(
            rb"invalid wire type",
            rb"wrong ?wire ?type",
            rb"invalid wire-format data",
            rb"end-group tag did not match",
            rb"protocol message end-group tag",
            rb"unknown enum value for field",
            rb"has the wrong wire type",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        reason="Reader and writer were built from different message definitions.",
        action="Compare the versions of the message definition on both sides; deploy the older one anew.",
        examples=("decode of Cart failed: proto: wrong wireType = 0 for field Total",),
        near_misses=(
            "wire transfer of type 7 accepted",
            "protobuf message truncated at byte 17",
        ),
    ),
)
