"""Harmless whatever the software: what a record says of itself in general words, without a product's name."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="general.says_harmless",
        patterns=(
            rb"\b(?:can|may|should|could) (?:be )?safely (?:be )?ignored?\b",
            (
                rb"\b(?:safe to|you (?:can|may)|please|just|can be|may be) ignored?(?: (?:this|it|that|the (?:above"
                rb"|warning|error)))?(?: (?:warning|error|message))?(?: (?:if|when|unless|safely|for now|otherwise)\b"
                rb"|[.!)\]]| ?$)"
            ),
            (
                rb"\b(?:this|it|which|that) (?:is|may be|might be|should be|can be) (?:quite |perfectly "
                rb"|totally )?(?:harmless|benign|normal|fine|okay|expected|no problem)\b"
            ),
            rb"\b(?:is|are) (?:harmless|benign)\b",
            rb"\bnothing to worry about\b",
            (
                rb"\bnot (?:a |an )?(?:real )?(?:error|problem|fatal|critical)(?:,| but)? (?:and |it |we "
                rb"|this )?(?:will|can|continue|continuing|going on)\b"
            ),
            rb"\b(?:non-fatal|not fatal|non-critical)\b",
        ),
        unless=(
            rb"\b(?:not|n't|never|no longer) (?:be )?(?:safely|ignored?|harmless|benign|normal|fine|expected)\b",
            rb"\b(?:exiting|aborting|giving up|gave up|data loss|corrupt)",
        ),
        rank=Rank.CAUSE,
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.9,
        reason="The record itself says that it does no harm.",
        action="Nothing to do.",
        examples=(
            "ERROR ferry: no flag on mast 2, this is harmless in port",
            "ERROR ferry: horn is silent (non-fatal)",
        ),
        near_misses=(
            "ERROR ferry: water in the hold is not harmless",
            "ERROR ferry: flags on mast 2 must never be ignored",
        ),
    ),
    Signature(
        name="general.watched_thing_gone",
        patterns=(
            (
                rb"\b(?:collect|gather|read|get|fetch|inspect|obtain|refresh|updat|query|retriev|list"
                rb"|stat)\w{0,5} [^\n]{0,80}\b(?:metrics|stats|statistics|usage|counters?|info|status"
                rb"|inspect)\b[^\n]{0,200}\b(?:no such (?:container|process|pod|task|id)|unknown container"
                rb"|container not found|(?:cgroup|container|process|pod|task|sandbox) (?:was |is "
                rb"|has been )?(?:deleted|gone|removed|not found|does not exist|exited))\b"
            ),
            rb"\b(?:no such container|no such process|no such exec instance)\b",
        ),
        unless=(rb"\b(?:fatal|exiting|aborting|unable to start|failed to (?:start|create|run|restart|exec))\b",),
        rank=Rank.CAUSE,
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.85,
        reason="Something was looked at that had ended a moment before.",
        action="Nothing to do.",
        examples=("ERROR ferry: collecting metrics of cabin 41: container not found",),
        near_misses=(
            "ERROR ferry: failed to start cabin 41: no such container",
            "ERROR ferry: collecting metrics of cabin 41: permission denied",
        ),
    ),
    Signature(
        name="general.changed_meanwhile",
        patterns=(
            rb"\bapply your changes to the latest version\b",
            (
                rb"\b(?:object|resource|record|document|entity|row|version) (?:\S{1,80} )?(?:was|has been|been"
                rb"|is) (?:changed|modified|updated)\b[^\n]{0,60}\b(?:requeu|retry|retried|try again|queued again"
                rb"|meanwhile)"
            ),
            (
                rb"\b(?:conflict|modified concurrently|concurrent update)\b[^\n]{0,40}\b(?:requeu|will retry|retrying"
                rb"|try again|queued again)"
            ),
        ),
        unless=(rb"\b(?:giving up|gave up|exhausted|fatal|exiting|lost|merge conflict)\b",),
        rank=Rank.CAUSE,
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="Two writers met; the later one reads again and repeats.",
        action="Nothing to do.",
        examples=("ERROR ferry: record timetable-7 was changed by another clerk meanwhile, queued again",),
        near_misses=(
            "ERROR ferry: timetable was changed by another clerk, ours is lost",
            "ERROR ferry: timetable was changed by another clerk, giving up after the last try again",
        ),
    ),
    Signature(
        name="general.another_has_it",
        patterns=(
            (
                rb"\b(?:lock|lease|leadership|mutex|job|task)\b[^\n]{0,60}\b(?:is |was |already )?(?:held|taken|owned"
                rb"|acquired|locked) by (?:another|an other|other|someone|a different)\b"
            ),
            (
                rb"\banother (?:node|instance|replica|worker|process|member|pod) (?:is |has |holds "
                rb"|already )(?:\w{1,20} ){0,3}(?:leader|lock|lease|running (?:it|this)|doing|working|in charge)\b"
            ),
            (
                rb"\b(?:previous|last|earlier) (?:run|job|cycle|execution|instance|check) (?:\S{1,40} )?(?:is "
                rb"|has )?(?:still|not (?:yet )?(?:finished|completed))\b[^\n]{0,60}\bskip"
            ),
            rb"\bstill runs?(?:ning)?\b[^\n]{0,60}\b(?:is |was )?skipp(?:ed|ing)\b",
        ),
        unless=(rb"\b(?:exiting|fatal|aborting|giving up|gave up|timed? ?out|deadlock|cannot start|refus\w{1,4})\b",),
        rank=Rank.CAUSE,
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="Another one does the work; this one stands back.",
        action="Nothing to do.",
        examples=("ERROR ferry: lock for the bilge pump is held by another watch",),
        near_misses=(
            "FATAL ferry: lock of the wheel house is held by another crew, exiting",
            "ERROR ferry: the lock at the upper gate is broken",
        ),
    ),
    Signature(
        name="general.left_over_from_last_run",
        patterns=(
            (
                rb"\b(?:stale|left[- ]?over|orphan(?:ed)?|old|existing|previous) (?:pid|lock|socket|temp(?:orary)?"
                rb"|state|work)[ -]?(?:file|dir|directory|folder)s?\b[^\n]{0,120}\b(?:remov|delet|overwrit|clean"
                rb"|replac|ignor|taking|reus)"
            ),
            (
                rb"\b(?:remov|delet|overwrit|clean|replac)\w{0,5} (?:up )?(?:a |the |an )?(?:stale|left[- ]?over"
                rb"|orphan(?:ed)?|old|temporary)\b"
            ),
            (
                rb"\b(?:lock|pid) ?file\b[^\n]{0,120}\b(?:overwritten|taking (?:it )?over|left behind"
                rb"|from a (?:previous|dead))"
            ),
            rb"\bun(?:clean|graceful) shut ?down of (?:the )?(?:previous|last)\b",
        ),
        unless=(rb"\b(?:fail\w{0,4}|unable|cannot|could not|denied|exiting|corrupt\w{0,3}|lost|refus\w{1,4}|error)\b",),
        rank=Rank.CAUSE,
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="Something of an earlier run was in the way and was cleared.",
        action="Nothing to do.",
        examples=("WARN ferry: stale pid file of the night shift removed",),
        near_misses=(
            "ERROR ferry: stale pid file of the night shift cannot be removed",
            "ERROR ferry: stale bread in the galley",
        ),
    ),
    Signature(
        name="general.other_means",
        patterns=(
            (
                rb"\bnot (?:available|supported|installed|enabled|compiled in"
                rb"|present)\b[^\n]{0,60}[,;.:-] {0,2}(?:so )?(?:using|will use|falling back|[\w /-]{1,50} (?:is|are"
                rb"|will be) (?:used|switched off|limited|disabled|reduced))\b"
            ),
            (
                rb"\b(?:support|functionality|features?|performance|precision|accuracy) (?:will|may|might|is"
                rb"|are) (?:be )?(?:limited|reduced|degraded|unavailable|imprecise)\b"
            ),
            rb"\b(?:is|are) (?:switched|turned) off to be (?:safe|on the safe side)\b",
            rb"\b(?:is|are) (?:strongly |highly )?recommended (?:for|with|to|when|that|on|over)\b",
        ),
        unless=(
            (
                rb"\b(?:exiting|fatal|aborting|fail\w{0,4}|cannot|could not|unable|insecure|unencrypted|plain ?text"
                rb"|error:|a value|at least)\b"
            ),
        ),
        rank=Rank.CAUSE,
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason="Something optional is not there; the program goes on by other means.",
        action="Nothing to do.",
        examples=("WARN ferry: radar is not supported on this hull, using the lookout",),
        near_misses=(
            "FATAL ferry: radar is not supported on this hull, exiting",
            "ERROR ferry: radar is not available",
        ),
    ),
)
"""Rank `CAUSE`: a software's own condition, where the table knows it, goes first."""
