"""Kubernetes: what its agents and controllers print and put right by themselves."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="kubernetes.volume_still_attached",
        patterns=(rb"multi-attach error for volume",),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.8,
        reason="The volume is still attached to the node where the pod ran before; it is detached after some minutes.",
        action=(
            "Nothing for one; if the pod still waits after ten minutes, look at the old node and its volume "
            "attachments."
        ),
        examples=('Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) cart-0',),
        near_misses=(
            'AttachVolume.Attach failed for volume "pvc-1": volume not found',
            "Unable to attach or mount volumes: unmounted volumes=[data]",
        ),
    ),
    Signature(
        name="kubernetes.object_gone",
        patterns=(
            rb"failed to get system container stats",
            rb"containerstatus from runtime service failed[^\n]{0,120}(?:notfound|no such container)",
            rb"unable to retrieve container [^\n]{0,80}not found",
            rb"could not find container [^\n]{0,100}in (?:pod|runtime)",
            rb"podsandbox [^\n]{0,80}not found",
            rb"failed to get container status[^\n]{0,120}not ?found",
            rb"no ref for container",
            rb"an error occurred when try(?:ing)? to find (?:container|sandbox)",
            (
                rb"(?:stopcontainer|removecontainer|containerstatus|stoppodsandbox) from runtime service"
                rb" failed[^\n]{0,160}not ?found"
            ),
            rb"image garbage collection failed once",
            rb"error opening pid file [^\n]{0,80}containerd\.pid",
            rb"failed to get cadvisor info|unable to find data in memory cache",
            rb"nodes? \"[^\"\n]{1,80}\" not found[^\n]{0,60}\bnode lease",
            rb"deletecontainer returned error[^\n]{0,200}not ?found",
            rb"object \"[^\"\n]{1,80}\"/\"[^\"\n]{1,80}\" not registered",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="The node agent asked about a container that has just been removed.",
        action="Nothing to do.",
        examples=(
            '"Failed to get system container stats" err="failed to get cgroup stats" containerName="/system.slice/x"',
        ),
        near_misses=("Failed to create pod sandbox: failed to set up network", 'secret "cart-tls" not found'),
    ),
    Signature(
        name="kubernetes.node_not_registered",
        patterns=(
            (
                rb"\bkubelet[\w.]{0,4}:?\d{0,5}\] \"?(?:error getting node\"? err=\")?node \\?\"[\w.-]{1,80}\\?\" not"
                rb" found"
            ),
            rb"\"error getting node\"",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.72,
        reason="The node's agent does not find its own node at the API server yet, as at each start.",
        action="Nothing in the first minutes; then check that the API server is up and that the node may register.",
        examples=('"Error getting node" err="node \\"ip-10-0-1-7\\" not found"',),
        near_misses=('Node "ip-10-0-1-7" deleted by the autoscaler', 'pods "cart-0" not found'),
    ),
    Signature(
        name="kubernetes.start_up_remark",
        patterns=(
            rb"flags other than --config[^\n]{0,80}deprecated",
            rb"flag --[\w-]{2,60} has been deprecated",
            rb"\[should not happen\] failed to (?:create|update) (?:typed|managed)",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="A remark on old flags or fields; the component goes on as it should.",
        action="Nothing to do.",
        examples=("Flag --cloud-provider has been deprecated, will be removed in favor of external providers.",),
        near_misses=("unknown flag: --cloud-providr", "failed to create pod sandbox"),
    ),
    Signature(
        name="kubernetes.image_in_use",
        patterns=(
            (
                rb"conflict: unable to (?:remove repository reference|delete) [^\n]{0,160}is (?:using its referenced"
                rb" image|being used by)"
            ),
        ),
        unless=(
            rb"freed 0 bytes",
            rb"must evict",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="The node tidies up its images and one of them is in use; it is left.",
        action="Nothing to do.",
        examples=(
            (
                'Remove image "sha256:af34" failed: conflict: unable to remove repository reference "alpine:3.10" '
                "(must force) - container 8781 is using its referenced image af34"
            ),
        ),
        near_misses=("wanted to free 9223372036854775807 bytes, but freed 0 bytes", "manifest for alpine:9 not found"),
    ),
)
