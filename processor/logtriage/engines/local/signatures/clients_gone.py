"""Clients that went away while they were served: nobody waits for the answer."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="client.gone_while_served",
        patterns=(
            rb"broken pipe",
            rb"connection (?:was )?reset",
            rb"\bepipe\b",
            rb"\beconnreset\b",
            rb"premature(?:ly)? eof",
            rb"forcibly closed by the remote host",
            rb"connection closed",
            rb"os error (?:32|104)\b",
            rb"unexpected eof",
        ),
        also=(
            (
                rb"(?:processing|serving|accepting|handling|reading from|writing to|sending to|error"
                rb" on) (?:the |a )?(?:client|connection|websocket|session|player)"
            ),
            rb"\bclient[_ ]?(?:respond|\d|id|ip|addr|connection|socket|session|\[|/|@|for )",
            rb"(?:\bclient|player|user|peer|session)s? [^\n]{0,60}(?:left|gone|disconnected|ended|closed|error)",
            rb"connection (?:from|to) \[?/?[\da-f.:]{4,45}:[1-6]\d{4}\b",
            rb"(?:websocket|\bws\b|socket\.io)",
            rb"serv(?:e|ing|ed) ",
            rb"\b(?:cql|rpc|ipc|http|tcp|websocket|game|login|api|grpc)[ _-]?server\b",
            rb"dataxceiver",
            rb"(?:writ|send)ing (?:the )?(?:response|reply|answer)",
            rb"\bresponse\b[^\n]{0,40}\b(?:write|writer|send)",
            rb"listener",
        ),
        unless=(
            rb"upstream",
            rb"\bdial(?:ing)?\b",
            rb"publish",
            rb"produc",
            rb"broker",
            rb"\bquery\b",
            rb"database",
            rb"\bjdbc\b",
            rb"postgres|psycopg|mysql|redis|mongo|sql",
            (
                rb"(?:connect(?:ing)?|send(?:ing)?|write|writing|request) [^\n]{0,60}to (?:the )?(?:server"
                rb"|remote|host|api|endpoint|https?:)"
            ),
            rb"back-?end",
            rb"\bsmtp\b",
            rb"upload",
            rb"retry|retries|reconnect",
            rb"ssh_exchange",
            rb"caused by: ",
            rb"no space|out ?of ?memory|panic",
            rb"replica|primary|leader|raft|cluster",
        ),
        rank=Rank.CAUSE,
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason="A client ended its connection while it was served; nobody waits for the answer.",
        action="Nothing to do.",
        examples=(
            "WARN game::server session with 203.0.113.5:4012 ended: Broken pipe (os error 32)",
            "ERROR ws: serving websocket 71 ended: connection reset by peer",
        ),
        near_misses=(
            "ERROR orders: publish to broker failed: broken pipe",
            "failed to send invoice to server: connection reset by peer",
        ),
    ),
    Signature(
        name="client.left_during_answer",
        patterns=(
            (
                rb"(?:(?:could not|failed to|unable to|cannot) (?:receive|read|send|write)|error (?:receiving"
                rb"|reading|sending|writing)) [^\n]{0,30}(?:from|to) (?:a |the )?(?:client|player|viewer"
                rb"|browser|subscriber)\b"
            ),
            rb"to a client that does(?: not|n.t) exist",
            rb"detected network error for [^\n]{0,80}->",
            rb"writing to \w{2,10} socket [^\n]{0,40}failed: (?:badarg|closed|einval|epipe|enotconn)",
            rb"end of file from (?:the )?(?:agent|client|monitor|peer)",
            rb"tcp client [^\n]{1,60}(?:disconnected|reset)",
            (
                rb"\b(?:client|user|player|subscriber|viewer) (?:has )?(?:abruptly |unexpectedly "
                rb"|already )?(?:disconnected|hung up|went away|closed connection|left|quit)"
            ),
            rb"closed by (?:the )?(?:client|remote user)",
            rb"socket error on client [^\n]{1,80}, disconnecting",
            (
                rb"client [^\n]{1,80} (?:has exceeded timeout|disconnected due to protocol error|already"
                rb" connected, closing old)"
            ),
            rb"lost connection: (?:disconnected|timed out|internal exception: java\.io|end of stream)",
            (
                rb"(?:job|shell|probe|listener)[^\n]{0,40}accept(?: failed)?[^\n]{0,120}: use of closed network"
                rb" connection"
            ),
            rb"(?:aborting|abort) with incomplete response",
            (
                rb"(?:stream|http2: stream|connection)[^\n]{0,20} closed (?:by peer "
                rb"|normally )?(?:with )?(?:no_error|cancel)"
            ),
            rb"clientdisconnect",
            rb"err_http_headers_sent[^\n]{0,40}after (?:client|abort)",
            (
                rb"error (?:while )?(?:streaming|sending|writing)[^\n]{0,60}to (?:the )?(?:client|browser"
                rb"|viewer|player)[^\n]{0,80}(?:pipe|reset|closed|eof|aborted)"
            ),
            (
                rb"transport connection to: tcp://[^\n]{1,80} failed: (?:java\.io\.)?(?:eofexception"
                rb"|ioexception|socketexception)"
            ),
        ),
        unless=(
            rb"upstream",
            rb"all (?:clients|users)",
            rb"no space|out ?of ?memory|panic",
            rb"\braft\b|quorum|replicat|consensus|cluster member",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason=(
            "A client went away while it was served, or the server itself is stopping; nobody waits for the answer."
        ),
        action="Nothing to do.",
        examples=("mosquitto: Socket error on client till-4, disconnecting.",),
        near_misses=(
            "Lost connection to the server during a query",
            "subscriber lag: 40000 messages behind",
        ),
    ),
)
