"""How matches are put together: the rules of the engine, in one place.

1. The most specific named signature decides: by `Rank` (damage, one software's condition, a cause), then by
   confidence, then by the length of the match. Behind the last "Caused by" a cause counts as much as a specific
   condition, and goes before what stands outside. A symptom ("failed to start") waits for rule 4.
2. Else the most telling code: attributes before text, decisive ones before vague ones (HTTP 500, exit code 1).
3. Else the exception class nearest the root of its chain. A vague code or class gives way to a decisive one, and
   takes its category from the words beside it where they lean to another than `code_bug`.
4. Else the best symptom. Else the category that most general words lean to. Else nothing is known.
5. An outcome in the record itself then changes network trouble, and nothing else (`apply_outcome`).
6. The lines around the record, where they are known, then speak (`context.py`).

Confidence: a named signature 0.8 to 0.95, a code or a known class 0.7, a vague one 0.5, a symptom as the table says,
general words 0.45, nothing 0.25. Only a named signature, a code or class known as harmless, or an outcome word lowers
(`_without_bare_lowering`); all else keeps the record's own severity and is actionable: unknown is not harmless.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from logtriage.engines.local.actions import ACTION_OF, UNKNOWN_ACTION
from logtriage.engines.local.code_search import FoundCode, find_code
from logtriage.engines.local.context import apply_context
from logtriage.engines.local.exception_search import FoundClass, find_class
from logtriage.engines.local.finding import Finding, Meaning
from logtriage.engines.local.matcher import SignatureMatch, SignatureMatcher
from logtriage.engines.local.outcomes import Ending, Outcome, find_outcome
from logtriage.engines.local.signature import Rank
from logtriage.engines.local.text import JudgedText
from logtriage.engines.local.words import FoundWord, find_word
from logtriage.schema.category import Category
from logtriage.schema.record import NO_CONTEXT, Context, RecordView
from logtriage.schema.severity import Severity

DECISIVE_CONFIDENCE: Final = 0.7
VAGUE_CONFIDENCE: Final = 0.5
WORD_CONFIDENCE: Final = 0.45
UNKNOWN_CONFIDENCE: Final = 0.25
OUTCOME_ONLY_CONFIDENCE: Final = 0.6

_SOMETHING_FAILED: Final = re.compile(
    rb"\b(?:failed|failure|fails|lost|unable to|could not|couldn't|cannot|can't|aborted|rolled back)\b"
    rb"|\b(?:dropped|declined|rejected)\b"
    rb"|\bnot (?:saved|sent|stored|committed|written|delivered|completed|processed|persisted|flushed)\b"
)
"""Words for an operation that was given up, whatever the cause."""

_NETWORK: Final = (Category.TRANSIENT_NETWORK, Category.UPSTREAM_OUTAGE)


def decide(matcher: SignatureMatcher, text: JudgedText, record: RecordView, context: Context = NO_CONTEXT) -> Finding:
    """Apply the rules to one record."""
    root = text.lowered.rfind(b"caused by: ")
    matches = sorted(matcher.matches(text.lowered), key=lambda match: _weight(match, root), reverse=True)
    if matches and matches[0].signature.rank > Rank.SYMPTOM:
        finding = _of_signature(matches[0])
    else:
        finding = _of_code_or_class(text, record) or (_of_signature(matches[0]) if matches else _of_words(text, record))
    outcome = find_outcome(text.lowered)
    if outcome is None:
        finding = _without_bare_lowering(finding, matches, text, record)
    return apply_context(apply_outcome(finding, outcome), text, record, context, matcher)


def _without_bare_lowering(
    finding: Finding, matches: list[SignatureMatch], text: JudgedText, record: RecordView
) -> Finding:
    """Keep a record urgent that nothing but a cause speaks for: "charge failed: read timed out" is no blip.

    A code or an exception class is no named condition: it lowers only if it is known as harmless. That, and a cause in
    general words (a reset, a time-out), lowers only where the record does not say that something failed by it.
    """
    if finding.is_actionable:
        return finding
    says_failed = _SOMETHING_FAILED.search(text.lowered) is not None
    if finding.name.startswith(("code.", "class.")) and (says_failed or not finding.is_named_noise):
        said = "A code or class alone does not make it harmless."
    elif (
        matches
        and finding.name == matches[0].signature.name
        and matches[0].signature.rank <= Rank.CAUSE
        and not finding.is_named_noise
        and says_failed
    ):
        said = "The record says that something failed by it, and not that it was made good."
    else:
        return finding
    return replace(
        finding,
        category=Category.TRANSIENT_NETWORK if finding.category is Category.NOISE else finding.category,
        severity=_most_urgent(_most_urgent(finding.severity, Severity.ERROR), record.level),
        is_actionable=True,
        steps=(*finding.steps[:-1], said, "Somebody has to act."),
        lowering_spans=(),
        is_named_noise=False,
    )


def _weight(match: SignatureMatch, root: int) -> tuple[int, bool, float, int]:
    signature = match.signature
    is_at_root = 0 <= root <= match.span[0]
    rank = Rank.SPECIFIC if is_at_root and signature.rank is Rank.CAUSE else signature.rank
    return rank, is_at_root, signature.confidence, match.span[1] - match.span[0]


def _of_signature(match: SignatureMatch) -> Finding:
    signature = match.signature
    is_noise = signature.category is Category.NOISE
    return Finding(
        name=signature.name,
        category=signature.category,
        severity=signature.severity,
        is_actionable=signature.is_actionable,
        confidence=signature.confidence,
        action=signature.action,
        steps=(
            f"The record matches the signature `{signature.name}`.",
            signature.reason,
            "Known harmless: nobody needs to act."
            if is_noise
            else "Somebody has to act."
            if signature.is_actionable
            else "Nobody needs to act on a single one.",
        ),
        spans=(match.span,),
        lowering_spans=() if signature.is_actionable else (match.span,),
        is_network=signature.yields_to_outcome,
        is_named_noise=is_noise,
        is_symptom=signature.rank is Rank.SYMPTOM,
        is_damage=signature.rank is Rank.CRITICAL,
    )


def _of_code_or_class(text: JudgedText, record: RecordView) -> Finding | None:
    code = find_code(text.lowered, record.attributes)
    if code is not None and code.meaning.is_decisive:
        return _of_code(code, record)
    found = find_class(text)
    if found is not None and found.meaning.is_decisive:
        return _of_class(found, record)
    if code is None and found is None:
        return None
    vague = _of_code(code, record) if code is not None else _of_class(found, record) if found is not None else None
    word = find_word(text.lowered)
    if vague is not None and vague.category is Category.CODE_BUG and word is not None:
        return _led_by_word(vague, word)
    return vague


def _of_code(code: FoundCode, record: RecordView) -> Finding:
    return _of_meaning(
        code.meaning,
        record,
        name=f"code.{code.name}",
        steps=(f"The record carries the code `{code.name}`.",),
        confidence=DECISIVE_CONFIDENCE if code.meaning.is_decisive else VAGUE_CONFIDENCE,
        spans=(code.span,) if code.span is not None else (),
        attribute=code.attribute,
    )


def _of_class(found: FoundClass, record: RecordView) -> Finding:
    shown = f"the exception class `{found.name}`" if found.is_known else found.name
    return _of_meaning(
        found.meaning,
        record,
        name=f"class.{found.name}" if found.is_known else "class.unknown",
        steps=(f"The root of the exception chain is {shown}.",),
        confidence=DECISIVE_CONFIDENCE if found.meaning.is_decisive and found.is_known else VAGUE_CONFIDENCE,
        spans=(found.span,),
    )


def _led_by_word(vague: Finding, word: FoundWord) -> Finding:
    """A code or class that says only "it failed" takes the category that the words beside it lean to."""
    if word.category is Category.CODE_BUG:
        return vague
    return replace(
        vague,
        category=word.category,
        action=ACTION_OF[word.category],
        steps=(
            vague.steps[0],
            f"It says little; the words beside it lean to `{word.category}`.",
            "Somebody has to act.",
        ),
        spans=(word.span, *vague.spans),
        is_network=word.category in _NETWORK,
    )


def _of_meaning(
    meaning: Meaning,
    record: RecordView,
    *,
    name: str,
    steps: tuple[str, ...],
    confidence: float,
    spans: tuple[tuple[int, int], ...],
    attribute: bytes = b"",
) -> Finding:
    is_noise = meaning.category is Category.NOISE
    return Finding(
        name=name,
        category=meaning.category,
        severity=meaning.severity if not meaning.is_actionable else _most_urgent(meaning.severity, record.level),
        is_actionable=meaning.is_actionable,
        confidence=confidence,
        action=ACTION_OF[meaning.category],
        steps=(
            *steps,
            f"It stands for `{meaning.category}`.",
            "Somebody has to act." if meaning.is_actionable else "A single one needs no action.",
        ),
        spans=spans,
        lowering_spans=() if meaning.is_actionable else spans,
        attribute=attribute,
        is_network=meaning.category in _NETWORK,
        is_named_noise=is_noise,
        is_symptom=not meaning.is_decisive,
    )


def _of_words(text: JudgedText, record: RecordView) -> Finding:
    word = find_word(text.lowered)
    severity = record.level or Severity.ERROR
    if word is None:
        return Finding(
            name="",
            category=Category.CONFIG_ERROR,
            severity=severity,
            is_actionable=True,
            confidence=UNKNOWN_CONFIDENCE,
            action=UNKNOWN_ACTION,
            steps=("No signature, code, class or word of the table stands in the record.", "Unknown is not harmless."),
            is_symptom=True,
        )
    return Finding(
        name="",
        category=word.category,
        severity=severity,
        is_actionable=True,
        confidence=WORD_CONFIDENCE,
        action=ACTION_OF[word.category],
        steps=(
            "No signature, code or exception class of the table stands in the record.",
            f"Its general words lean to `{word.category}`.",
            "Unknown is not harmless.",
        ),
        spans=(word.span,),
        is_network=word.category in _NETWORK,
        is_symptom=True,
    )


def apply_outcome(finding: Finding, outcome: Outcome | None) -> Finding:
    """Let the way a try ended change a network failure; alone it speaks only where nothing else does.

    Giving up also ends what would be noise: nobody gives up on a thing that does not matter.
    """
    if outcome is None:
        return finding
    gave_up_on_noise = finding.is_named_noise and outcome.ending is Ending.GAVE_UP
    if not (finding.is_network or _is_unknown(finding) or gave_up_on_noise):
        return finding
    span = (outcome.start, outcome.end)
    match outcome.ending:
        case Ending.RECOVERED:
            step = "The record itself says that a later try succeeded: a blip that is over."
            return _lowered(finding, outcome.ending, span, step)
        case Ending.WILL_RETRY:
            step = "Tries are left: the software goes on by itself."
            return _lowered(finding, outcome.ending, span, step)
        case Ending.GAVE_UP:
            return replace(
                finding,
                name=finding.name or "outcome.gave_up",
                category=Category.UPSTREAM_OUTAGE,
                confidence=max(finding.confidence, WORD_CONFIDENCE),
                severity=_most_urgent(finding.severity, Severity.ERROR),
                is_actionable=True,
                action=ACTION_OF[Category.UPSTREAM_OUTAGE],
                steps=(
                    *finding.steps[:-1],
                    "The record itself says that no try is left: not a blip.",
                    "Somebody has to act.",
                ),
                spans=(*finding.spans, span),
                lowering_spans=(),
                is_named_noise=False,
            )


def _lowered(finding: Finding, ending: Ending, span: tuple[int, int], step: str) -> Finding:
    return replace(
        finding,
        name=finding.name or f"outcome.{ending}",
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=max(finding.confidence, OUTCOME_ONLY_CONFIDENCE),
        action="Nothing to do now; look into it if such blips become frequent.",
        steps=(*(finding.steps[:-1] if finding.is_network else ()), step, "Nobody needs to act on a single one."),
        spans=(*finding.spans, span),
        lowering_spans=(span,),
    )


def _is_unknown(finding: Finding) -> bool:
    return finding.name == "" and finding.confidence == UNKNOWN_CONFIDENCE


def _most_urgent(severity: Severity, level: Severity | None) -> Severity:
    return level if level is not None and severity.is_less_urgent_than(level) else severity
