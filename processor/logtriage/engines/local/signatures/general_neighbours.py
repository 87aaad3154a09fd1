"""Harmless whatever the software: strangers at an open port, and callers who err or leave."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

_ADDRESS: Final = (
    rb"(?:::ffff:)?(?:\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[[\da-f:]{3,40}\]|[\da-f]{1,4}:[\da-f:]{3,40})(?::\d{1,5})?"
)
_OURS: Final = rb"\b(?:upstream|backend|leader|master|primary|replica|slave|broker|database|origin|cluster|quorum)\b"

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="general.stranger_bytes",
        patterns=(
            (
                rb"\b(?:invalid|bad|malformed|unrecogni[sz]ed|unexpected|unknown|garbage|oversized|illegal|unsupported"
                rb"|broken) (?:\w{1,20} ){0,3}(?:packet|datagram|frame|message|handshake|hello|protocol|magic|bytes?"
                rb"|header|preamble|msgtype|greeting|banner|login|preface|request line)\b"
            ),
            (
                rb"\b(?:rejected|rejecting|refused|refusing|dropped|dropping|discarded|discarding|blocked|ignoring)"
                rb" (?:\w{1,20} ){0,3}(?:connection|packet|datagram|request|client|handshake)s?\b"
            ),
            (
                rb"\b(?:tls|ssl) (?:handshake|accept|negotiation)\b[^\n]{0,160}\b(?:eof|reset|closed|timeout|no shared"
                rb"|wrong version|first record)\b"
            ),
            rb"\[preauth\]",
        ),
        also=(
            rb"\b(?:from|of|peer|client|addr|remote)[\w-]{0,8}[ =:\"'/\[(]{1,4}(?:from=|client |peer |host )?"
            + _ADDRESS,
            _ADDRESS + rb"[^\n]{0,40}\b(?:bad|invalid|malformed|unexpected) [^\n]{0,60}\bfrom (?:peer|client)\b",
            rb"\[preauth\]",
        ),
        unless=(
            _OURS,
            rb"\b(?:too many|limit|exhaust|exceed|full|exiting|fatal error|all (?:clients|peers)|no matching)",
            (
                rb"\b(?:certificate|token|password|credential\w{0,3}|permission|denied|unauthori[sz]ed|not allowed"
                rb"|forbidden|(?:host|shared|api) key)\b"
            ),
        ),
        rank=Rank.CAUSE,
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="A remote party does not speak the protocol of this port and was turned away.",
        action="Nothing to do; look into it if one of your own clients is behind the address.",
        examples=(
            "ERROR ferry-radio: unexpected first bytes from 203.0.113.12:4431",
            "ERROR ferry-radio: rejected connection from 203.0.113.12:4431 (EOF)",
        ),
        near_misses=(
            "ERROR ferry-radio: malformed frame from upstream 10.0.0.7:9000",
            "ERROR ferry-radio: too many packets, dropped packets from 10.0.0.7",
        ),
    ),
    Signature(
        name="general.caller_erred",
        patterns=(
            (
                rb"\b(?:get|head|post|put|delete|patch|options|propfind) \"?/[^\s\"]{0,200}[^\n]{0,160}\b(?:not found"
                rb"|404|no route|no such \w{1,20}|unknown (?:route|path|url)|bad request|method not allowed"
                rb"|invalid csrf)\b"
            ),
            (
                rb"\b(?:404|405|not found|no route)\b[^\n]{0,40}\b(?:for|on|request|path|url|origin"
                rb"|matches)[ =:\"'\[]{1,4}(?:\[?\"?(?:get|head|post|put|delete|options)\]? )?\"?/[\w.-]"
            ),
        ),
        unless=(
            (
                rb"\b(?:upstream|backend|fatal|exiting|failed to (?:start|load|fetch|call)|probe|readiness|liveness"
                rb"|webhook)\b"
            ),
            rb"\b(?:get|head|post|put|delete|patch) \\?\"?https?://",
            rb"\b(?:5\d\d|401|403|internal server error)\b",
        ),
        rank=Rank.CAUSE,
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.66,
        reason="A caller asked for what is not there; it was told so.",
        action="Nothing to do; look into it if one page of your own is asked for often.",
        examples=(
            "ERROR ferry-web: GET /timetable/1987 from a crawler: no such page",
            "ERROR ferry-web: POST /timetable answered: method not allowed",
        ),
        near_misses=(
            "ERROR ferry-web: GET https://quay.invalid/timetable: 404",
            "ERROR ferry-web: readiness probe GET /helth: not found",
        ),
    ),
    Signature(
        name="general.client_left",
        patterns=(
            (
                rb"\b(?:client|viewer|browser|user|caller|visitor|guest|player|listener)s? (?:[\w.:-]{1,60} )?(?:has "
                rb"|have |had |was |were )?(?:already |prematurely |suddenly |unexpectedly |just )?(?:closed the"
                rb"|closed (?:its|their) |left(?: before| while|\b(?= ?[.,;:]|$))|went away|gone away|cancell?ed"
                rb"|hung up|vanished|aborted the|closed connection)"
            ),
            (
                rb"\b(?:request|download|stream|query) (?:was )?(?:cancell?ed|aborted) by (?:the |its )?(?:client"
                rb"|user|caller|viewer|browser)\b"
            ),
        ),
        unless=(
            rb"\b(?:all|every|each|most|many) (?:clients?|users?|viewers?|callers?|players?|listeners?)\b|\bcrash",
            rb"\b(?:exiting|fatal|corrupt\w{0,3}|lost|order|payment|subscription|licen[cs]e|account|contract)\b",
        ),
        rank=Rank.CAUSE,
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.92,
        reason="Somebody who was served went away in the middle of it.",
        action="Nothing to do.",
        examples=(
            "ERROR ferry-tv: viewer closed the set while channel 4 was sent",
            "ERROR ferry-web: download was cancelled by the user",
        ),
        near_misses=(
            "ERROR ferry-tv: all viewers went away within a second",
            "ERROR ferry: user cancelled order 7, refund failed",
        ),
    ),
)
"""Rank `CAUSE`: a software's own condition, where the table knows it, goes first."""
