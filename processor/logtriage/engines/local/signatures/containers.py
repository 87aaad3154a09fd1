"""Containers and image registries."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="container.command_missing",
        patterns=(
            rb"executable file not found in \$path",
            rb"exec: \"[^\"\n]{1,80}\": (?:stat|permission denied)",
            rb"exec /[^\n]{1,80}: no such file or directory",
            rb"oci runtime create failed",
            rb"failed to create shim task",
            rb"\bcommand not found\b",
            rb"error mounting \"[^\"\n]{1,120}\" to rootfs",
            rb"invalid mount config for type",
            rb"port is already allocated",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        reason="The container cannot start as it is described: a program, mount or port does not fit.",
        action="Correct the command, mount or port in the container's description.",
        examples=('exec: "serve": executable file not found in $PATH',),
        near_misses=("exec /app/serve: exec format error", "ModuleNotFoundError: No module named 'serve'"),
    ),
    Signature(
        name="container.registry_limit",
        patterns=(
            rb"toomanyrequests: ",
            rb"you have reached your (?:unauthenticated )?pull rate limit",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The registry's pull quota of this account or address is used up.",
        action="Log in to the registry, use a mirror, or wait for the quota to refill.",
        examples=("toomanyrequests: You have reached your pull rate limit.",),
        near_misses=(
            "denied: requested access to the resource is denied",
            "received unexpected HTTP status: 504 Gateway Timeout",
        ),
    ),
    Signature(
        name="container.registry_refused",
        patterns=(
            rb"requested access to the resource is denied",
            rb"no basic auth credentials",
            rb"unauthorized: authentication required",
            rb"pull access denied",
            rb"unauthorized: incorrect username or password",
            rb"insufficient_scope: authorization failed",
            rb"failed to authorize: failed to fetch (?:anonymous|oauth) token",
        ),
        category=Category.AUTH_AUTHZ,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.87,
        reason="The registry does not let this client read the image.",
        action="Check the pull secret, its expiry and its right on the repository.",
        examples=("denied: requested access to the resource is denied", "unauthorized: authentication required"),
        near_misses=(
            "toomanyrequests: You have reached your pull rate limit.",
            "manifest for repo.example/cart:9 not found",
        ),
    ),
    Signature(
        name="container.registry_down",
        patterns=(
            rb"received unexpected http status: 5\d\d",
            rb"download failed after attempts=\d{1,3}",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.82,
        reason="The registry answers with server errors.",
        action="Check the registry's status page; use a mirror or the image that is already on the hosts.",
        examples=("received unexpected HTTP status: 502 Bad Gateway",),
        near_misses=("received unexpected HTTP status: 404 Not Found", "download complete after attempts: 1"),
    ),
    Signature(
        name="container.engine_unreachable",
        patterns=(
            rb"cannot connect to the docker daemon",
            rb"is the docker daemon running",
            rb"no such container: ",
            rb"no such image: ",
            rb"no such service: ",
            rb"network [\w.-]{1,60} (?:not found|declared as external, but could not be found)",
        ),
        unless=(rb"permission denied",),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.78,
        reason="The client does not reach the container engine, or asks it for what is not there.",
        action="Start the engine or give the client its socket and rights; check the name that the record speaks of.",
        examples=("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.",),
        near_misses=("docker daemon started", "permission denied while trying to connect to the Docker daemon socket"),
    ),
    Signature(
        name="container.shim_cleanup",
        patterns=(
            rb"cleaning up after shim disconnected",
            rb"level=warning msg=\"cleanup warnings time=",
            rb"collecting metrics for [^\n]{1,100}(?:cgroup deleted|ttrpc: closed|not found)",
            rb"failed to read init pid file",
            rb"ttrpc: received message on inactive stream",
            rb"stream copy error: reading from a closed fifo",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="The runtime tidies up after a container that has ended.",
        action="Nothing to do.",
        examples=('level=warning msg="cleaning up after shim disconnected" id=9f1 namespace=moby',),
        near_misses=(
            'level=warning msg="failed to clean up after shim disconnected" error="connect: connection refused"',
            'level=error msg="failed to create shim task"',
        ),
    ),
    Signature(
        name="container.asked_for_one_that_is_gone",
        patterns=(
            rb"handler for (?:get|delete|post) [^\n]{1,160} returned error: no such (?:container|image|exec)",
            rb"no such container: [0-9a-f]{12,64}[^\n]{0,20}\Z",
        ),
        unless=(rb"daemon: ",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="A tool asked the engine about a container or image that has been removed.",
        action="Nothing to do.",
        examples=(
            'level=error msg="Handler for GET /v1.41/images/repo/cart/json returned error: No such image: repo/cart"',
        ),
        near_misses=(
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.",
            "Error: No such container: cart-migrate",
        ),
    ),
    Signature(
        name="container.health_check_late",
        patterns=(
            (
                rb"health check for container \w{6,64} error: (?:timed out|context deadline exceeded|context canceled"
                rb"|timeout)"
            ),
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.78,
        reason="One health check of a container did not end in time; the engine tries again at the next interval.",
        action="Nothing for one; if they repeat, look at the container's load and the disk of the host.",
        examples=("Health check for container 9f1c0a77be12 error: context deadline exceeded",),
        near_misses=(
            "Health check for container 9f1c0a77be12 done (exitCode=1)",
            "container 9f1c0a77be12 is unhealthy",
        ),
    ),
    Signature(
        name="container.pull_interrupted",
        patterns=(
            rb"failed to do request: [^\n]{0,240}: (?:unexpected )?eof\b",
            (
                rb"failed to (?:do request|copy|pull and unpack)[^\n]{0,400}(?:connection reset|tls handshake timeout"
                rb"|i/o timeout|unexpected eof)"
            ),
            rb"httpreadseeker: failed open[^\n]{0,200}(?:eof|reset|timeout)",
        ),
        unless=(
            rb"giving up",
            rb"x509",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="Getting an image from its registry broke off; the node tries again by itself.",
        action="Nothing for one; if it lasts, check the way to the registry or use a mirror.",
        examples=('failed to pull image: failed to do request: Head "https://repo.example/v2/cart/manifests/1": EOF',),
        near_misses=(
            "failed to do request: Head: x509: certificate signed by unknown authority",
            "failed to resolve reference repo.example/cart:9: not found",
        ),
    ),
)
