"""Flux, Jenkins, Ansible and what they clean up."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="flux.release_stuck",
        patterns=(
            rb"(?:install|upgrade|remediation|rollback) retries exhausted",
            rb"kustomize build failed",
            rb"dry-run failed",
            rb"failed to generate manifest",
            rb"failed to load target state",
            rb"chart (?:version )?[^\n]{0,80}not found in",
            rb"no chart version found",
            rb"one or more objects failed to apply",
            rb"invalid chart reference",
        ),
        rank=Rank.CRITICAL,
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        settles=True,
        reason="The delivery of a release is stuck at its own manifests or chart.",
        action="Read the cause in the record; mend the manifest and let it reconcile.",
        examples=("reconciliation failed: install retries exhausted",),
        near_misses=(
            "reconciliation finished",
            "retries left: 4",
        ),
    ),
    Signature(
        name="flux.dependency_not_ready",
        patterns=(
            rb"dependency [\'\"][^\n]{1,100}[\'\"] is not ready",
            rb"dependencies do not meet ready condition",
            rb"waiting for (?:http-01|dns-01) challenge propagation",
            rb"no matches? for kind[^\n]{0,60}retry",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.84,
        reason="A release waits for another one; it is tried again.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=("dependency 'infra/cart' is not ready",),
        near_misses=(
            "dependency missing from package",
            "install retries exhausted",
        ),
    ),
    Signature(
        name="jenkins.plugin_version",
        patterns=(
            rb"failed to load: [^\n]{1,120}\((?:[\w-]{1,40} )?[\d.]{1,20}[^\n]{0,12}\)",
            rb"update required: ",
            rb"(?:missing|failed) dependencies? [^\n]{0,80}plugin",
            rb"requires (?:jenkins|gitlab|kibana|elasticsearch|grafana|wordpress|confluence) (?:version )?[\dv]",
            rb"plugin [^\n]{1,80} (?:is incompatible|requires a newer|was built for|is too old|version mismatch)",
            rb"api version [^\n]{1,40} is too (?:old|new)",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="A plugin or part does not fit the version of its host.",
        action="Bring the two versions in line.",
        examples=("SEVERE: Failed to load: Till Reader (till-reader 1.2.3)",),
        near_misses=(
            "plugin loaded",
            "update of the till required by law",
        ),
    ),
    Signature(
        name="jenkins.remark",
        patterns=(
            rb"no valid crumb was included",
            rb"failed to delete the temporary",
            rb"(?:failed|unable|could not) to (?:delete|remove|clean(?: ?up)?) [^\n]{0,30}temp",
            rb"\[error\] \d{1,9} [km]b/s \(\d",
            rb"(?:failed|unable) to monitor [^\n]{1,60} for ",
        ),
        unless=(
            rb"no space",
            rb"permission denied",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="Housekeeping that came late or a progress line; nothing depends on it.",
        action="Nothing to do.",
        examples=("WARNING: Failed to delete the temporary work file /tmp/w/77.war",),
        near_misses=(
            "failed to delete the cart",
            "the crumb server is down",
        ),
    ),
    Signature(
        name="housekeeping.gone_already",
        patterns=(
            (
                rb"(?:failed|unable|could not|couldn.t|cannot|error)[^\n]{0,24}\b(?:delet|remov|unlink|clean"
                rb"|purg|evict|destroy|unmount|umount|detach|kill|stop)\w{0,6}\b[^\n]{0,200}(?:no such (?:file"
                rb"|process|container|network|device)|nosuchfile|enoent|not mounted|already (?:gone|deleted"
                rb"|removed|stopped|unmounted)|not found|does not exist|no longer exists)"
            ),
            (
                rb"\b(?:delete|removal?|unlink|unmount|stop|kill|clean-?up|prune|destroy|detach|stopcontainer)\b"
                rb"[^\n]{0,60}\b(?:failed|error)\b[^\n]{0,160}\b(?:no such (?:file|process|container|network|device)"
                rb"|not found|does not exist|no longer exists|not running|already (?:gone|deleted|removed|stopped))"
            ),
            rb"\b(?:clean-?up|removal|deletion|purge) of [^\n]{1,80}: [^\n]{0,40}\balready (?:gone|deleted|removed)",
            rb"work ?queue no longer exists",
            (
                rb"(?:object|resource|challenge|pod|job|task|item) [^\n]{0,60}(?:has been|was"
                rb"|is) already (?:deleted|removed|gone)"
            ),
            rb"failed to construct signal[^\n]{0,120}container \"?pods",
        ),
        unless=(
            rb"permission denied",
            rb"no space",
            rb"failed to (?:create|open|read|load|start)",
            rb"\b(?:user|account|table|column|migration)\b",
            rb"\b(?:command|module|binary|executable) (?:\S{1,40} )?not found",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="What should be removed is gone already.",
        action="Nothing to do.",
        examples=("failed to remove /var/cache/till/77.tmp: no such file or directory",),
        near_misses=(
            "failed to remove /var/cache/till: permission denied",
            "failed to open /var/cache/till: no such file or directory",
        ),
    ),
    Signature(
        name="api.asked_for_one_that_is_gone",
        patterns=(
            (
                rb"method=(?:get|head|delete|put|post) (?:\S{1,200} )?(?:path|uri|url)=\"?/[^\n]{0,400}(?:code"
                rb"|status)[=:] ?\"?404"
            ),
            rb"(?:path|uri)=\"?/[^\n]{0,200}not found\"? (?:code|status)=404",
        ),
        rank=Rank.CAUSE,
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="The server told a client that what it asks for is not there.",
        action="Nothing to do.",
        examples=('[ERROR] http: request failed: method=GET path=/v1/till/77 error="till not found" code=404',),
        near_misses=(
            "GET https://till.invalid/v1/cart failed with 404",
            "path=/srv/cart missing",
        ),
    ),
    Signature(
        name="cgroup.not_ours",
        patterns=(
            rb"/sys/fs/cgroup/[^\n]{0,240}read-only file ?system",
            rb"(?:failed to|cannot|unable to) (?:add|move) [^\n]{0,60}(?:conmon|process)[^\n]{0,200}cgroup",
            (
                rb"(?:failed to|unable to|cannot|could not)[^\n]{0,30}(?:set|write|open|adjust"
                rb"|read)[^\n]{0,80}(?:oom_score_adj|/proc/sys/|/sys/kernel|/sys/class|cpufreq|cpu\.max"
                rb"|memory\.swap)[^\n]{0,80}"
            ),
            rb"failed to (?:set|change) (?:cpu )?(?:affinity|priority|niceness|scheduler)",
        ),
        unless=(rb"exiting|fatal",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="The program may not set a limit of the kernel from inside its container; it runs without.",
        action="Nothing to do.",
        examples=("WARN cannot move process 77 to cgroup /sys/fs/cgroup/user.slice/till.scope: permission denied",),
        near_misses=(
            "mkdir /srv/cart: read-only file system",
            "cgroup memory limit reached",
        ),
    ),
    Signature(
        name="ansible.host_unreachable",
        patterns=(
            rb"unreachable! =>",
            rb"ping failed\. terminating the channel",
            rb"failed to checkout and determine revision",
            rb"unable to clone [\'\"]",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="A host or repository of the delivery cannot be reached.",
        action="Check the host, its address and the key.",
        examples=('fatal: [till-4]: UNREACHABLE! => {"msg": "ssh gave nothing"}',),
        near_misses=(
            "ok: [till-4] => reachable",
            "clone made",
        ),
    ),
)
