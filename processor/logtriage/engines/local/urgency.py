"""How urgent a finding is: what the record says of its own level, of what failed, and of how it ends.

1. `kept_urgent`: a cause in general words, a code or a class is no named harmless condition. It lowers only where the
   record does not say that something failed by it; that a read or a connection failed is the cause itself.
2. `at_its_level`: a record that calls itself WARN or less, and in which nothing by name says more, stays what it calls
   itself. That lowers nothing (`triage/policy.py: lowers`): it is only not raised.
3. `with_severity`: what somebody has to act on is ERROR, and FATAL where the record says that the process ends or does
   not start; what nobody has to act on is at most WARN.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from logtriage.engines.local.actions import ACTION_OF
from logtriage.engines.local.finding import Finding, Source, most_urgent
from logtriage.engines.local.outcomes import Ending, Outcome
from logtriage.engines.local.text import JudgedText
from logtriage.schema.category import Category
from logtriage.schema.record import RecordView
from logtriage.schema.severity import Severity

_SOMETHING_FAILED: Final = re.compile(
    rb"\b(?:failed|failure|fails|lost|unable to|could not|couldn't|cannot|can't|aborted|rolled back)\b"
    rb"|\b(?:dropped|declined|rejected|failing closed)\b"
    rb"|\berror (?:creating|starting|opening|saving|committing|publishing|storing|initiali[sz]ing)\b"
    rb"|\bno longer (?:replicated|served|written|delivered|processed|accepted)\b"
    rb"|\bnot (?:saved|sent|stored|committed|written|delivered|completed|processed|persisted|flushed)\b"
)
"""Words for an operation that was given up, whatever the cause."""
_NETWORK_FAILED: Final = re.compile(
    rb"\(\) (?:has |have )?failed\b"
    rb"|(?:\b(?:recv|read|write|send|receive|connect|dial|lookup|resolution|handshake|heartbeat|ping|probe)"
    rb"(?: (?:attempt|request|call))? (?:has |have )?failed\b"
    rb"|\b(?:failed|failure|unable|cannot|can't|could not|couldn't|fails)"
    rb" (?:to|in|on) (?:read|write|send|recv|receive|connect|reconnect|dial|reach|resolve|look ?up|poll|ping|check"
    rb"|flush|obtain a connection|establish)\b"
    rb"|\bfailed to (?:pull|fetch|list|watch|scrape|download)\b|\b(?:pull|fetch|scrape|download) failed\b"
    rb"|\b(?:could not|couldn't|cannot|can't) (?:read|receive|connect|reach|resolve|look ?up|poll|ping|send)\b"
    rb"|\b(?:connection|link|heartbeats?|session|stream|socket) (?:was |is |has been |have been )?lost\b"
    rb"|\blost (?:the |a |its )?(?:\w+ ){0,3}(?:connection|link|heartbeat|session|stream|socket)\b"
    rb"|\b(?:connection|handshake|request|socket) (?:was )?(?:aborted|dropped)\b"
    rb"|\bsoftware caused connection abort\b"
    rb"|\bnot delivered\. \[\d{1,9}\] dead letters)"
)
"""The same words for the network's own business: they say no more than the cause does."""

_UNCAUGHT: Final = re.compile(
    rb"\b(?:uncaught ?exception|uncaught (?:\w{1,40})?error|unhandled ?rejection|unhandled (?:promise )?rejection"
    rb"|unhandled 'error' event)"
)
"""What a runtime prints as a program ends by an error that nobody took care of."""

_HARM: Final = re.compile(
    rb"\b(?:lost|data loss|uncommitted|not (?:saved|stored|persisted|written|flushed|committed|delivered|charged)"
    rb"|(?:could not|cannot) be (?:saved|stored|written|delivered|committed|processed))\b"
)
"""Words for what is gone for good: no condition is harmless beside them."""

