"""Let the lines around a record speak: a recovery that followed, a stop that was asked for, the cause next to it.

The rules, in their order; the first that holds decides:

1. `recovered`: a later line says that the same thing works again, and no line after that says it failed again. What was
   network trouble, or not understood, was a blip; anything else keeps its category. WARN, not actionable.
2. `stopping`: an earlier line says that this software was told to stop or to change over, and none since that it
   started: broken connections and refused work are what a stop looks like. Noise.
3. `contradicted`: what would be noise, and a later line about the same thing names damage or an outage in a
   software's own words. Only ever raises.
4. `changed`: the record does not know a name or a form, and an earlier line tells of a roll-out, an upgrade or a
   migration: deployment drift. Actionable.
5. `cause`: the record names a symptom only, and a line next to it names the cause: the cause's category. Never lowers.

Damage (memory, disk, data, a crash) and what says FATAL is never lowered by context. The lines are
searched near to far, at most `MAX_LINES` on each side. What is lowered here holds for this record alone: the finding
carries the lines that it rests on, and no verdict of it may be kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from logtriage.engines.local.actions import ACTION_OF
from logtriage.engines.local.finding import Finding, Source, most_urgent
from logtriage.engines.local.matcher import SignatureMatch, SignatureMatcher
from logtriage.engines.local.outcomes import Ending, find_outcome
from logtriage.engines.local.signature import Rank, Signature
from logtriage.engines.local.subjects import subject_of
from logtriage.engines.local.text import JudgedText
from logtriage.schema.category import Category
from logtriage.schema.record import Context, RecordView
from logtriage.schema.severity import Severity

MAX_LINES: Final = 12
_MAX_LINE_BYTES: Final = 1024
_CAUSE_LINES: Final = 4
_MAX_SPEAKING: Final = 3
RECOVERED_CONFIDENCE: Final = 0.75
STOPPING_CONFIDENCE: Final = 0.75
CAUSE_CONFIDENCE: Final = 0.65

_WORKS_AGAIN: Final = re.compile(
    rb"\b(?:is|are|now|became|becomes|came|back|marked|turned|status:?|state:?|->|to) "
    rb"(?:now |back )?(?:up|healthy|ready|online|available|reachable|alive|active|serving|ok|normal|green|running)\b"
    rb"|\b(?:reconnected|recovered|restored|resumed|re-?established|re-?joined|caught up|in sync|back to normal)\b"
    rb"|\b(?:connected|connection (?:established|opened|accepted)|established|subscribed|authenticated) ?(?:to|with)?\b"
    rb"|\b(?:succeeded|successful|successfully|passed|completed|delivered|refreshed|renewed|elected)\b"
    rb"|\b(?:fetched|acquired|accepting connections|ready)\b(?=[\"',.!}\]]|$| lease| after| in )|\banswered 2\d\d\b"
    rb"|\b(?:fetched|acquired|accepting connections)\b"
    rb"|\b(?:revived|cleared|resolved|reloaded|re-?authenticated|finished|became active|marked alive|noerror)\b"
    rb"|\b(?:is|are|now|back|came|status[=:]) ?(?:on-?line|connect|connected)\b|\bstarted streaming\b"
    rb"|\b(?:node|server|peer|host|link|target|member|broker) [\"'\[]?[\w@./:\-]{1,80}[\"'\]]? (?:is )?(?:up|ok)\b"
    rb"|\b(?:generated|issued|obtained|acquired) (?:a )?new\b|[ =:]ok\b"
    rb"|\breturned 2\d\d\b|\b(?:status|http|code)[\"']?[:= ]{1,3}2\d\d\b|\" 2\d\d \b|: 2\d\d(?: ok)?\b"
)
_NEXT_TRY_WORKED: Final = re.compile(
    rb"\b(?:attempt|try|retry) #?\d{1,3}(?: of \d{1,3})?:? (?:ok|succeeded|successful|worked|done)\b"
    rb"|\b(?:ok|succeeded|worked|done) (?:on|at|after) (?:the )?(?:second|third|next|2nd|3rd|\d{1,3}) (?:try|attempt)"
    rb"|\bjob succeeded\b"
)
"""A next try that names no thing of its own speaks of the last one that failed."""
_DENIED: Final = re.compile(
    rb"\b(?:not|never|no longer|without|until|failed|failing|failure|unable|cannot|could not|waiting|error"
    rb"|unhealthy|unavailable|refused|timed out|will|would|disconnected)\b|\b0(?:/| of )\d"
)
_FAILS_AGAIN: Final = re.compile(
    rb"\b(?:down|lost|failed|failing|failure|refused|reset|timed out|timeout|unavailable|unreachable|unhealthy"
    rb"|disconnected|error|fatal|denied|giving up|cannot|could not|unable)\b"
)
_STOPPING: Final = re.compile(
    rb"\b(?:sigterm|sigint|signal (?:15|2)\b|term signal|received (?:fast|smart|shutdown|stop|terminate)[a-z ]{0,20})"
    rb"|\b(?:shutting down|shut down requested|shutdown (?:requested|initiated|started|in progress|sequence|hook)"
    rb"|begin(?:ning)? shutdown|graceful(?:ly)? (?:shutdown|stop|stopping|exit)|graceful shutdown)"
    rb"|\b(?:draining|terminating|stopping)\b(?! because| due| after)"
    rb"|\b(?:planned|scheduled) (?:failover|switchover|restart|maintenance|reboot|downtime)"
    rb"|\b(?:rolling (?:restart|update|upgrade)|maintenance (?:window|mode)[a-z ]{0,12}|entering maintenance)\b"
)
_STARTED: Final = re.compile(
    rb"\b(?:started|starting|listening|ready to accept|startup complete|booted|maintenance (?:ended|finished|over))\b"
)
_COMES_OF_STOPPING: Final = re.compile(
    rb"\b(?:connection|socket|stream|channel|session|broken pipe|eof|closed|closing|reset|refused|rejected|cancell?ed"
    rb"|interrupted|terminated|aborted|unavailable|no longer|shut ?down|exit(?:ed)?|killed|signal|143|137|unreachable"
    rb"|disconnected|timed out|timeout|not available|no server|no leader|pool)"
)
_CHANGED: Final = re.compile(
    rb"\bupgraded(?::| from|,)? ?(?:was )?v?\d|\b(?:was|previous\W{1,4}) ?v?\d+\.\d+[^\n]{0,40}\bis v?\d"
    rb"|\b(?:rolled out|rolling out|roll-?out)\b[^\n]{0,80}(?:\bto\b|\bpushed\b|\bdone\b|\bcomplete|%)"
    rb"|\b(?:deploy|release)(?:ed|ment)?\b[^\n]{0,60}\b(?:published|pushed|rolled|finished|started|done|live)\b"
    rb"|\bmigrat\w{1,6}\b[^\n]{0,60}\b(?:failed|skipped|not applied|pending)\b|\bcode from [rv]?\d"
)
_NOT_KNOWN: Final = re.compile(
    rb"\b(?:unknown|undefined|uninitialized|unrecognized|unsupported|no such|no appropriate|does not exist|not found"
    rb"|no file|missing|not exported|has no (?:attribute|member|method)|unexpected (?:field|keyword|argument))\b"
)
_HARM: Final = re.compile(
    rb"\b(?:corrupt|data loss|lost (?:\d+ )?(?:records|messages|events|writes|data)"
    rb"|not (?:saved|flushed|persisted|written)"
    rb"|messages? lost|dropped|discarded|could not (?:save|flush|persist|write)|failed to (?:save|flush|persist|write"
    rb"|commit)|uncommitted|out of memory|oom|no space left|disk full|expired)\b"
)


def apply_context(
    finding: Finding, text: JudgedText, record: RecordView, context: Context, matcher: SignatureMatcher
) -> Finding:
    """Change a finding by what stands around the record; the finding itself where nothing there speaks."""
    if not context.before and not context.after:
        return finding
    if not finding.is_damage and not record.says_fatal and not finding.is_named_noise:
        lowered = (finding.is_actionable and _recovered(finding, text, context)) or _stopping(finding, text, context)
        if lowered:
            return lowered
    if finding.is_named_noise:
        return _contradicted(finding, text, context, matcher)
    return _changed(finding, text, context) or _caused(finding, context, matcher)


def _recovered(finding: Finding, text: JudgedText, context: Context) -> Finding | None:
    own = text.lowered[:_MAX_LINE_BYTES]
    speaking = [own]
    found = ""
    for line in context.after[:MAX_LINES]:
        lowered = _lowered(line)
        if finding.is_network and _is_next_try(lowered, own):
            found = line
            continue
        if not any(_is_of_same(said, lowered) for said in speaking):
            continue
        if _tries_again(lowered) and len(speaking) < _MAX_SPEAKING:
            speaking.append(lowered)
        elif _says_it_works(lowered):
            found = line
        elif found and _FAILS_AGAIN.search(lowered):
            found = ""
    if not found:
        return None
    is_blip = finding.category in (Category.TRANSIENT_NETWORK, Category.UPSTREAM_OUTAGE) or finding.is_symptom
    return replace(
        finding,
        name="context.recovered",
        source=Source.CONTEXT,
        category=Category.TRANSIENT_NETWORK if is_blip else finding.category,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=RECOVERED_CONFIDENCE,
        action="Nothing to do now; look into it if it becomes frequent.",
        steps=(*finding.steps[:-1], "A later line says that the same thing works again.", "Nobody needs to act."),
        lowering_spans=finding.spans,
        context_quotes=(found,),
    )


def _is_of_same(own: bytes, other: bytes) -> bool:
    return subject_of(own, beside=other).is_that_of(subject_of(other, beside=own))


def _is_next_try(lowered: bytes, own: bytes) -> bool:
    return _NEXT_TRY_WORKED.search(lowered) is not None and not subject_of(lowered, beside=own).names_a_thing


def _tries_again(lowered: bytes) -> bool:
    """Tell whether a line about the same thing says that it is tried again: what it names is spoken of, too."""
    outcome = find_outcome(lowered)
    return outcome is not None and outcome.ending is Ending.WILL_RETRY


def _says_it_works(lowered: bytes) -> bool:
    outcome = find_outcome(lowered)
    if outcome is not None:
        return outcome.ending is Ending.RECOVERED
    return _WORKS_AGAIN.search(lowered) is not None and _DENIED.search(lowered) is None


def _stopping(finding: Finding, text: JudgedText, context: Context) -> Finding | None:
    if _HARM.search(text.lowered) or not _COMES_OF_STOPPING.search(text.lowered):
        return None
    for line in reversed(context.before[-MAX_LINES:]):
        lowered = _lowered(line)
        if _STOPPING.search(lowered):
            return replace(
                finding,
                name="context.stopping",
                source=Source.CONTEXT,
                category=Category.NOISE,
                severity=Severity.DEBUG,
                is_actionable=False,
                confidence=STOPPING_CONFIDENCE,
                action="Nothing to do: it comes of the stop that was asked for.",
                steps=(
                    *finding.steps[:-1],
                    "An earlier line says that a stop or change-over was asked for, and this is what one looks like.",
                    "Nobody needs to act.",
                ),
                lowering_spans=finding.spans,
                is_named_noise=True,
                context_quotes=(line,),
            )
        if _STARTED.search(lowered):
            return None
    return None


def _contradicted(finding: Finding, text: JudgedText, context: Context, matcher: SignatureMatcher) -> Finding:
    own = text.lowered[:_MAX_LINE_BYTES]
    for line in context.after[:_CAUSE_LINES]:
        lowered = _lowered(line)
        cause = _cause_in(lowered, matcher)
        if (
            cause is None
            or cause.signature.rank < Rank.SPECIFIC
            or cause.signature.name == finding.name
            or not _is_of_same(own, lowered)
        ):
            continue
        return _of_cause(finding, cause.signature, line, "A later line names what came of it")
    return finding


def _changed(finding: Finding, text: JudgedText, context: Context) -> Finding | None:
    """Call it drift where a name is not known and something was rolled out, upgraded or migrated just before."""
    if finding.category not in (Category.CONFIG_ERROR, Category.CODE_BUG) or finding.is_damage:
        return None
    if not finding.is_actionable or _NOT_KNOWN.search(text.lowered) is None:
        return None
    for line in reversed(context.before[-MAX_LINES:]):
        if _CHANGED.search(_lowered(line)):
            return replace(
                finding,
                name="context.changed",
                source=Source.CONTEXT,
                category=Category.DEPLOYMENT_DRIFT,
                confidence=CAUSE_CONFIDENCE,
                action=ACTION_OF[Category.DEPLOYMENT_DRIFT],
                steps=(
                    *finding.steps[:-1],
                    "An earlier line tells of a roll-out, an upgrade or a migration that this does not fit.",
                    "Somebody has to act.",
                ),
                context_quotes=(line,),
            )
    return None


def _caused(finding: Finding, context: Context, matcher: SignatureMatcher) -> Finding:
    """Give a symptom the category of the cause beside it; the nearest line that names one, those before it first."""
    if not finding.is_symptom:
        return finding
    before = tuple(reversed(context.before))[:_CAUSE_LINES]
    for line in (*before, *context.after[:_CAUSE_LINES]):
        cause = _cause_in(_lowered(line), matcher)
        if cause is None or cause.signature.category is finding.category:
            continue
        return _of_cause(finding, cause.signature, line, "A line beside it names the cause")
    return finding


def _of_cause(finding: Finding, signature: Signature, line: str, said: str) -> Finding:
    return replace(
        finding,
        name=f"context.{signature.name}",
        source=Source.CONTEXT,
        category=signature.category,
        severity=most_urgent(signature.severity, finding.severity),
        is_actionable=True,
        confidence=CAUSE_CONFIDENCE,
        action=signature.action,
        steps=(
            *finding.steps[:-1],
            f"{said}: it matches the signature `{signature.name}`.",
            "Somebody has to act.",
        ),
        lowering_spans=(),
        is_named_noise=False,
        context_quotes=(line,),
    )


def _cause_in(lowered: bytes, matcher: SignatureMatcher) -> SignatureMatch | None:
    causes = [
        match
        for match in matcher.matches(lowered)
        if match.signature.rank >= Rank.CAUSE and match.signature.is_actionable
    ]
    return max(causes, key=lambda match: (match.signature.rank, match.signature.confidence), default=None)


def _lowered(line: str) -> bytes:
    return line.encode("utf-8", "replace")[:_MAX_LINE_BYTES].lower()
