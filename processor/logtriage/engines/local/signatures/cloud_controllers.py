"""Controllers and operators of Kubernetes: what they print of objects that come and go, and what stops them."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="controller.remark",
        patterns=(
            rb"failed to release lock: resource name may not be empty",
            rb'unable to load initial ca bundle for: \\?"client-ca',
            rb"\b(?:certificate|certificaterequest|order|challenge) not found for key\b",
            rb"warnings\.go:\d{1,4}\] (?:warning: )?(?:unknown field|[^\n]{0,160}\bdeprecated)",
            rb"\bnodegroup is nil for\b",
            rb"\bno node group for node\b",
            rb"couldn't find [^\n ]{1,160} in informer index",
            rb'"failed probe" probe="metric-storage-ready"',
            rb"\bowning resource not found in cache\b",
            rb"could not get a csinode object for the node",
            rb'reading plugin stderr"[^\n]{0,80}file already closed',
            rb"client for issuer not initialised",
            rb"serving insecurely as tls certificate data not provided",
            rb"because it is being terminated\b",
            rb"an operation with the given volume (?:id )?[^\n]{1,200} already exists",
            rb"\bwatch close - \*",
            rb"metrics server (?:is )?disabled[^\n]{0,40}bindaddress",
            rb"precondition failed: uid in precondition",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.91,
        reason=(
            "A controller speaks of an object that has gone, of its own start, or passes a remark of the API server on."
        ),
        action="Nothing to do.",
        examples=(
            (
                "E1104 06:10:11.000001       1 leaderelection.go:310] Failed to release lock: resource name "
                "may not be empty"
            ),
            'W0604 1 warnings.go:70] unknown field "spec.template.color"',
        ),
        near_misses=(
            "certificate not found",
            "Failed to update lock: etcdserver: request timed out",
            'unknown field "colour" in the settings file',
            "volume with the same name already exists",
        ),
    ),
    Signature(
        name="controller.not_there_yet",
        patterns=(
            rb"failed whilst waiting for certificaterequest to exist",
            rb"failed to scrape node[^\n]{0,60}timeout to access kubelet",
            (
                rb'failed to scrape node"?[^\n]{0,240}(?:context deadline exceeded|i/o timeout'
                rb"|tls: internal error)"
            ),
            rb"no metrics returned from resource metrics api",
            rb"did not receive metrics for any ready pods",
            rb"unable to fetch metrics from kubelet [^\n]{0,240}(?:deadline exceeded|i/o timeout)",
            rb"unable to write event[^\n]{0,400}\(may retry after sleeping\)",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.86,
        reason="A controller waits for something that comes by itself, and tries again.",
        action="Nothing for one; look at what it waits for if it goes on for a quarter of an hour.",
        examples=('"Failed to scrape node, timeout to access kubelet" node="worker-3"',),
        near_misses=(
            'Failed to scrape node" err="x509: certificate signed by unknown authority',
            "Server rejected event (will not retry!)",
        ),
    ),
    Signature(
        name="controller.challenge_not_visible_yet",
        patterns=(rb"\bnot yet propagated\b",),
        unless=(
            rb"cert_expires_in",
            rb'age="?\d{1,4}(?:h|d)',
            rb"expire[sd]? ",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.9,
        reason="The record for a challenge is written but not visible everywhere yet; it is looked for again.",
        action="Nothing within an hour; then check the DNS zone and the credentials for it.",
        examples=('DNS record for "_acme-challenge.shop.example" not yet propagated',),
        near_misses=(
            "challenge propagated",
            'the record is not yet propagated, age="50h"',
        ),
    ),
    Signature(
        name="controller.backend_without_pods",
        patterns=(
            rb"skipping service: no endpoints found",
            rb"service endpoints not found for [^\n]{1,120}, falling back",
            rb'msg="endpoints not (?:available|found) for ',
            rb"\bdoes not have any active endpoints?\b",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.86,
        reason="The ingress controller leaves one service out that has no pods behind it at present.",
        action=(
            "Nothing while the service is scaled down or rolled out; else compare its selector and port with its pods."
        ),
        examples=('level=error msg="Skipping service: no endpoints found" ingress=shop serviceName=cart',),
        near_misses=(
            "Skipping service: port is missing",
            "no endpoints configured for the exporter",
        ),
    ),
    Signature(
        name="controller.no_address_left",
        patterns=(
            rb"failed to assign an ip address to container",
            rb"\bno available ip addresses\b",
            rb"insufficientfreeaddressesinsubnet",
            rb"no ip addresses available in range set",
            rb"\bno more ips available\b",
            rb"\bno free addresses? in (?:the )?(?:pool|range|subnet)\b|failed to request ip address: no free",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.92,
        reason="The network of the cluster has no address left for another pod on this node.",
        action="Look at the free addresses of the subnet and of the node; enlarge the range or move pods.",
        examples=(
            "add cmd: failed to assign an IP address to container",
            "no IP addresses available in range set: 10.4.1.1-10.4.1.254",
        ),
        near_misses=(
            "failed to assign the role to the container",
            "IP address already in use",
        ),
    ),
    Signature(
        name="controller.webhook_unreachable",
        patterns=(
            (
                rb"failed calling webhook[^\n]{0,300}(?:context deadline exceeded|connection refused"
                rb"|no endpoints available|i/o timeout|no route to host|\beof\b)"
            ),
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="The API server cannot reach an admission webhook, and refuses what that one has to approve.",
        action=("Check the pods and the service of the webhook, and the network policy between it and the API server."),
        examples=(
            (
                'Internal error occurred: failed calling webhook "check.shop.example": Post '
                "https://check.ops.svc:443: connect: connection refused"
            ),
        ),
        near_misses=(
            'failed calling webhook "check": x509: certificate signed by unknown authority',
            "calling webhook took 3s",
        ),
    ),
    Signature(
        name="controller.metrics_certificate",
        patterns=(
            rb'failed to scrape node"?[^\n]{0,240}x509: cannot validate certificate',
            rb"unable to fetch metrics from kubelet[^\n]{0,240}x509: cannot validate",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.93,
        reason="The certificate of the kubelet does not fit how the metrics server asks for it.",
        action=(
            "Let the kubelets have serving certificates from the CA of the cluster, or tell the metrics "
            "server how to check them."
        ),
        examples=('"Failed to scrape node" err="x509: cannot validate certificate for 10.9.9.9" node="w-1"',),
        near_misses=(
            "x509: cannot validate certificate for 10.9.9.9",
            "Failed to scrape node: i/o timeout",
        ),
    ),
)