_SAYS_SERIOUS: Final = re.compile(
    rb"\b(?:fatal|panic|exiting|exited|aborting|dead|died|crash(?:ed|ing)?|giving up|gave up|unrecoverable|corrupt\w*"
    rb"|failed to (?:persist|store|save|deliver|flush|commit|replicate|publish)"
    rb"|(?:could not|couldn't|cannot|unable to) (?:be )?(?:persist|stor|sav|deliver|flush|commit|index|replicat"
    rb"|retri)\w{0,4}"
    rb"|(?:have|has) been dropped|were dropped|overflow|not running|no (?:available|living|healthy|usable) \w+"
    rb"|alarm raised|nospace|shut ?down|must be|majority|quorum|not expected|blocked|exceeded|exhausted"
    rb"|reached (?:the |its )?(?:\w+ ){0,3}"
    rb"(?:limit|maximum)|lost data|data loss|rejecting|refusing|out of (?!order|date)\w+|read-only"
    rb"|(?<!execution )expired)\b"
)
"""Words in a quiet record that say more than it calls itself."""

_PROCESS_ENDS: Final = re.compile(
    rb"[.,:;-] {0,2}-{0,2} ?exiting\b"
    rb"|(?:\b(?:exiting|shutting down|terminating|stopping|aborting)\b"
    rb"[^\n]{0,40}\b(?:due to|because|after|fatal|error)\b"
    rb"|\bfatal error\b[^\n]{0,120}\bexiting\b|\brefus(?:ing|ed) to start\b"
    rb"|\b(?:failed|failure|unable|cannot|could not|can't|couldn't) (?:to |in )?(?:re)?start(?: up)?\b"
    rb"(?! (?:a |the )?(?:transaction|job|task|timer|check|pod|container|worker|thread|backup|download|session))"
    rb"|\b(?:error|failed|failure|exception)[^\n]{0,30}\bduring (?:start-?up|initiali[sz]ation|boot)\b"
    rb"|\b(?:start-?up|boot|bootstrap|initiali[sz]ation|application run)"
    rb" (?:has )?(?:failed|aborted|error|checks? failed)\b"
    rb"|\bencountered during start-?up\b|\bgoing to shut ?down\b|\bnot starting\b"
    rb"|\bfailed to (?:initiali[sz]e|bootstrap|boot|load (?:the )?config\w*)\b"
    rb"|\b(?:load|loading|read|parse|parsing|invalid|bad|open) (?:the |its )?config(?:uration)?(?: file)?\b[^\n]{0,20}"
    rb"(?:\berr(?:or)?=|failed|error|\"))"
)
"""Ways to say that the process ends, or never started. All but the first begin at the edge of a word, which is asked
for once: that is why they stand in a group of their own, here and above."""
_PROCESS_ENDS_WORDS: Final = (
    *(b"exiting", b"shutting down", b"terminating", b"stopping", b"aborting", b"start", b"during ", b"boot"),
    *(b"initiali", b"application run", b"going to shut", b"failed to load", b"config"),
)
"""One of them stands in each match: looked for first, since few records have any."""
_CRASH: Final = re.compile(
    rb"\A\s{0,4}(?:traceback \(most recent call last\)|exception in thread \"main\"|panic:|fatal error:|uncaught "
    rb"|unhandled |thread 'main' |/[\w./@-]{1,200}\.[cm]?[jt]s:\d{1,6}\n|node:internal|[\w./-]{1,120}\.rb:\d{1,6}:in )"
)
"""How a runtime prints what ended the process, without a logger in between."""

_HEAD_BYTES: Final = 2048
"""Where a record says what it calls the whole: behind it stand stack frames and data."""

_BY_NAME: Final = frozenset({Source.DAMAGE, Source.SPECIFIC, Source.CONTEXT, Source.OUTCOME, Source.CODE, Source.CLASS})
_GENERAL_AND_GRAVE: Final = frozenset({Category.RESOURCE_EXHAUSTION, Category.AUTH_AUTHZ, Category.UPSTREAM_OUTAGE})
"""Causes in general words that weigh in a quiet record, too: what runs out, shuts out or is away."""


def says_something_failed(lowered: bytes) -> bool:
    """Tell whether a record says that more than the network's own business failed."""
    if _SOMETHING_FAILED.search(lowered) is None:
        return False
    return _SOMETHING_FAILED.search(_NETWORK_FAILED.sub(b" ", lowered)) is not None


def _says_process_ends(lowered: bytes) -> bool:
    has_word = any(map(lowered.__contains__, _PROCESS_ENDS_WORDS))
    return has_word and _PROCESS_ENDS.search(lowered, 0, _HEAD_BYTES) is not None


