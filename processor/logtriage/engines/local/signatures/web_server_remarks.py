"""nginx and Apache: limits, remarks and stapling."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="nginx.upstream_header_too_big",
        patterns=(rb"upstream sent too big header",),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="The server behind sends larger headers than the proxy has room for: these requests fail.",
        action="Raise the proxy's buffer size for headers, or send fewer cookies.",
        examples=("upstream sent too big header while reading response header from upstream",),
        near_misses=("client intended to send too large body: 10485761 bytes", "upstream sent invalid header"),
    ),
    Signature(
        name="nginx.config_remark",
        patterns=(
            rb"duplicate mime type \"",
            rb"conflicting server name \"",
            rb"could not build optimal \w{3,30}_hash",
            rb"the \"user\" directive makes sense only",
            rb"low address bits of [\d.a-f:/]{3,60} are meaningless",
            rb"using uninitialized \"\w{1,40}\" variable",
            rb"could not reliably determine the server's fully qualified domain name",
            rb"protocol options redefined for",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="A remark on the configuration; the server took it and works.",
        action="Nothing to do.",
        examples=('[warn] 1#1: conflicting server name "cart" on 0.0.0.0:80, ignored',),
        near_misses=(
            '[emerg] 1#1: duplicate location "/cart" in /etc/nginx/conf.d/cart.conf:9',
            "could not build server_names_hash, you should increase server_names_hash_bucket_size",
        ),
    ),
    Signature(
        name="nginx.stapling",
        patterns=(
            rb"while requesting certificate status",
            rb"ocsp responder (?:timed out|prematurely closed|sent invalid)",
        ),
        unless=(
            rb"ocsp_basic_verify",
            rb"signer certificate",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.82,
        reason="The proxy did not get the revocation state of its certificate; clients are served without it.",
        action="Nothing for one; if it lasts, check the way to the responder and the certificate chain.",
        examples=("OCSP responder prematurely closed connection while requesting certificate status",),
        near_misses=(
            "SSL_do_handshake() failed (SSL: certificate verify failed) while SSL handshaking to upstream",
            "certificate status page requested",
        ),
    ),
    Signature(
        name="nginx.websocket_ended",
        patterns=(rb"while proxying upgraded connection",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="One side of a long connection that was open went away.",
        action="Nothing to do.",
        examples=(
            "recv() failed (104: Connection reset by peer) while proxying upgraded connection, client: 203.0.113.9",
        ),
        near_misses=(
            "recv() failed (104: Connection reset by peer) while reading response header from upstream",
            "connection upgraded to HTTP/2",
        ),
    ),
)
