"""Argo CD, Flux, Helm, Terraform and Ansible: what cannot be built or applied, and what is a remark."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="delivery.manifests_do_not_build",
        patterns=(
            rb"manifest generation error",
            rb"couldn't find cmp-server plugin",
            rb"unable to make loader at",
            rb"kustomize build [^\n]{1,300} failed exit status",
            rb"\bkustomize build failed\b",
            rb"accumulating resources: accumulation err",
            rb"helm template [^\n]{1,300} failed exit status",
            rb"rendered manifests contain a resource that already exists",
            rb"execution error at \([^\n]{1,160}\.(?:ya?ml|tpl)",
            rb"invalid app(?:lication)? spec\w{0,12}[^\n]{0,40}destination",
            rb"\bunsupported argument\b[^\n]{0,80}\.tf\b|on [\w./-]{1,80}\.tf line \d{1,5}",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.92,
        reason=(
            "The manifests of an application cannot be rendered: what is in the repository, or how it "
            "is built, is wrong."
        ),
        action="Build the same revision by hand with the same tool; mend the path, plugin or values it names.",
        examples=("Manifest generation error: app path does not exist",),
        near_misses=(
            "manifest generation took 3s",
            "kustomize build finished",
        ),
    ),
    Signature(
        name="delivery.state_has_moved_on",
        patterns=(
            rb"\bhas no deployed releases\b",
            rb"\bsaved plan is stale\b",
            rb"inconsistent dependency lock file",
            rb"spec: forbidden: updates to statefulset spec",
            rb"\bfield is immutable\b",
            rb"resource already managed by terraform",
            rb"state snapshot was created by terraform v",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason=(
            "What is deployed no longer fits what the tool wants to change: it has to be planned or installed anew."
        ),
        action=("Compare the deployed object with the plan; plan again, or replace what cannot be changed in place."),
        examples=(
            'UPGRADE FAILED: "cart" has no deployed releases',
            "Error: Saved plan is stale",
        ),
        near_misses=(
            "no deployed releases were found by the report",
            "the plan is saved",
        ),
    ),
    Signature(
        name="delivery.remark",
        patterns=(
            rb"\bcache: key is missing\b",
            rb"finished (?:unary|streaming) call with code (?:canceled|ok)\b",
            rb"\[deprecation warning\]:",
            rb"could not match supplied host pattern, ignoring",
            rb"provided hosts list is empty, only localhost is available",
            rb"is using the discovered python interpreter at",
            rb"unable to parse [^\n]{1,120} as an inventory source",
            rb"no changes since last reconcil(?:e|iation)",
            rb"skipping auto-sync: ",
            rb"artifact up-to-date with remote revision",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.88,
        reason=(
            "A remark of a delivery tool: a cache that is empty yet, a caller that went, an old way to write something."
        ),
        action="Nothing to do.",
        examples=(
            'level=warning msg="Failed to get git reference: cache: key is missing"',
            "[WARNING]: Could not match supplied host pattern, ignoring: builders",
        ),
        near_misses=(
            "finished unary call with code Unknown",
            "no host matched, aborting the roll-out",
        ),
    ),
    Signature(
        name="delivery.waited_in_vain",
        patterns=(
            rb"timeout while waiting for (?:state to become|resource to be gone)",
            rb"attachment timeout for volume",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.93,
        reason="What was ordered from the cloud did not come into the wanted state in time.",
        action=("Look at the object in the cloud: it is often made too late, or refused for a reason told there."),
        examples=("Error: timeout while waiting for state to become 'available' (timeout: 10m0s)",),
        near_misses=(
            "timeout while waiting for the customer",
            "the state may become available while waiting",
        ),
    ),
    Signature(
        name="delivery.reload_refused",
        patterns=(rb"trigger reload: received non-200 response",),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.93,
        reason="The server refuses to load the new settings: the old ones stay in force.",
        action="Read the log of the server beside the reloader: it names the line that is wrong.",
        examples=('err="trigger reload: received non-200 response: 500 Internal Server Error"',),
        near_misses=(
            "reload triggered",
            "trigger reload: connection refused",
        ),
    ),
)
