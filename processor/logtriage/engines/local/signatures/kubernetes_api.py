"""Kubernetes: the API and its controllers."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="kubernetes.object_modified",
        patterns=(
            rb"the object has been modified; please apply your changes",
            rb"operation cannot be fulfilled on",
            rb"storageerror: invalid object, code: 4",
            rb"precondition failed: uid in precondition",
            rb"falling back to slow path",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.9,
        reason="Two controllers met at one object; the loser reads it again: optimistic locking at work.",
        action="Nothing to do.",
        examples=(
            (
                'Operation cannot be fulfilled on replicasets.apps "cart": the object has been modified; please '
                "apply your changes"
            ),
        ),
        near_misses=('replicasets.apps "cart" is forbidden: not permitted', 'replicasets.apps "cart" already exists'),
    ),
    Signature(
        name="kubernetes.watch_ended",
        patterns=(
            rb"unexpected eof during watch stream event decoding",
            rb"very short watch: ",
            rb"too old resource version",
            rb"the resourceversion for the provided watch is too old",
            rb"watch of [^\n]{1,60} ended with: ",
            rb"unable to decode an event from the watch stream: (?:context canceled|http2: response body closed)",
            rb"watch chan(?:nel)? (?:was )?closed",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="A watch on the API ended, as watches do; the client lists and watches again.",
        action="Nothing to do.",
        examples=("watch of *v1.Secret ended with: too old resource version: 811 (902)",),
        near_misses=("Failed to watch *v1.Secret: secrets is forbidden", "failed to list *v1.Pod: connection refused"),
    ),
    Signature(
        name="kubernetes.missing_reference",
        patterns=(
            (
                rb"(?:configmap|secret|serviceaccount|persistentvolumeclaim|storageclass\.?[\w.]{0,20}|priorityclass)"
                rb" \"[^\"\n]{1,80}\" not found"
            ),
            rb"createcontainerconfigerror",
            rb"couldn't find key [^\n]{1,80} in (?:configmap|secret)",
            rb"references non-existent (?:secret|config)",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="The workload refers to an object that is not there.",
        action="Create the object, or correct its name or namespace in the manifest.",
        examples=('MountVolume.SetUp failed for volume "tls": secret "cart-tls" not found',),
        near_misses=('pods "cart-0" not found', 'secrets "cart-tls" is forbidden: User "x" cannot get resource'),
    ),
    Signature(
        name="kubernetes.api_not_served",
        patterns=(
            rb"no matches for kind \"",
            rb"the server could not find the requested resource",
            rb"failed to get api group resources",
            rb"could not find the requested resource \(",
            rb"if kind is a crd, it should be installed",
            rb"unknown field \"(?:spec|status)\.",
            rb"(?:crd|customresourcedefinition)s?[^\n]{0,60}not (?:installed|found)",
            rb"strict decoding error: unknown field",
            rb"the server doesn't have a resource type",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The program asks for an API kind or version that this cluster does not serve.",
        action="Install or upgrade the resource definitions, or use the API version that the cluster has.",
        examples=('no matches for kind "Gateway" in version "gateway.networking.k8s.io/v1"',),
        near_misses=('gateways.networking "edge" not found', 'no endpoints available for service "edge"'),
    ),
    Signature(
        name="kubernetes.forbidden",
        patterns=(
            rb"is forbidden: user \\{0,3}\"",
            rb"cannot (?:get|list|watch|create|update|patch|delete) resource \\{0,3}\"",
            rb"unable to authenticate the request",
            rb"you must be logged in to the server",
            rb"serviceaccount token has (?:expired|been invalidated)",
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.92,
        reason="The service account or user may not do this at the API server.",
        action="Add the verb and resource to its role and bind it in the right namespace, or renew its token.",
        examples=(
            'pods is forbidden: User "system:serviceaccount:shop:cart" cannot list resource "pods" in API group ""',
        ),
        near_misses=('pods "cart-0" is forbidden: exceeded quota: compute', 'pods "cart-0" not found'),
    ),
    Signature(
        name="kubernetes.leader_election_lost",
        patterns=(
            rb"leader ?election lost",
            (
                rb"error (?:retrieving|acquiring|initially creating) (?:resource )?(?:leader )?(?:election )?(?:record"
                rb"|lock)"
            ),
            rb"failed to (?:renew|tryacquireorrenew|update) (?:lease|lock)",
            rb"stopped leading",
            rb"failed to tryacquireorrenew\b",
            rb"failed to renew lease ",
            rb"lost lease\b",
        ),
        unless=(rb"the object has been modified",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        settles=True,
        reason="The controller cannot renew its lease at the API server in time, and stops.",
        action="Check the API server's and etcd's latency and the way to them from this pod.",
        examples=(
            "leader election lost, leaving",
            "error retrieving resource lock shop/controller: context deadline exceeded",
        ),
        near_misses=(
            "successfully acquired lease shop/controller",
            "attempting to acquire leader lease shop/controller",
        ),
    ),
    Signature(
        name="kubernetes.service_without_endpoints",
        patterns=(
            rb"does not have any active endpoint",
            rb"error obtaining endpoints for service",
            rb"no endpoints available for service",
            rb"no object matching key \"[^\"\n]{1,100}\" in local store",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.7,
        reason="A route points to a service that has no ready pods or does not exist; the other routes work.",
        action="Tell the owner of the route: correct the service's name, its selector, or start its pods.",
        examples=('no endpoints available for service "cart-edge"',),
        near_misses=('configmap "cart" not found', 'Service "shop/cart" has 3 active endpoints'),
    ),
    Signature(
        name="kubernetes.api_overloaded",
        patterns=(
            rb"an error on the server \(\"[^\n]{0,80}\"\) has prevented the request",
            rb"the server is currently unable to handle the request",
            rb"failed calling webhook",
            rb"failed to call webhook",
            rb"unable to write event[^\n]{0,40}(?:retry|dropping)",
            rb"the server was unable to return a response in the time allotted",
        ),
        unless=(rb"webhook[^\n]{0,300}: forbidden",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.78,
        reason="The API server, or a webhook or extension that it asks, does not answer.",
        action="Check the API server, the pods behind the webhook or aggregated API, and their certificates.",
        examples=("the server is currently unable to handle the request (get pods.metrics)",),
        near_misses=('admission webhook "cart.example" denied the request: label missing', "webhook registered"),
    ),
    Signature(
        name="kubernetes.api_unreachable",
        patterns=(
            (
                rb"failed to (?:list|watch) \*?[\w.]{2,60}: [^\n]{0,400}(?:connection refused|i/o timeout|no route to"
                rb" host|deadline exceeded|tls handshake timeout|connection reset)"
            ),
            (
                rb"couldn't get current server api group list: [^\n]{0,200}(?:connection refused|i/o timeout|no route"
                rb" to host)"
            ),
            rb"the connection to the server [\w.:-]{3,80} was refused",
        ),
        unless=(
            rb"dial tcp: lookup",
            rb"localhost:8080",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="The API server does not answer this client: what it knows of the cluster grows old.",
        action="Check that the API server is up and reachable from here, and its etcd.",
        examples=(
            (
                'Failed to watch *v1.Endpoints: failed to list *v1.Endpoints: Get "https://10.0.0.1:443/api": dial '
                "tcp 10.0.0.1:443: connect: connection refused"
            ),
        ),
        near_misses=(
            "Failed to watch *v1.Secret: secrets is forbidden",
            "watch of *v1.Secret ended with: too old resource version: 811 (902)",
        ),
    ),
    Signature(
        name="kubernetes.admission_denied",
        patterns=(rb"admission webhook \\{0,3}\"[^\"\n]{1,120}\" denied the request",),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="A rule of the cluster refuses the object as it is written.",
        action="Correct the field that the record names, or the rule.",
        examples=('admission webhook "quota.shop.example" denied the request: spec.replicas is too high',),
        near_misses=(
            'failed calling webhook "quota.shop.example": connection refused',
            "admission webhook configuration updated",
        ),
    ),
    Signature(
        name="kubernetes.no_kubeconfig",
        patterns=(
            rb"the connection to the server localhost:8080 was refused",
            rb"unable to load in-cluster configuration",
            rb"no configuration has been provided, try setting kubernetes_master",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The client has no address of a cluster and tries its default.",
        action="Give it a kubeconfig, or run it with a service account.",
        examples=(
            (
                "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must "
                "be defined"
            ),
        ),
        near_misses=(
            "The connection to the server 10.0.0.1:6443 was refused",
            "kubeconfig written to /root/.kube/config",
        ),
    ),
    Signature(
        name="kubernetes.schedule_invalid",
        patterns=(
            rb"couldn't parse schedule",
            rb"unparseable schedule",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="The schedule of a job is not one: it never runs.",
        action="Correct the schedule in its manifest.",
        examples=("Unparseable schedule for cronjob: @dayly",),
        near_misses=(
            "Scheduled job finished",
            "Missed scheduled time to start a job",
        ),
    ),
)
