"""Clients of application servers: gone before the end, strangers, requests that are refused."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="web.answer_to_nobody",
        patterns=(
            rb"twisted\.internet\.error\.connection(?:done|lost)",
            rb"connection was closed cleanly\.",
            rb"(?:connection|request) processing ended abnormally",
            (
                rb"(?:error|failed|exception|failure)[^\n]{0,20} (?:writing|sending|flushing)"
                rb" (?:the |final |http )?(?:response|answer)[^\n]{0,60}(?:broken pipe|reset"
                rb"|closed|epipe)"
            ),
            rb"could not write (?:to |the )?response[^\n]{0,120}(?:broken pipe|reset by peer)",
            rb"(?:write|read) tcp [^\n>]{2,60}:\d{2,4}->[^\n]{2,60}: (?:broken pipe|connection reset by peer)",
            rb"broken pipe from \('",
            rb"(?:readerror|badrequesterror)?: ?request aborted\b",
            (
                rb"error (?:while )?serving connection[^\n]{0,80}(?:incompletemessage|connection"
                rb" closed before message completed|connectionreset|brokenpipe|notconnected)"
            ),
            (
                rb"(?:running service|serve(?:r|d)? connection|connection error)[^\n]{0,40}hyper::error\("
                rb"(?:io, kind\((?:connectionreset|brokenpipe|notconnected)|incompletemessage)"
            ),
            rb"(?:the request|reading the request body) timed out due to data arriving too slowly",
            rb"badhttprequestexception",
            rb"responded 499\b",
            rb"client unexpectedly dropped",
            rb"econnreset[^\n]{0,60} at (?:tlssocket|socket)[^\n]{0,80}onconnection",
            rb"ignoring (?:exception|error) on closed (?:client )?connection",
            rb"cannot (?:write|send)[^\n]{0,30} to (?:a )?closed (?:websocket|client)",
            rb"error: stream (?:is )?not writable after (?:client|request)",
        ),
        unless=(
            rb"upstream",
            rb"no space",
            rb"out ?of ?memory",
            rb"panic",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason="The connection of a client broke while the server read its request or wrote the answer.",
        action="Nothing to do.",
        examples=("read tcp 10.0.0.7:8443->203.0.113.9:51002: read: connection reset by peer",),
        near_misses=(
            "read tcp 10.0.0.7:51002->10.0.0.9:6379: read: connection reset by peer",
            "failed writing the response journal: no space left on device",
        ),
    ),
    Signature(
        name="web.server_wrote_after_client_left",
        patterns=(
            rb"write epipe",
            rb"epipeerror",
            rb"read econnreset",
        ),
        also=(
            rb"serverresponse",
            rb"_http_server",
            rb"_http_outgoing",
            rb"clienterror",
        ),
        unless=(
            rb"unhandled",
            rb"uncaught",
            rb"clientrequest",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.76,
        reason="A server wrote its answer to a client that had gone away.",
        action="Nothing to do.",
        examples=("EPIPEError: write EPIPE at ServerResponse.end for GET /cart",),
        near_misses=(
            "Error: write EPIPE at Client.publish",
            "Unhandled 'error' event: write EPIPE at ServerResponse.end",
        ),
    ),
    Signature(
        name="web.handshake_by_stranger",
        patterns=(
            (
                rb"tls handshake error from [^\n]{1,60}: (?:local error: )?tls: (?:bad record"
                rb" mac|unexpected message|oversized record|client offered|unsupported|illegal"
                rb" parameter|no alpn|received record with version)"
            ),
            rb"received corrupt message of type ",
            rb"(?:handshake|accept)[^\n]{0,60}(?:invalidcontenttype|peer is incompatible|peersentoversizedrecord)",
            rb"tls handshake (?:eof|error)[^\n]{0,40}peer=",
            (
                rb"authenticationexception: (?:cannot determine the frame size or a corrupted"
                rb" frame|authentication failed because the remote party)"
            ),
            rb"failed to authenticate (?:the )?https connection",
            rb"ssl(?:v3)?_(?:accept|handshake)[^\n]{0,60}http request",
            rb"ssl routines:[\w:]{0,60}(?:http request|unknown protocol|bad key share|unsupported protocol)",
            rb"peer's address: [^\n]{1,60}(?:http request|wrong version number)",
            rb"tlsv1 alert unknown ca[^\n]{0,60}from client",
        ),
        unless=(
            rb"ssl_connect",
            rb"upstream",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason=(
            "Somebody opened a TLS port and did not finish, or did not speak TLS as we take it: a check or a scanner."
        ),
        action="Nothing to do.",
        examples=("accept on :8443 ended, peer 203.0.113.9: received corrupt message of type Handshake",),
        near_misses=(
            "received corrupt message of the queue orders, offset 7",
            "SSL_connect to ledger failed: unsupported protocol version",
        ),
    ),
    Signature(
        name="web.server_remarks",
        patterns=(
            rb"microsoft\.entityframeworkcore\.(?:query|model\.validation|infrastructure)\[\d{4,6}\]",
            rb"no 'querysplittingbehavior' has been configured",
            rb"may not be persisted outside of the container",
            rb"overriding (?:address\(es\)|http_ports|urls)",
            rb"the webrootpath was not found",
            rb"sensitive data logging is enabled",
            rb"cannot find template location",
            rb"spring\.jpa\.open-in-view is enabled by default",
            rb"is not eligible for getting processed by all beanpostprocessors",
            rb"no property editor",
            rb"using generated security password",
            rb"mongodb? driver[^\n]{0,60}deprecat",
            rb"neither --kubeconfig nor --master was specified",
            rb"switched default partitioner",
            rb"running without any http authentication checking",
            rb"to the list of known hosts",
            rb"session cache is not configured",
            rb"spring devtools|standard commons logging discovery in action",
            rb"unable to proxy interface-implementing method",
            rb"created a threadlocal with key of type",
            rb"but failed to (?:remove it when|unregister it when|stop it)",
            rb"has been marked alive after a successful request",
            rb"connection pool is full, discarding connection",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.74,
        reason="A remark on how the program is set up or written; requests are served.",
        action="Nothing to do at once.",
        examples=(
            (
                "warn: Microsoft.EntityFrameworkCore.Model.Validation[30000] No store type"
                " was specified for the decimal property 'Total'"
            ),
        ),
        near_misses=(
            "Neither the template nor its parent was found: cart.html",
            "error: no kubeconfig found at /etc/cart",
        ),
    ),
)
