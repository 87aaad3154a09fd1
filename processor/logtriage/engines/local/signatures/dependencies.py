"""Dependencies that do not answer, whatever the software."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="network.connection_refused",
        patterns=(
            rb"connection refused",
            rb"\beconnrefused\b",
            rb"actively refused it",
            rb"connection was refused",
            rb"no connection could be made",
        ),
        unless=(rb"not authori[sz]ed",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.7,
        rank=Rank.CAUSE,
        reason="Nothing listens at the address of the dependency: it is down, or it moved.",
        action="Check that the dependency runs, that the address and port are right, and what changed there.",
        examples=(
            "dial tcp 10.0.0.7:6379: connect: connection refused",
            "dial tcp 127.0.0.1:6379: connect: connection refused",
        ),
        near_misses=("dial tcp 10.0.0.7:6379: i/o timeout", "connection accepted from 10.0.0.7"),
    ),
    Signature(
        name="network.deadline_exceeded",
        patterns=(
            rb"context deadline exceeded",
            rb"deadline[ _]?exceeded",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.65,
        rank=Rank.CAUSE,
        reason="A dependency did not answer within the deadline of the caller.",
        action="Look at the latency and load of the dependency named in the record, then at the deadline.",
        examples=("rpc error: code = DeadlineExceeded desc = context deadline exceeded",),
        near_misses=("context canceled", "deadline for the report is Monday"),
    ),
    Signature(
        name="network.dependency_unavailable",
        patterns=(
            rb"can't contact ldap server",
            (
                rb"connection to (?:the )?(?:primary|master|replica|database|broker|cluster|leader)[^\n]{0,30} (?:was"
                rb" )?lost"
            ),
            rb"not responding for \d",
            rb"server \S{1,60} not responding",
            rb"no backend connection",
            rb"no (?:cluster|known) leader",
            rb"unable to connect to (?:master|primary|source)\b",
            rb"cannot execute request on any known server",
            rb"no (?:known|reachable) (?:server|servers|peers|nodes)",
            rb"\bservfail\b",
            rb"(?:no leader|leader (?:is |was )?lost|lost (?:its )?leader)\b",
            rb"\baadsts9003\d\b",
            rb"service (?:is )?(?:temporarily |currently )?unavailable",
            rb"temporarily unavailable",
            (
                rb"(?:server|host|backend|upstream|database|broker|cluster|endpoint|provider) is (?:down|unavailable"
                rb"|unreachable|not (?:available|reachable|responding))"
            ),
            (
                rb"no (?:available|healthy|alive|live) (?:server|servers|host|hosts|broker|brokers|upstream|upstreams"
                rb"|backend|backends|node|nodes|endpoint|endpoints|instance|instances)"
            ),
            rb"no (?:server|servers|instances?) (?:is |are )?available",
            rb"connection to [^\n]{1,60} could not be established",
            rb"healthy upstreams: 0\b",
            rb"\b0 of \d{1,4} (?:replicas|servers|nodes|hosts|backends|endpoints)",
        ),
        unless=(rb"resource temporarily unavailable",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.75,
        rank=Rank.CAUSE,
        reason="A dependency says, or is said, to be unavailable.",
        action="Check the health of the dependency named in the record; tell its owner.",
        examples=("payment provider is unavailable", "No available servers for cart"),
        near_misses=("recv: Resource temporarily unavailable", "update is available"),
    ),
    Signature(
        name="network.peer_failed",
        patterns=(
            rb"acme: error: 5\d\d",
            rb"network-related or instance-specific error",
            rb"urn:ietf:params:acme:error:serverinternal",
            rb"(?:received|unexpected|got|returned|responded|response|replied)[^\n]{0,40}\b(?:500|502|503|504)\b",
            rb"500 (?:internal server error|server error)[^\n]{0,40}(?:from|for url|for) ",
            rb"\b50[0234] server error: ",
            rb"(?:backend|upstream|peer|remote) (?:read |server )?error",
        ),
        unless=(
            rb"\d (?:rows|records|items|bytes|messages)\b",
            rb"remote error: tls",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.68,
        rank=Rank.CAUSE,
        reason="A dependency answered with a server error of its own.",
        action="Check the health of the dependency that the record names; tell its owner.",
        examples=(
            "inventory responded with status 500",
            "500 Server Error: Internal Server Error for url: http://cart/items",
        ),
        near_misses=('10.0.0.9 - "GET /cart HTTP/1.1" 500 91', "received 500 rows from the feed"),
    ),
)
