"""HAProxy."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="haproxy.one_server_down",
        patterns=(
            rb"is down,? reason: [^\n]{0,200}[^\d][1-9]\d{0,3} active",
            rb"is down,? reason: [^\n]{0,200}\b0 active and [1-9]\d{0,3} backup",
            (
                rb"health check for (?:server|backup server) [\w./-]{1,80} failed[^\n]{0,200}status:"
                rb" [1-9]\d{0,2}/\d{1,3} up"
            ),
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.87,
        settles=True,
        reason="One server behind the proxy is down; others take its load.",
        action="Bring the server back before another one fails.",
        examples=(
            (
                "Server cart/web2 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 2 active and 0 backup "
                "servers left."
            ),
        ),
        near_misses=(
            "Server cart/web2 is DOWN, reason: Layer4 timeout. 0 active and 0 backup servers left.",
            "Server cart/web2 is UP, reason: Layer7 check passed",
        ),
    ),
    Signature(
        name="haproxy.request_failed",
        patterns=(rb"/-?\d{1,9} 50[0234] \d{1,12} - - (?:sh|sc|sd)[\w-]{2} ",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason=(
            "The server behind refused, broke off or did not answer in time: the termination flags of the record "
            "say so."
        ),
        action="Look at the load and the records of the server that the record names.",
        examples=('be_cart/web2 0/0/1/-1/30001 504 194 - - sH-- 3/3/1/1/0 0/0 "GET /cart HTTP/1.1"',),
        near_misses=(
            'be_cart/web2 0/0/1/12/13 200 194 - - ---- 3/3/1/1/0 0/0 "GET /cart HTTP/1.1"',
            'be_cart/web2 0/0/1/-1/90 -1 0 - - CH-- 3/3/1/1/0 0/0 "GET /cart HTTP/1.1"',
        ),
    ),
    Signature(
        name="haproxy.client_left",
        patterns=(
            rb" \d{1,12} - - (?:ch|cd|cc|cr|ct)[\w-]{2} [\d/]{9,40} ",
            rb" 400 \d{1,12} - - pr[\w-]{2} ",
            rb" 408 \d{1,12} - - cr[\w-]{2} ",
            (
                rb"[\w.-]{1,60}/\d{1,4}: (?:ssl handshake failure|connection (?:closed|error) during ssl handshake"
                rb"|timeout during ssl handshake)"
            ),
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.91,
        reason="The client left, was too slow, or sent what is not HTTP.",
        action="Nothing to do.",
        examples=('fe_web be_cart/web2 0/0/1/-1/90 -1 0 - - CH-- 3/3/1/1/0 0/0 "GET /cart HTTP/1.1"',),
        near_misses=(
            'be_cart/web2 0/0/1/-1/30001 504 194 - - sH-- 3/3/1/1/0 0/0 "GET /cart HTTP/1.1"',
            'be_cart/<NOSRV> 0/9000/-1/-1/9000 503 217 - - sQ-- 3/3/1/0/0 0/9 "GET /cart HTTP/1.1"',
        ),
    ),
    Signature(
        name="haproxy.limit_reached",
        patterns=(
            rb" 503 \d{1,12} - - sq[\w-]{2} ",
            rb"cannot raise fd limit",
            rb"reached the configured maximum connection limit",
            rb"proxy [\w.-]{1,60} reached process fd limit",
            rb"not enough (?:free sockets|memory)[^\n]{0,30}(?:proxy|poll)",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="Requests wait in a full queue, or the proxy is at its limit of connections or descriptors.",
        action="See whether the load is meant; add servers, or raise maxconn and the descriptor limit together.",
        examples=('be_cart/<NOSRV> 0/9000/-1/-1/9000 503 217 - - sQ-- 3/3/1/0/0 0/9 "GET /cart HTTP/1.1"',),
        near_misses=(
            "Note: setting global.maxconn to 524269.",
            'be_cart/<NOSRV> 0/-1/-1/-1/0 503 217 - - SC-- 3/3/1/0/0 0/0 "GET /cart HTTP/1.1"',
        ),
    ),
    Signature(
        name="haproxy.script_failed",
        patterns=(
            rb"lua [^\n]{0,80}runtime error",
            rb"lua [^\n]{0,60}(?:aborts execution|too much execution)",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="A script inside the proxy failed.",
        action="Hand the script and the line to its owner; check the values that it expects.",
        examples=(
            "Lua function 'route': [state-id 0] runtime error: /etc/haproxy/route.lua:9: attempt to index a nil value",
        ),
        near_misses=("Lua function 'route' registered", "error in config: unknown keyword 'lua-lod'"),
    ),
    Signature(
        name="haproxy.cannot_listen",
        patterns=(
            rb"cannot bind (?:unix )?socket",
            rb"invalid address: '[^'\n]{1,120}' in '",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.86,
        reason="The proxy cannot take an address or port, or does not know a server's name.",
        action="Correct the address; see what else listens there and whether the proxy may use the port.",
        examples=("Starting frontend edge: cannot bind socket [0.0.0.0:443]",),
        near_misses=("Proxy edge started.", "Server cart/web2 is DOWN, reason: Layer4 timeout"),
    ),
    Signature(
        name="haproxy.config_remark",
        patterns=(
            rb"\[warning\][^\n]{0,120}parsing \[[^\]\n]{1,80}:\d{1,6}\]",
            rb"unable to load default 1024 bits dh parameter",
            rb"missing timeouts for (?:frontend|backend|proxy)",
            rb"\[warning\][^\n]{0,120}(?:is now deprecated|is deprecated)",
            rb"is going down for maintenance",
            rb"is up/ready \(leaving forced maintenance\)",
            rb"server [\w./-]{1,80} is up, reason: ",
            rb": ip changed from '[^'\n]{2,60}' to '[^'\n]{2,60}' by '",
        ),
        unless=(
            rb"\[alert\]",
            rb"maintenance \((?:dns|no ip)",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.92,
        reason="A remark on the configuration or on planned work; the proxy took it and works.",
        action="Nothing to do.",
        examples=(
            (
                "[WARNING]  (9) : config : parsing [/etc/haproxy/edge.cfg:12] : a 'http-request' rule placed after "
                "a 'use_backend' rule"
            ),
        ),
        near_misses=(
            "[ALERT]    (9) : config : parsing [/etc/haproxy/edge.cfg:12] : unknown keyword 'bnd'",
            "Server cart/web2 is DOWN, reason: Layer4 timeout",
        ),
    ),
    Signature(
        name="haproxy.answer_invalid",
        patterns=(rb"/-?\d{1,9} 50[0234] \d{1,12} - - ph[\w-]{2} ",),
        category=Category.DATA_QUALITY,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="The server behind answered what the proxy does not take for a valid answer.",
        action="Ask the proxy for the last invalid answer (show errors), and correct the server's headers.",
        examples=('be_cart/web2 0/0/1/-1/9 502 194 - - PH-- 3/3/1/1/0 0/0 "GET /cart HTTP/1.1"',),
        near_misses=(
            'be_cart/web2 0/0/1/-1/30001 504 194 - - sH-- 3/3/1/1/0 0/0 "GET /cart HTTP/1.1"',
            'be_cart/web2 0/0/1/-1/90 -1 0 - - CH-- 3/3/1/1/0 0/0 "GET /cart HTTP/1.1"',
        ),
    ),
    Signature(
        name="haproxy.config_refused",
        patterns=(
            rb"\[alert\][^\n]{0,24}: config : ",
            rb"going down for maintenance \((?:dns|no ip)",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.91,
        reason="The proxy does not take its configuration, or a server in it has no address any more.",
        action="Correct what the record names: the file, the certificate, or the server's name in the DNS.",
        examples=("[ALERT]    (9) : config : backend 'be_cart': server 'web2' : unable to load SSL certificate",),
        near_misses=(
            "[WARNING]  (9) : config : parsing [/etc/haproxy/edge.cfg:12] : a 'http-request' rule placed after",
            "Server cart/web2 is going DOWN for maintenance.",
        ),
    ),
)
