"""The BEAM, Caddy, Traefik and Apache."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="beam.no_clause",
        patterns=(
            rb"functionclauseerror",
            rb"undefinedfunctionerror",
            rb"\(matcherror\)",
            rb"caseclauseerror",
            rb"withclauseerror",
            rb"\{badmatch,",
            rb"\{function_clause,",
            rb"\{case_clause,",
            rb"no function clause matching",
            rb"\{undef,\[",
            rb"keyerror\) key :",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="A process of the BEAM crashed at a value its code does not expect.",
        action="Find the function that the record names; handle the value.",
        examples=("** (CaseClauseError) no case clause matching: {:till, 4}",),
        near_misses=(
            "clause of the contract",
            "match found",
        ),
    ),
    Signature(
        name="beam.pool_waits",
        patterns=(
            rb"connection not available and request was dropped from queue",
            rb"could not checkout the connection",
            rb"\{:checkout, ",
            rb"timed out because it queued and checked out",
            rb"poolboy[^\n]{0,80}timeout|:poolboy\.checkout",
            rb"owner [^\n]{1,60} timed out",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="All connections of the pool are in use.",
        action="Look for slow queries; make the pool bigger.",
        examples=(
            ("DBConnection.ConnectionError: connection not available and request was dropped from queue after 600ms"),
        ),
        near_misses=(
            "checkout of the cart",
            "pool opened",
        ),
    ),
    Signature(
        name="beam.setting",
        patterns=(
            rb"could not check origin for phoenix",
            rb"environment variable [^\n]{1,60} is missing",
            rb"could not fetch (?:environment variable|application environment)",
            rb"the database for [^\n]{1,80} (?:does not exist|couldn.t be)",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="A setting of the release is missing.",
        action="Set what the record names.",
        examples=("[error] Could not check origin for Phoenix.Socket transport.",),
        near_misses=(
            "origin checked",
            "variable till set",
        ),
    ),
    Signature(
        name="caddy.certificate_not_obtained",
        patterns=(
            rb"challenge failed",
            rb"could not get certificate from issuer",
            rb"unable to (?:obtain|renew|generate) (?:an? )?(?:acme )?certificates? for",
            rb"error (?:obtaining|renewing) certificate",
            rb"failed to perform self check",
            rb"acme: error: 4(?!29)\d\d",
            rb"failed to (?:renew|obtain|issue) certificate",
        ),
        unless=(
            rb"ratelimited",
            rb"too many",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="No certificate can be had for a name: the name or port does not lead here.",
        action="Check the DNS record, the open port and the solver.",
        examples=('http.acme_client challenge failed {"identifier": "shop.invalid"}',),
        near_misses=(
            "certificate obtained",
            "login challenge",
        ),
    ),
    Signature(
        name="traefik.reference_missing",
        patterns=(
            (
                rb"(?:the service|middleware|entrypoint|router|certresolver|certificates? resolver|tls options?"
                rb"|serverstransport) \\{0,2}\"[^\"\n]{1,80}\" (?:does not exist|doesn.t exist|not found)"
            ),
            rb"field not found, node: ",
            rb"(?:kubernetes )?(?:service|secret|port) not found[^\n]{0,80}ingress",
            rb"cannot create service: ",
            rb"no (?:certresolver|certificate resolver)",
            rb"wflyctl0\d{3}",
            rb"wflysrv0026",
            rb"vcl compilation failed",
            rb"forwarding loop detected",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="A route of the proxy or server names a part that does not exist.",
        action="Correct the name or add the part.",
        examples=('error msg="the service \\"cart@file\\" does not exist"',),
        near_misses=(
            "service cart@file loaded",
            "router of the carpenter",
        ),
    ),
    Signature(
        name="apache.remark",
        patterns=(
            rb"ah0(?:0558|1276|0128|1630|0045|0046|0126|2032|1909|1906|0127|0135|0163|0094|0489|0170|0169|0295)\b",
            rb"ah10244\b",
            rb"ah02042",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="Apache tells of a refused request or of its own start and stop.",
        action="Nothing to do.",
        examples=("[core:error] AH00126: Invalid URI in request GET /%zz HTTP/1.1",),
        near_misses=(
            "AH00957: http: attempt to connect failed",
            "shop AH7",
        ),
    ),
    Signature(
        name="apache.backend_away",
        patterns=(
            rb"ah0(?:0957|1114|0959|0940|1079|1075|1067|1102|0898|1084|1097)\b",
            rb"dead parent detected",
            rb"tcp connection to [^\n]{1,100} failed",
            rb"no backend connection",
            rb"http first read error",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The server behind the proxy is away or does not answer.",
        action="Look at the server that the record names.",
        examples=("[proxy:error] AH00957: HTTP: attempt to connect to 10.8.0.4:8080 failed",),
        near_misses=(
            "AH00126: Invalid URI",
            "backend healthy",
        ),
    ),
    Signature(
        name="php.child_crashed",
        patterns=(rb"child \d{1,9}(?: \([^)\n]{1,60}\))? exited on signal (?:4|6|7|8|11)\b",),
        rank=Rank.CRITICAL,
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.93,
        reason="One worker of the pool crashed; the parent starts another.",
        action="Look for an extension or a page that all such crashes share.",
        examples=("WARNING: [pool ferry] child 77 exited on signal 11 (SIGSEGV) after 7.1 seconds from start",),
        near_misses=(
            "[pool ferry] child 77 exited on signal 15 (SIGTERM) after 9 seconds from start",
            "ferry started 4 children",
        ),
    ),
    Signature(
        name="apache.limit",
        patterns=(
            rb"ah0(?:0161|0484|3490)\b",
            rb"workspace[^\n]{0,20}overflow",
            rb"request queue is full|queue congestion",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="All workers are busy or a buffer is too small.",
        action="Raise the limit; look for slow requests.",
        examples=("[mpm_event:error] AH00161: server reached MaxRequestWorkers setting",),
        near_misses=(
            "AH00126: Invalid URI",
            "worker started",
        ),
    ),
)
