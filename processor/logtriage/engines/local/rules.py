"""How matches are put together: the rules of the engine, in one place.

1. The most specific named signature decides: by `Rank` (damage, one software's condition, a cause), then by
   confidence, then by the length of the match. Behind the last "Caused by" a cause counts as much as a specific
   condition, and goes before what stands outside. A symptom ("failed to start") waits for rule 4.
2. Else the most telling code: attributes before text, decisive ones before vague ones (HTTP 500, exit code 1).
3. Else the exception class nearest the root of its chain. A vague code or class gives way to a decisive one, and
   takes its category from the words beside it where they lean to another than `code_bug`.
4. Else the best symptom. Else the category that most general words lean to, with all words together as a second voice
   (`fallback.py`); else that second voice alone. Neither says noise.
5. Then what the record says of itself: an operation that failed keeps it urgent (`urgency.py`), the way a try ended
   changes network trouble and nothing else (`endings.py`), a named harmless circumstance lowers (`circumstances.py`).
   What calls itself WARN or less, and in which no name says more, stays what it calls itself.
6. The lines around the record, where they are known, then speak (`context.py`).

Raw confidence: a named signature 0.8 to 0.95, a code or a known class 0.7, a vague one 0.5, a symptom as the table
says, general words 0.5, nothing 0.25; the report carries the calibrated one (`calibration.py`). Only a named signature,
a code or class known as harmless, an outcome word or a named circumstance lowers; unknown is not harmless.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from logtriage.engines.local.actions import ACTION_OF, UNKNOWN_ACTION
from logtriage.engines.local.circumstances import apply_circumstance
from logtriage.engines.local.code_search import FoundCode, find_code
from logtriage.engines.local.context import apply_context
from logtriage.engines.local.endings import apply_outcome
from logtriage.engines.local.exception_search import FoundClass, find_class
from logtriage.engines.local.fallback import guess
from logtriage.engines.local.finding import Finding, Meaning, Source, Span, most_urgent
from logtriage.engines.local.matcher import SignatureMatch, SignatureMatcher
from logtriage.engines.local.outcomes import find_outcome
from logtriage.engines.local.phrases import find_phrases
from logtriage.engines.local.signature import Rank
from logtriage.engines.local.text import JudgedText
from logtriage.engines.local.urgency import at_its_level, kept_urgent, with_severity
from logtriage.engines.local.words import find_word
from logtriage.schema.category import Category
from logtriage.schema.record import NO_CONTEXT, Context, RecordView
from logtriage.schema.severity import Severity

DECISIVE_CONFIDENCE: Final = 0.7
VAGUE_CONFIDENCE: Final = 0.5
WORD_CONFIDENCE: Final = 0.5
UNKNOWN_CONFIDENCE: Final = 0.25

_SOURCE_OF: Final = {
    Rank.CRITICAL: Source.DAMAGE,
    Rank.SPECIFIC: Source.SPECIFIC,
    Rank.CAUSE: Source.CAUSE,
    Rank.SYMPTOM: Source.SYMPTOM,
}
_NETWORK: Final = (Category.TRANSIENT_NETWORK, Category.UPSTREAM_OUTAGE)


def decide(matcher: SignatureMatcher, text: JudgedText, record: RecordView, context: Context = NO_CONTEXT) -> Finding:
    """Apply the rules to one record."""
    root = text.lowered.rfind(b"caused by: ")
    matches = sorted(matcher.matches(text.lowered, text.groups), key=lambda match: _weight(match, root), reverse=True)
    if matches and matches[0].signature.rank > Rank.SYMPTOM:
        finding = _of_signature(matches[0])
    else:
        finding = _of_code_or_class(text, record) or (_of_signature(matches[0]) if matches else _of_words(text, record))
    outcome = find_outcome(text.lowered)
    finding = kept_urgent(finding, text, record, outcome)
    finding = apply_circumstance(apply_outcome(finding, outcome), text, outcome)
    finding = at_its_level(finding, text, record, outcome)
    return with_severity(apply_context(finding, text, record, context, matcher), text, record)


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
        source=_SOURCE_OF[signature.rank],
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
    if vague is None or vague.category is not Category.CODE_BUG:
        return vague
    word = find_word(text.lowered, text.groups)
    votes = find_phrases(text.lowered, text.groups)
    guessed = guess(text.original, word.category if word is not None else None, votes)
    if guessed.category in votes:
        return _led_to(vague, guessed.category, votes[guessed.category].span)
    return _led_to(vague, word.category, word.span) if word is not None else vague


def _of_code(code: FoundCode, record: RecordView) -> Finding:
    return _of_meaning(
        code.meaning,
        record,
        name=f"code.{code.name}",
        source=Source.CODE if code.meaning.is_decisive else Source.VAGUE,
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
        source=Source.CLASS if found.meaning.is_decisive and found.is_known else Source.VAGUE,
        steps=(f"The root of the exception chain is {shown}.",),
        confidence=DECISIVE_CONFIDENCE if found.meaning.is_decisive and found.is_known else VAGUE_CONFIDENCE,
        spans=(found.span,),
    )


def _led_to(vague: Finding, category: Category, span: Span) -> Finding:
    """A code or class that says only "it failed" takes the category that the words beside it lean to."""
    if category is Category.CODE_BUG:
        return vague
    return replace(
        vague,
        category=category,
        action=ACTION_OF[category],
        steps=(
            vague.steps[0],
            f"It says little; the words beside it lean to `{category}`.",
            "Somebody has to act.",
        ),
        spans=(span, *vague.spans),
        is_network=category in _NETWORK,
    )


def _of_meaning(
    meaning: Meaning,
    record: RecordView,
    *,
    name: str,
    source: Source,
    steps: tuple[str, ...],
    confidence: float,
    spans: tuple[tuple[int, int], ...],
    attribute: bytes = b"",
) -> Finding:
    is_noise = meaning.category is Category.NOISE
    return Finding(
        name=name,
        source=source,
        category=meaning.category,
        severity=meaning.severity if not meaning.is_actionable else most_urgent(meaning.severity, record.level),
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
    word = find_word(text.lowered, text.groups)
    votes = find_phrases(text.lowered, text.groups)
    guessed = guess(text.original, word.category if word is not None else None, votes)
    is_led = word is not None and guessed.category is word.category
    is_voted = guessed.category in votes
    is_known = word is not None or is_voted
    if is_led or is_voted:
        said = f"No signature, code or class of the table stands in it; its wording leans to `{guessed.category}`."
    elif word is None:
        said = f"No signature, code, class or word of the table stands in it; most like it is `{guessed.category}`."
    else:
        said = f"Its general words lean to `{word.category}`, but all its words together more to `{guessed.category}`."
    span = word.span if word is not None and is_led and not is_voted else guessed.span
    return Finding(
        name="",
        source=Source.WORD if is_known else Source.UNKNOWN,
        category=guessed.category,
        severity=record.level or Severity.ERROR,
        is_actionable=True,
        confidence=WORD_CONFIDENCE if is_known else UNKNOWN_CONFIDENCE,
        action=ACTION_OF[guessed.category] if is_known else UNKNOWN_ACTION,
        steps=(said, "Unknown is not harmless."),
        spans=(span,) if span is not None else (),
        is_network=is_known and guessed.category in _NETWORK,
        is_symptom=True,
    )
