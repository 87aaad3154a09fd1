"""Read how a try ended, from the record itself: it succeeded, it will be tried again, or nobody tries any more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Ending(StrEnum):
    """How the last try that a record speaks of ended."""

    RECOVERED = "recovered"
    WILL_RETRY = "will_retry"
    GAVE_UP = "gave_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """An ending and the span of lower-cased text that says so."""

    ending: Ending
    start: int
    end: int


_TRY: Final = (
    rb"(?:retry|retries|retried|re-?attempt|attempts?|tries|try|reconnect(?:ion|ing)?|failover|fail-over|recovery)"
)
_WELL: Final = rb"(?:succeeded|succeeds|successful|successfully|success|worked|completed ok|was ok|recovered)"

_RECOVERED: Final = re.compile(
    rb"\b" + _TRY + rb"\b[^.,;\n]{0,40}\b" + _WELL + rb"\b"
    rb"|\b(?:succeeded|success|successful|ok|recovered|reconnected|connected|delivered|completed) "
    rb"(?:on|after|at|with|in) (?:the )?(?:#?\d{1,4}(?:st|nd|rd|th)? |an? |one |two |second |third |next |last )?"
    rb"(?:retry|retries|attempts?|tries|try|reconnects?|backoff|failover)\b"
    rb"|\b(?:connection|link|session|channel|stream|subscription)s? [^.,;\n]{0,30}"
    rb"\b(?:re-?established|restored|recovered)\b"
    rb"|\bsuccessfully (?:re-?connected|re-?established|recovered|retried|failed over|re-?joined)\b"
    rb"|\b(?:re-?connected|recovered) (?:after|in|on|from|to|with|automatically|successfully)\b"
    rb"|\bre-?connected\b(?=[^\w ]|$)"
    rb"|\b(?:back online|up again|reachable again|available again|healthy again|connected again)\b"
)
"""Words for a try that ended well."""
_RECOVERY_WORDS: Final = (
    *(b"succe", b"connected", b"recover", b"establish", b"restored", b"again", b"online", b"worked"),
    *(b" ok", b"ok ", b"deliver", b"complet"),
)

_DENIED_BEFORE: Final = re.compile(
    rb"\b(?:not|never|no|none|nor|neither|cannot|can't|couldn't|didn't|hasn't|haven't|wasn't|isn't|won't|without|until"
    rb"|till|unless|if|when|once|whether|will|would|should|could|might|may|must|waiting|wait|hoping|expected|expects"
    rb"|before|(?:failed|fails|failing|unable) to|zero|0|0 of \d{1,4}|0/\d{1,4})\b[^.;,\n]{0,24}\Z"
)
_DENIED_INSIDE: Final = re.compile(
    rb"\b(?:not|never|no|none|cannot|can't|couldn't|didn't|hasn't|wasn't|without|until|unless|if|will|would|should|may"
    rb"|might|fail|fails|failed|failure|failing|unable|error|zero|lost|0 succeeded|0 successful|0 successes)\b"
)
_DENIED_AFTER: Final = re.compile(
    rb"[\"']?\s{0,3}[:=?]\s{0,3}[\"']?(?:false|no|0|nil|null|none|never)\b"
    rb"|[^\n]{0,40}\b(?:but|however|then|yet|before|although)\b[^\n]{0,60}"
    rb"\b(?:fail|failed|failing|lost|reset|refused|error|timed out|dropped|again|down)\b"
)

_GAVE_UP: Final = re.compile(
    rb"\b(?:giving|give|gives|given|gave) up\b"
    rb"|\babandon(?:ed|ing)\b"
    rb"|\b(?:retries|retry|attempts|tries|retry attempts|retry budget|retry count)(?: are| is| were"
    rb"| was| have been| limit)?"
    rb" (?:exhausted|exceeded|used up|reached)\b(?! with url)"
    rb"|\bexhausted (?:all |the |its |our |max |maximum )?(?:\d{1,4} )?(?:retries|retry|attempts|tries)\b"
    rb"|\bmax(?:imum)?[ _-]?(?:number of |amount of )?(?:connection |connect |retry |reconnect |reconnection )?"
    rb"(?:retries|retry|attempts|tries|reconnects)[^\n]{0,24}\b(?:exceeded|reached|exhausted|hit)\b(?! with url)"
    rb"|\b(?:no more|no) (?:retries|retry|attempts|tries)\b"
    rb"|\b(?:retries|attempts|tries)(?: left| remaining)[\"']?\s?[:=]?\s?0\b"
    rb"|\b(?:remaining|left) (?:retries|attempts|tries)[\"']?\s?[:=]\s?0\b"
    rb"|\b0 (?:retries|attempts|tries|retry attempts) (?:left|remaining)\b"
    rb"|\ball (?:of the )?(?:\d{1,4} )?(?:retries|attempts|tries|retry attempts)[^\n]{0,16}\bfailed\b"
    rb"|\b(?:failed|failing|failure|unsuccessful|error|timed out|aborted|gave up)\b[^,;\n]{0,60}"
    rb"(?:, )?\bafter(?: all)? (?:(?:\d{1,5}|several|multiple) (?:failed |unsuccessful |retry |connection )?"
    rb"(?:retries|retry|attempts?|tries|times)\b|attempts[=:] ?\d{1,4})"
    rb"|\b(?:will not|won't|not|never) (?:be )?(?:retry|retrying|retried|reconnect|reconnecting|trying again)\b"
    rb"|\bafter (?:the )?max(?:imum)? (?:number of )?(?:retries|attempts|tries)\b|\b(?:cannot|can't) be retried\b"
    rb"|\bretryable[\"']?\s?[:=]\s?[\"']?false\b"
)
_GAVE_UP_WORDS: Final = (
    b" up",
    b"exhaust",
    b"exceed",
    b"reach",
    b"no more",
    b" after",
    b"retr",
    b"tries",
    b"attempt",
    b"abandon",
)
_NOT_GIVEN_UP: Final = re.compile(rb"\b(?:not|never|before|without|until|to|will|would|don't) \Z")

_WILL_RETRY: Final = re.compile(
    rb"\b(?:will|going to|shall) (?:be )?(?:retry|retried|try again|reconnect|re-connect"
    rb"|attempt to reconnect|be retried)\b"
    rb"|\b(?:retrying|re-trying|reconnecting|re-connecting|trying again|trying to re-?connect"
    rb"|trying to re-?establish)\b"
    rb"|\b(?:retry|retries|next retry|next attempt|next try|reconnect|try again|backoff|backing off)"
    rb" (?:in|after|for|at) (?:\d|a few|some)"
    rb"|\bbacking off\b"
    rb"|\bretry-time\b"
    rb"|\b(?:next_?retry(?:_time)?|retry_?(?:in|after|at|millis|ms|secs?|delay|interval"
    rb"|backoff))[\"']?\s?[:=]\s?[\"']?\d"
    rb"|\bretryable[\"']?\s?[:=]\s?[\"']?true\b"
)
_WILL_RETRY_WORDS: Final = (b"retr", b"again", b"reconnect", b"re-", b"back", b"next ")
_DENIED_RETRY: Final = re.compile(rb"\b(?:not|never|no|without|stop|stopped|instead of|before|cannot|can't|won't) \Z")

_ATTEMPT: Final = re.compile(
    rb"\b(?:attempts?|retry|retries|try|tries)[ #:=(\[]{0,3}(\d{1,4})\s?(?:/|of|out of)\s?(\d{1,4})\b"
    rb"|\((\d{1,4})/(\d{1,4}) (?:attempts|retries|tries)\)"
)
_ATTEMPT_WORDS: Final = (b"attempt", b"retr", b"tries", b"try")
_MAX_LOOKS: Final = 24
_LOOK_BACK_BYTES: Final = 48


def find_outcome(lowered: bytes) -> Outcome | None:
    """Give the ending that weighs most: giving up, then a success, then the last of n attempts, then a further try."""
    return _gave_up(lowered) or _recovered(lowered) or _counted_attempt(lowered) or _will_retry(lowered)


def _gave_up(lowered: bytes) -> Outcome | None:
    if not any(map(lowered.__contains__, _GAVE_UP_WORDS)):
        return None
    at = 0
    for _ in range(_MAX_LOOKS):
        match = _GAVE_UP.search(lowered, at)
        if match is None:
            return None
        denied = _NOT_GIVEN_UP.search(lowered, max(0, match.start() - _LOOK_BACK_BYTES), match.start())
        if denied is None or match.group().startswith((b"no ", b"not ", b"will not", b"never")):
            return Outcome(ending=Ending.GAVE_UP, start=match.start(), end=match.end())
        at = match.start() + 1
    return None


def _recovered(lowered: bytes) -> Outcome | None:
    if not any(map(lowered.__contains__, _RECOVERY_WORDS)):
        return None
    at = 0
    for _ in range(_MAX_LOOKS):
        match = _RECOVERED.search(lowered, at)
        if match is None:
            return None
        if not _is_denied(lowered, match.start(), match.end()):
            return Outcome(ending=Ending.RECOVERED, start=match.start(), end=match.end())
        at = match.start() + 1
    return None


def _is_denied(lowered: bytes, start: int, end: int) -> bool:
    return (
        _DENIED_INSIDE.search(lowered, start, end) is not None
        or _DENIED_BEFORE.search(lowered, max(0, start - _LOOK_BACK_BYTES), start) is not None
        or _DENIED_AFTER.match(lowered, end) is not None
    )


def _counted_attempt(lowered: bytes) -> Outcome | None:
    if not any(map(lowered.__contains__, _ATTEMPT_WORDS)):
        return None
    last = None
    for look, match in enumerate(_ATTEMPT.finditer(lowered)):
        last = match
        if look >= _MAX_LOOKS:
            break
    if last is None:
        return None
    number, total = (int(group) for group in last.groups() if group is not None)
    ending = Ending.GAVE_UP if number >= total else Ending.WILL_RETRY
    return Outcome(ending=ending, start=last.start(), end=last.end())


def _will_retry(lowered: bytes) -> Outcome | None:
    if not any(map(lowered.__contains__, _WILL_RETRY_WORDS)):
        return None
    at = 0
    for _ in range(_MAX_LOOKS):
        match = _WILL_RETRY.search(lowered, at)
        if match is None:
            return None
        if _DENIED_RETRY.search(lowered, max(0, match.start() - _LOOK_BACK_BYTES), match.start()) is None:
            return Outcome(ending=Ending.WILL_RETRY, start=match.start(), end=match.end())
        at = match.start() + 1
    return None
