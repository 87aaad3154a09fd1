"""nginx and Apache: limits, remarks and stapling."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="nginx.upstream_answer_unfit",
        patterns=(
            rb"upstream sent too big header",
            rb"upstream sent no valid http/1\.0 header",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason=(
            "The server behind answers with larger headers than the proxy has room for, or in another protocol: "
            "these requests fail."
        ),
        action=(
            "Raise the proxy's buffer for headers or send fewer cookies; see that port and protocol of the server "
            "are right."
        ),
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
    Signature(
        name="nginx.upload_over_limit",
        patterns=(rb"client intended to send too large (?:chunked )?body",),
        category=Category.CONFIG_ERROR,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.76,
        reason="A request was larger than the proxy's limit; it was refused.",
        action="If uploads of that size are meant, raise the limit for that path.",
        examples=("client intended to send too large body: 10485761 bytes",),
        near_misses=(
            "request entity too large",
            "upstream sent too big header while reading response header from upstream",
        ),
    ),
    Signature(
        name="nginx.stapling_not_trusted",
        patterns=(
            rb"ocsp_basic_verify\(\) failed",
            rb"ocsp[^\n]{0,80}signer certificate not found",
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.84,
        reason="The revocation answer is not signed by whom the proxy trusts; clients are served without it.",
        action="Give the proxy the issuer's full chain for stapling.",
        examples=("OCSP_basic_verify() failed (SSL: error:27069076:OCSP routines:OCSP_basic_verify)",),
        near_misses=(
            "OCSP responder prematurely closed connection while requesting certificate status",
            "OCSP response: good",
        ),
    ),
)
