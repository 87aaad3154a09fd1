"""systemd units and other processes: how they start, stop and fail."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="process.stopping",
        patterns=(
            rb"(?:shutting down|shut down|stopping|stopped|terminating) (?:gracefully|cleanly|normally)",
            rb"graceful(?:ly)? (?:shutdown|shutting down|stopp|terminat|exit)",
            rb"received (?:signal )?(?:sigterm|sigint|sigquit|term|signal 15|signal 2)\b",
            rb"exit(?:ed)? (?:with )?(?:code|status)[ :=]{1,3}0\b",
            rb"websocket[^\n]{0,40}(?:code[ :=]{1,3}100[01]\b|going away)",
            rb"stream error: no_error",
            rb"process (?:was )?interrupted by (?:user|signal)",
        ),
        unless=(
            rb"fail",
            rb"error:",
            rb"timed out",
            rb"force",
            rb"unexpected",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.62,
        rank=Rank.CAUSE,
        reason="The process or connection ended because it was asked to.",
        action="Nothing to do.",
        examples=("received SIGTERM, 3 connections open", "worker exited with code 0"),
        near_misses=("failed to shut down gracefully, killing 3 workers", "batch job exited with code 137"),
    ),
    Signature(
        name="process.all_well",
        patterns=(
            (
                rb"(?:listening|started|running|serving|ready) (?:on|at) (?:port |address )?(?:https?://|wss?://"
                rb"|\[?[\d:*.]{1,40})"
            ),
            rb"\b0 (?:errors|failures|failed|warnings)\b",
            rb"\b(\d{1,5}) (?:of|/) \1 (?:replicas|pods|nodes|targets|checks|servers|tasks)\b",
            rb"\b(?:ok|healthy|success|is_healthy)[\"']?[=:] ?[\"']?true\b",
            rb"\b(?:service|server|host|backend|cluster|node|system) is (?:available|up|healthy|ready|ok|online)\b",
            rb"(?:completed|finished|done|started|loaded) (?:successfully|without errors?)\b",
            rb"failover completed successfully",
        ),
        unless=(
            rb"\bnot\b",
            rb"\bno longer\b",
            rb"exception",
            rb"[1-9]\d{0,8} (?:errors|failures|failed)",
            rb"\b(?:until|unless|if|when|while|wait|waiting)\b",
            rb"fail(?:ed|ure)? to",
            rb"\bbut\b",
            (
                rb"unable|cannot|could not|refused|timed out|reset|crash|lost|missing|down\b|unhealthy|corrupt|panic"
                rb"|denied|kill"
            ),
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.65,
        rank=Rank.SYMPTOM,
        reason="The record says that all is well; only its level says otherwise.",
        action="Nothing to do; the program should print this at a lower level.",
        examples=("import finished: 0 errors, 812 rows", "5 of 5 replicas ready"),
        near_misses=("import finished: 10 errors, 812 rows", "server is up but 2 of 5 replicas are missing"),
    ),
    Signature(
        name="process.printed_as_information",
        patterns=(
            rb"\blevel=(?:info|debug|trace)\b",
            rb"\"level\": ?\"(?:info|debug|trace)\"",
            rb"\"severity\": ?\"(?:info|debug|notice|default)\"",
            rb"\[(?:info|debug|notice|trace)\]",
            rb" (?:info|debug) {1,8}\[",
            rb"\b(?:info|debug): ",
        ),
        unless=(
            rb"error|fail|exception|denied|refused|timeout|timed out|panic|fatal|invalid|unable|cannot",
            rb"could not|lost|reset|not found|missing|expired|unavailable|exceed|exhaust|full|kill|crash",
            (
                rb"drop|discard|retr|zombie|stale|conflict|\boom\b|leak|block|skip|mismatch|attempt|violat|threshold"
                rb"|wrong|bad\b"
            ),
            rb"corrupt|unhealthy|down\b|warn|reject|abort",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.6,
        rank=Rank.SYMPTOM,
        reason="The program printed it as information; only the way it was collected made it an error.",
        action="Nothing to do; read the level from the text in the collector.",
        examples=('time=2031-01-01T00:00:00Z level=info msg="cache warmed with 812 keys"',),
        near_misses=('level=info msg="sync failed for cart"', "level of the river: information follows"),
    ),
    Signature(
        name="dependency.not_ready",
        patterns=(
            (
                rb"\b(?:pod|node|replica|instance|service|container|deployment|worker|broker|endpoint)"
                rb" [^\n]{0,60}\b(?:is|are) (?:not ready|dead|unhealthy|down)\b"
            ),
            rb"health check (?:failed|failing)",
            rb"\bhealth(?:y|check)?[\"']?[ =:]{1,3}(?:ok=)?[\"']?false\b",
            rb"\bmarked (?:as )?(?:down|unhealthy|dead|failed)\b",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.6,
        rank=Rank.SYMPTOM,
        reason="A part that others depend on does not do its work; the record does not say why.",
        action="Look at the part's own records and at what changed around it.",
        examples=("broker 4 is dead", "pod cart-0 is not ready"),
        near_misses=("pod cart-0 is ready", "the deadline of worker 7 is Monday"),
    ),
    Signature(
        name="systemd.unit_killed",
        patterns=(
            rb"\bsignal: killed\b",
            rb"main process exited, code=killed, status=9/kill",
            rb"was terminated by signal 9",
            rb"was sent sigkill",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.7,
        reason=(
            "Something killed the process without asking: mostly the kernel for lack of memory, or a stop that hung."
        ),
        action="Look for an out-of-memory message of the kernel at that time, else for a stop that timed out.",
        examples=("indexer.service: Main process exited, code=killed, status=9/KILL",),
        near_misses=(
            "indexer.service: Main process exited, code=killed, status=15/TERM",
            "indexer.service: Main process exited, code=exited, status=1/FAILURE",
        ),
    ),
    Signature(
        name="systemd.stopped_by_signal",
        patterns=(
            rb"code=killed, status=15/term",
            rb"received sigterm, shutting down",
            rb"exited with code 143",
            rb"exit code 143\b",
            rb"terminated by signal 15",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.75,
        reason="The process was asked to stop, and did.",
        action="Nothing to do.",
        examples=("indexer.service: Main process exited, code=killed, status=15/TERM",),
        near_misses=(
            "indexer.service: Main process exited, code=killed, status=9/KILL",
            "helper terminated by signal 6",
        ),
    ),
    Signature(
        name="systemd.unit_cannot_start",
        patterns=(
            rb"code=exited, status=203/exec",
            rb"code=exited, status=2\d\d/(?:chdir|user|group|namespace|env|nic)",
            rb"failed to load environment files",
            rb"failed to determine user credentials",
            rb"unknown (?:lvalue|key name|section) '[^'\n]{1,60}'",
            rb"unit [\w@.-]{1,80} not found",
            rb"bad unit file setting",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The unit file names a program, user, folder or setting that does not exist.",
        action="Correct the unit file, reload it, start the unit again.",
        examples=("indexer.service: Main process exited, code=exited, status=203/EXEC",),
        near_misses=(
            "indexer.service: Main process exited, code=exited, status=1/FAILURE",
            "indexer.service: Succeeded.",
        ),
    ),
    Signature(
        name="systemd.unit_failed",
        patterns=(
            rb"failed with result '(?:exit-code|signal|timeout|core-dump|start-limit-hit|protocol|watchdog)'",
            rb"main process exited, code=exited, status=\d{1,3}",
            rb"start request repeated too quickly",
            rb"\bfailed to start [^\n]{2,80}\.",
            rb"start operation timed out",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.55,
        rank=Rank.SYMPTOM,
        reason="A unit ended by itself; its own records say why.",
        action="Read the unit's journal just before this record, then its last change.",
        examples=("indexer.service: Failed with result 'exit-code'.",),
        near_misses=("indexer.service: Failed with result 'oom-kill'.", "Started Indexer."),
    ),
    Signature(
        name="program.assertion",
        patterns=(
            rb"task was destroyed but it is pending",
            rb"topology is closed",
            rb"cannot access '[\w$]{1,60}' before initialization",
            rb"maximum update depth exceeded",
            rb"undefinederror: ",
            rb"template (?:render|syntax) error",
            rb"assertion (?:failed|error|`[^`\n]{1,120}' failed)",
            rb"assert(?:ion)? failed",
            rb"unreachable code",
            rb"this should (?:never|not) happen",
            rb"invariant (?:violated|violation|failed)",
            rb"\binternal error: entered unreachable",
        ),
        unless=(
            rb"not critical",
            rb"will be retried",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.82,
        reason="The program found itself in a state that its author held impossible.",
        action="Hand the record and what led to it to the owner of the code.",
        examples=("Assertion failed: total >= 0 (cart.c: total: 12)",),
        near_misses=("SAML assertion accepted", "client assertion expired"),
    ),
    Signature(
        name="systemd.setting_ignored",
        patterns=(
            rb"\.(?:service|socket|timer|mount|target|network|slice|conf):\d{1,5}: [^\n]{0,140}\bignoring\b",
            rb"failed to parse [^\n]{1,80}, ignoring\b",
            rb"\.rules:\d{1,5}[: ][^\n]{0,140}\bignoring\b",
        ),
        unless=(rb"bad unit file setting",),
        category=Category.CONFIG_ERROR,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.9,
        reason="A line of a unit file is not understood and left out; the unit runs without it.",
        action="Correct the line that the record names, at the next change of the unit.",
        examples=(
            "/usr/lib/systemd/system/indexer.service:9: Unknown key name 'Restrt' in section 'Service', ignoring.",
        ),
        near_misses=(
            "indexer.service: Unit configuration has fatal error, unit will not be started.",
            "indexer.service: Main process exited, code=exited, status=203/EXEC",
        ),
    ),
    Signature(
        name="systemd.stood_still",
        patterns=(
            rb"watchdog timeout \(limit",
            rb"state 'stop-[\w-]{3,20}' timed out",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.82,
        reason=(
            "A unit gave no sign of life in time, or did not stop when told: it hangs, mostly on a slow disk or a lock."
        ),
        action="Look at disk latency and load of the host, and at what the unit waits for.",
        examples=("indexer.service: Watchdog timeout (limit 2min)!",),
        near_misses=(
            "indexer.service: Watchdog enabled",
            "indexer.service: Main process exited, code=exited, status=1/FAILURE",
        ),
    ),
)