def kept_urgent(finding: Finding, text: JudgedText, record: RecordView, outcome: Outcome | None) -> Finding:
    """Keep a record urgent that nothing but a cause speaks for: "charge failed: read timed out" is no blip.

    A code or an exception class is no named condition: it lowers only if it is known as harmless. That, and a cause in
    general words (a reset, a time-out), lowers only where the record does not say that something failed by it.
    """
    if finding.is_actionable:
        return finding
    if outcome is not None:
        if outcome.ending is not Ending.GAVE_UP or finding.is_network or finding.is_named_noise:
            return finding
        return _urgent(finding, record, "The record itself says that no try is left.")
    if finding.is_named_noise and _HARM.search(_NETWORK_FAILED.sub(b" ", text.lowered)):
        return _urgent(finding, record, "It is harmless as a rule, but the record says that something is lost by it.")
    is_code_or_class = finding.source in (Source.CODE, Source.CLASS, Source.VAGUE)
    is_cause = finding.source in (Source.CAUSE, Source.SYMPTOM) and not finding.is_named_noise
    if not is_code_or_class and not is_cause:
        return finding
    if not finding.is_named_noise and _UNCAUGHT.search(text.lowered, 0, _HEAD_BYTES):
        urgent = _urgent(finding, record, "Nobody took care of the error: the program ends by it.")
        return replace(urgent, category=Category.CODE_BUG, action=ACTION_OF[Category.CODE_BUG])
    if is_code_or_class and not finding.is_named_noise:
        said = "A code or class alone does not make it harmless."
    elif says_something_failed(text.lowered):
        said = "The record says that something failed by it, and not that it was made good."
    elif not finding.is_named_noise and _says_process_ends(text.lowered):
        said = "The record says that the process ends or does not start by it."
    else:
        return finding
    return _urgent(finding, record, said)


def _urgent(finding: Finding, record: RecordView, said: str) -> Finding:
    """Give the finding as one to act on. An operation that failed by the network is no blip: the peer was not there."""
    category = finding.category
    if category is Category.NOISE:
        category = Category.TRANSIENT_NETWORK
    elif category is Category.TRANSIENT_NETWORK:
        category = Category.UPSTREAM_OUTAGE
    return replace(
        finding,
        category=category,
        severity=most_urgent(most_urgent(finding.severity, Severity.ERROR), record.level),
        is_actionable=True,
        steps=(*finding.steps[:-1], said, "Somebody has to act."),
        lowering_spans=(),
        is_named_noise=False,
    )


def at_its_level(finding: Finding, text: JudgedText, record: RecordView, outcome: Outcome | None) -> Finding:
    """Leave a record that calls itself WARN or less what it calls itself, where nothing by name says more."""
    level = record.level
    if level is None or not level.is_less_urgent_than(Severity.ERROR) or not finding.is_actionable:
        return finding
    if finding.source in _BY_NAME or finding.is_damage:
        return finding
    if finding.source is Source.CAUSE and finding.category in _GENERAL_AND_GRAVE:
        return finding
    if (outcome is not None and outcome.ending is Ending.GAVE_UP) or _SAYS_SERIOUS.search(text.lowered, 0, _HEAD_BYTES):
        return finding
    return replace(
        finding,
        severity=level,
        is_actionable=False,
        action="Nothing to do at once; look at it in working hours.",
        steps=(
            *finding.steps[:-1],
            f"The record calls itself {level}, and nothing in it by name says more.",
            "Nobody needs to act at once.",
        ),
        lowering_spans=finding.spans,
    )


def with_severity(finding: Finding, text: JudgedText, record: RecordView) -> Finding:
    """Give the severity that follows from what somebody has to do, and from whether the process ends."""
    if finding.category is Category.NOISE:
        return finding
    if not finding.is_actionable:
        return replace(finding, severity=Severity.WARN) if finding.severity is Severity.ERROR else finding
    severity = most_urgent(most_urgent(finding.severity, Severity.ERROR), record.level)
    ends = _says_process_ends(text.lowered) or (record.level is None and _CRASH.search(text.lowered))
    return replace(finding, severity=Severity.FATAL if ends else severity)
