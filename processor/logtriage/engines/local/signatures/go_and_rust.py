"""Go and Rust."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="go.panic",
        patterns=(
            rb"goroutine stack exceeds",
            rb"panic: runtime error: ",
            rb"invalid memory address or nil pointer dereference",
            rb"index out of range \[",
            rb"slice bounds out of range",
            rb"all goroutines are asleep - deadlock",
            rb"concurrent map (?:writes|iteration|read)",
            rb"assignment to entry in nil map",
            rb"send on closed channel",
            rb"close of closed channel",
            rb"interface conversion: ",
            rb"observed a panic: ",
            rb"negative waitgroup counter",
        ),
        category=Category.CODE_BUG,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.92,
        rank=Rank.CRITICAL,
        reason="The program broke on its own data and ended or lost the request.",
        action="Hand the trace to the owner of the first frame of our code; roll back if it began with a release.",
        examples=("fatal error: concurrent map writes in cart",),
        near_misses=(
            "panic: open /etc/cart.yaml: no such file or directory",
            "http: superfluous response.WriteHeader call",
        ),
    ),
    Signature(
        name="go.superfluous_header",
        patterns=(
            rb"superfluous response\.writeheader call",
            rb"response\.write on hijacked connection",
            rb"http: multiple response\.writeheader calls",
        ),
        category=Category.CODE_BUG,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.82,
        reason="The code answers one request twice; the second answer is dropped.",
        action="Hand it to the owner of the code; no request is lost.",
        examples=("http: superfluous response.WriteHeader call from main.serve (serve.go:12)",),
        near_misses=("http: Server closed", "http: response has no body"),
    ),
    Signature(
        name="go.stopping",
        patterns=(
            rb"http: server closed",
            rb"use of closed network connection",
            rb"grpc: the server has been stopped",
            rb"server closed idle connection",
            rb"accept tcp [^\n]{1,60}: use of closed",
        ),
        unless=(
            rb"accept failed",
            rb"\bstops\b",
            rb"giving up",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.72,
        reason="A connection or listener that we closed ourselves, as at a stop.",
        action="Nothing to do.",
        examples=("http: Server closed",),
        near_misses=(
            "server closed the connection unexpectedly during COPY",
            "http: Accept error: accept tcp: too many open files",
        ),
    ),
    Signature(
        name="go.tls_handshake_by_stranger",
        patterns=(
            (
                rb"http: tls handshake error from [^\n]{1,60}: (?:eof|read tcp|write tcp"
                rb"|tls: (?:client offered only|first record does not look|unsupported sslv2"
                rb"|no cipher suite|client requested unsupported))"
            ),
            rb"http2: server: error reading preface from client",
            (
                rb"http: tls handshake error from [^\n]{1,60}: remote error: tls: (?:unknown certificate"
                rb"|user canceled|internal error)"
            ),
            rb"client sent an http request to an https server",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason="Somebody opened a connection and did not finish the handshake: a port check or a scanner.",
        action="Nothing to do.",
        examples=("http: TLS handshake error from 10.0.0.9:51002: EOF",),
        near_misses=(
            "TLS handshake error from cart: tls: bad certificate",
            "proxy: TLS handshake timeout after 10s",
        ),
    ),
    Signature(
        name="rust.panic",
        patterns=(
            rb"thread '[^'\n]{1,60}' (?:\(\d{1,9}\) )?panicked at",
            rb"called `(?:option|result)::unwrap\(\)` on",
            rb"attempt to (?:add|subtract|multiply|divide)[^\n]{0,20} (?:with overflow|by zero)",
            rb"already borrowed: ",
        ),
        category=Category.CODE_BUG,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.88,
        rank=Rank.CRITICAL,
        unless=(rb"os error \d{1,3}", rb"connection refused"),
        reason="The program ran into a state that its author held impossible.",
        action="Hand the message and place to the owner of the code; roll back if it began with a release.",
        examples=("thread 'main' panicked at src/cart.rs:12:5: called `Option::unwrap()` on a `None` value",),
        near_misses=("thread 'main' started", "panic_abort strategy selected"),
    ),
    Signature(
        name="rust.panic_on_settings",
        patterns=(
            (
                rb"panicked at[^\n]{0,160}(?:\n[^\n]{0,160})?(?:settings|configuration|config\b"
                rb"|environment variable|env var|notpresent|dotenv)"
            ),
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.9,
        rank=Rank.CRITICAL,
        reason="The program ended at its start because of a setting that is missing or malformed.",
        action="Set or correct the setting that the record names; compare with an environment that works.",
        examples=(
            "thread 'main' panicked at src/main.rs:9:5: DATABASE_URL must be set: environment variable not found",
        ),
        near_misses=(
            "thread 'main' panicked at src/cart.rs:12:5: cart is empty",
            "settings loaded",
        ),
    ),
)
