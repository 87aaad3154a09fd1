"""Name servers and resolvers."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="dns.zone_of_others_broken",
        patterns=(
            (
                rb"(?:connection refused|host unreachable|timed out|formerr|broken trust chain"
                rb"|insecurity proof failed|unexpected rcode \w{5,12})\)? resolving '"
            ),
            rb"(?:refused|servfail) unexpected rcode resolving",
            rb"\bvalidating @?[\w.:/ -]{1,80}: no valid (?:signature|rrsig|nsec|ds|key)",
            rb"no valid (?:signature|rrsig|nsec3?|ds) (?:found|resolving)",
            rb"got insecure response; parent indicates it should be secure",
            rb"success resolving '[^'\n]{1,120}' \([^\n]{1,120}after (?:disabling|reducing)",
            rb"dns format error from [^\n]{1,80} resolving",
            rb"marked as invalid because of a previous",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.78,
        reason=(
            "The name servers of somebody else's zone are set up badly; a resolver on the open net sees that all day."
        ),
        action="Nothing to do, unless the zone is one of ours.",
        examples=("named[7]: error (FORMERR) resolving 'cart.example/AAAA/IN': 203.0.113.9#53",),
        near_misses=(
            "zone shop.example/IN: loading from master file db.shop failed: unknown RR type",
            "lookup cart.shop: no such host",
        ),
    ),
    Signature(
        name="dns.stranger_refused",
        patterns=(
            rb"(?:update|zone transfer|query|recursion|notify)[^\n]{0,80}'[^'\n]{1,100}'? denied",
            rb"(?:updating zone|update) '[^'\n]{1,80}': (?:update failed|denied)",
            rb"rate limit (?:drop|slip) [\w ]{0,30}response",
            rb"limit (?:responses|nxdomains|errors) to ",
            rb"ignoring query from (?:non-local|unknown)",
            rb"bad cookie from",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason="Somebody outside asked or tried to change what is not for them, and was refused.",
        action="Nothing to do.",
        examples=("client 203.0.113.9#4711 (shop.example): zone transfer 'shop.example/AXFR/IN' denied",),
        near_misses=(
            "permission denied opening zone file db.shop",
            "query of the report denied by the planner",
        ),
    ),
    Signature(
        name="dns.signatures_of_zone_invalid",
        patterns=(
            rb"zone [\w./-]{1,80}: expired",
            (
                rb"validation failure <?[\w.*-]{1,100}[^\n]{0,60}(?:signature expired|no signatures"
                rb"|no ds|no keys? have|signature (?:crypto|missing|inception)|bad signature"
                rb"|no dnskey)"
            ),
            rb"dnssec[^\n]{0,60}(?:signature[- ]expired|bogus)",
            rb"rrsig[^\n]{0,60} (?:has |is )?expired",
            rb"failed-validation|dnssec validation failed[^\n]{0,80}signature",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.82,
        reason="A zone's signatures do not hold, so checking resolvers give no answer for its names.",
        action="If the zone is ours, sign it anew and check the DS record at the parent; else tell its owner.",
        examples=("info: validation failure <pay.shop.example. A IN>: no signatures from 203.0.113.9",),
        near_misses=(
            "token signature has expired",
            "validation failure for field total",
        ),
    ),
    Signature(
        name="dns.zone_not_loaded",
        patterns=(
            rb"loop detected for zone",
            rb"not loaded due to errors",
            rb"zone [^\n]{1,80}: loading from master file [^\n]{1,80} failed",
            rb"dns_master_load: ",
            rb"zone [^\n]{1,60}: (?:has no (?:ns|address) records|not loaded)",
            rb"has 0 soa records",
            (
                rb"(?:corefile|plugin/\w{2,20})[^\n]{0,12}: (?:error during parsing|unknown"
                rb" (?:directive|property)|parse error)"
            ),
            rb"unknown directive '\w{1,30}'",
            rb"plugin/loop: loop \(",
            rb"failed to create listening socket for",
            rb"fatal error: could not open ports",
            rb"read_conf: \w{1,20} error",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="A zone file has a fault: the server answers without that zone, or with an old copy.",
        action="Correct the line that the record names, check it with the server's own tool, reload.",
        examples=("zone shop.example/IN: not loaded due to errors.",),
        near_misses=(
            "zone shop.example/IN: loaded serial 7",
            "Corefile reloaded",
        ),
    ),
    Signature(
        name="dns.coredns_no_answer",
        patterns=(
            (
                rb"plugin/errors: \d [\w._*-]{1,200} [a-z]{1,9}: (?:read|dial|write) (?:udp"
                rb"|tcp)[^\n]{0,120}(?:i/o timeout|refused|unreachable|no route)"
            ),
            rb"plugin/errors: \d [^\n]{1,200}: no healthy (?:upstream|proxies|proxy)",
        ),
        unless=(rb"\bhinfo: ",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="The server that CoreDNS forwards to did not answer: names outside the cluster fail.",
        action="Check the forward address and whether UDP and TCP on port 53 reach it from the pod network.",
        examples=("[ERROR] plugin/errors: 2 cart.example. AAAA: dial tcp 203.0.113.9:53: connect: no route to host",),
        near_misses=(
            "[INFO] plugin/reload: Running configuration",
            "lookup cart.shop on 10.0.0.10:53: no such host",
        ),
    ),
    Signature(
        name="dns.loop_probe_unanswered",
        patterns=(rb"plugin/errors: \d \d{5,24}\.\d{5,24}\. hinfo: ",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.85,
        reason="CoreDNS asks for a random name of type HINFO to find forwarding loops; some servers do not answer it.",
        action="Nothing to do while other names resolve.",
        examples=(
            (
                "[ERROR] plugin/errors: 2 123456789012345678.987654321098765432. HINFO: read"
                " udp 10.0.0.7:4711->10.0.0.2:53: i/o timeout"
            ),
        ),
        near_misses=(
            "[FATAL] plugin/loop: Loop (127.0.0.1:53) detected",
            "host info of the node updated",
        ),
    ),
)
