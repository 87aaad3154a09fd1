"""gRPC and HTTP servers: clients that go away, messages that do not fit."""

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
        unless=(
            rb"upstream prematurely",
            rb"out of ?memory",
            rb"outofmemoryerror",
        ),
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
        near_misses=("publish to broker failed: write: Broken pipe, giving up", "pipe 7 is broken, call the plumber"),
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
)
