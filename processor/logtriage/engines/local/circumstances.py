"""Named harmless conditions that a record states of itself, whatever the software: what it did instead of failing.

- `circumstance.one_item`: one row, line, message or upload was skipped or refused; of malformed data and of what no
  name decides, which it makes malformed data.
- `circumstance.goes_on`: the software goes on another way (a fallback, a default, the next one); of network trouble and
  of what no name decides. What is said of others ("the standby took over") counts only where no name decides: it is
  the wording with which a text of strangers would talk an outage down.
- `circumstance.left_out`: what was wrong was ignored or skipped; of settings and data in general words, and of what no
  name decides.
- `circumstance.again`: it is still tried, or the caller is told to come again; of network trouble, limits, data.

Each is a positive wording with its near-misses in the tests. None speaks where the record also says that it gave up,
where damage is named, or where all of a kind are concerned ("refused from all partners").
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from logtriage.engines.local.actions import ACTION_OF
from logtriage.engines.local.finding import Finding, Source
from logtriage.engines.local.outcomes import Ending, Outcome
from logtriage.engines.local.text import JudgedText
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

_ITEM: Final = rb"(?:rows?|lines?|records?|messages?|payload|body|upload|document|entry|sample|csr|event|item|cell)"
_ONE_ITEM: Final = re.compile(
    rb"\b(?:row|line|record|payload|body|upload|document|entry|sample|csr|item|image|cell|readings?"
    rb"|measurement)\b[^\n]{0,40}?\b"
    rb"(?:rejected|refused|skipped|dropped|ignored|discarded|quarantined|left out|set aside)\b"
    rb"|\b(?:message|event)\b[^\n]{0,40}?\b(?:skipped|dropped|ignored|quarantined)\b"
    rb"|\b(?:skipp(?:ing|ed)|ignor(?:ing|ed)|dropp(?:ing|ed)|discard(?:ing|ed)|rejected|refused) "
    rb"(?:(?:the|this|a|an|bad|invalid|malformed|corrupt|broken|unparseable) ){0,2}" + _ITEM + rb"\b"
    rb"|\b(?:import|parse|parsing|conversion|decode|decoding) (?:of )?(?:(?:row|line|record|entry|item) )?#?\d{1,9}"
    rb" failed\b"
    rb"|\b(?:1|one) (?:delivery|row|line|record|message|event|item) (?:was )?(?:ignored|skipped|dropped|rejected)\b"
)
_NOT_ONE: Final = re.compile(rb"\b(?:all|every|each|none|any|entire|whole)\b|\bsince the (?:release|deploy)")
_GOES_ON: Final = re.compile(
    rb"\b(?:fall(?:ing|s)? back (?:to|on)|falling through to|proceeding (?:to next|with|without|anyway)"
    rb"|continuing (?:with|without|anyway)|carrying on|using (?:the )?(?:default|cached|stale|last known|previous)"
    rb"|(?:serving|served) (?:from )?(?:the )?(?:stale|cached?)|stays online|running on backup|trying (?:the )?next"
    rb"|failing silently|restarting (?:the )?\w{1,20} (?:\w{1,20} )?process)\b"
)
_ELSEWHERE: Final = re.compile(
    rb"\b(?:is|are|was|were|will be) (?:used|served|taken) instead\b|\busing (?:[\w-]{1,20} ){1,4}instead\b"
    rb"|\b(?:takes|took|taking) over\b|\brouted (?:another way|around)\b|\b(?:left|kept) (?:as it was|unchanged)\b"
    rb"|\b(?:is|are|was|were|will be) (?:opened|scheduled|queued|asked|fetched|run|started|delivered|read|polled|sent)"
    rb" (?:again|later|elsewhere)\b|\bre-?(?:queue[ds]?|queueing|queuing|schedul(?:ed|es|ing)|enqueu(?:ed|es|ing))\b"
)
_LEFT_OUT: Final = re.compile(
    rb"[,;:.(-] {0,2}(?:so )?(?:(?:it|this|which) (?:is|was|will be) )?(?:ignoring|ignored|skipping|skipped)"
    rb"(?: (?:it|them|this|that|this one|(?:the |this )?(?:entry|file|line|rule|option|key|field|value)))?"
    rb" {0,2}(?:[.!):;,\"]|\Z|\n)"
)
_NO_WAY_ON: Final = re.compile(
    rb"\b(?:fall(?:ing)? ?back|default|cached?|stale|backup)\b[^\n]{0,40}\b(?:failed|failing|unavailable|empty|missing"
    rb"|not found|expired|too old)\b"
    rb"|\b(?:not|never|without|no|cannot|disabled|unable to) (?:fall|falling|continu|proceed)"
    rb"|\bfailing closed\b|\b(?:read[- ]only|degraded|emergency|insecure|unencrypted|plain ?text)\b"
)
_AGAIN: Final = re.compile(
    rb"\bstill trying\b|\bask(?:ed|s)? (?:us|you|the client) to (?:try again|retry|repeat)\b"
    rb"|\b(?:please )?(?:try|retry)(?: again)? later\b|\bpartner asked to repeat\b"
    rb"|\btry restarting (?:the )?transaction\b|\btransienttransactionerror\b"
)
_GIVEN_UP: Final = re.compile(rb"\b(?:fatal|giving up|gave up|exiting|aborting|unrecoverable|panic)\b")

_HEAD_BYTES: Final = 2048
"""Where a record says what it did; what speaks against it is looked for in the whole."""

_NETWORK: Final = frozenset({Category.TRANSIENT_NETWORK, Category.UPSTREAM_OUTAGE})
_PASSING: Final = frozenset({Category.CODE_BUG, Category.CONFIG_ERROR})
"""What a guess may have said of that which comes right by waiting."""
_WEAK: Final = frozenset({Source.UNKNOWN, Source.WORD, Source.VAGUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Circumstance:
    name: str
    pattern: re.Pattern[bytes]
    unless: re.Pattern[bytes]
    holds_for: Callable[[Finding], bool]
    category: Category | None
    """The category of what no name decided; None: that of the finding."""
    step: str
    confidence: float
    words: tuple[bytes, ...] = ()
    """One of them stands in each match, if any are given: looked for first."""


_CIRCUMSTANCES: Final = (
    _Circumstance(
        name="circumstance.one_item",
        pattern=_ONE_ITEM,
        unless=_NOT_ONE,
        holds_for=lambda finding: (
            finding.category is Category.DATA_QUALITY
            or (finding.source in _WEAK and finding.category in (Category.CONFIG_ERROR, Category.CODE_BUG))
        ),
        category=Category.DATA_QUALITY,
        step="The record says that one item was left out for it, and the others go on.",
        confidence=0.65,
    ),
    _Circumstance(
        name="circumstance.goes_on",
        pattern=_GOES_ON,
        unless=_NO_WAY_ON,
        holds_for=lambda finding: finding.category in _NETWORK or finding.source in _WEAK,
        category=None,
        step="The record says that the software goes on another way.",
        confidence=0.62,
    ),
    _Circumstance(
        name="circumstance.goes_on",
        pattern=_ELSEWHERE,
        unless=_NO_WAY_ON,
        holds_for=lambda finding: finding.source in _WEAK,
        category=None,
        step="The record says that the software goes on another way.",
        confidence=0.62,
    ),
    _Circumstance(
        name="circumstance.left_out",
        pattern=_LEFT_OUT,
        unless=_NOT_ONE,
        holds_for=lambda finding: (
            finding.source in _WEAK
            or (
                finding.source is Source.CAUSE
                and finding.category in (Category.CONFIG_ERROR, Category.DATA_QUALITY, Category.DEPLOYMENT_DRIFT)
            )
        ),
        category=None,
        step="The record says that what was wrong was left out, and that it went on.",
        confidence=0.62,
        words=(b"ignor", b"skipp"),
    ),
    _Circumstance(
        name="circumstance.again",
        pattern=_AGAIN,
        unless=_NO_WAY_ON,
        holds_for=lambda finding: (
            finding.category in _NETWORK
            or finding.category in (Category.RESOURCE_EXHAUSTION, Category.DATA_QUALITY)
            or finding.source in _WEAK
        ),
        category=None,
        step="The record says that it is tried again: nothing is given up.",
        confidence=0.62,
        words=(b"try", b"ask", b"transienttransactionerror"),
    ),
)


def apply_circumstance(finding: Finding, text: JudgedText, outcome: Outcome | None) -> Finding:
    """Lower a finding by the first circumstance that the record names; the finding itself where it names none."""
    if not finding.is_actionable or finding.is_damage:
        return finding
    if outcome is not None and outcome.ending is Ending.GAVE_UP:
        return finding
    for each in _CIRCUMSTANCES:
        if not each.holds_for(finding) or (each.words and not any(map(text.lowered.__contains__, each.words))):
            continue
        match = each.pattern.search(text.lowered, 0, _HEAD_BYTES)
        if match is None or each.unless.search(text.lowered) or _GIVEN_UP.search(text.lowered):
            continue
        is_weak = finding.source in _WEAK
        category = each.category if is_weak and each.category is not None else finding.category
        if each.name == "circumstance.again" and (category in _NETWORK or (is_weak and category in _PASSING)):
            category = Category.TRANSIENT_NETWORK
        return replace(
            finding,
            name=finding.name or each.name,
            source=Source.CIRCUMSTANCE if is_weak else finding.source,
            category=category,
            severity=Severity.WARN,
            is_actionable=False,
            confidence=max(finding.confidence, each.confidence),
            action=ACTION_OF[category],
            steps=(*finding.steps[:-1], each.step, "Nobody needs to act on a single one."),
            spans=(match.span(), *finding.spans),
            lowering_spans=(match.span(),),
        )
    return finding
