"""Masks of numbers that measure or count: the figure goes, what decides of it stays as a class."""

from __future__ import annotations

from logtriage.verdicts.mask_entry import MARK_AHEAD, NAME_NUMBER_END, NUMBER_AHEAD, NUMBER_END, WORD_END, Mask, behind
from logtriage.verdicts.measure_classes import (
    attempt,
    compared,
    deadline,
    decimal,
    fraction,
    iso_duration,
    last_number,
    percent,
    percent_left,
    quantity,
    scored,
    timers,
    usage,
)

_UNIT = (
    rb"(?:\s?(?i:ns|us|\xc2\xb5s|ms|msecs?|millis|s|secs?|seconds?|milliseconds?|microseconds?|nanoseconds?|mins?|minutes?|hrs?|hours?"
    rb"|days?|weeks?|b|bytes?|kb|mb|gb|tb|kib|mib|gib|tib|ki|mi|gi|ti|kbps|mbps|qps|rps|ops|hz)|[mhdwkKMGT])"
)
_COUNTED = (
    rb"(?i:rows?|records?|messages?|items?|files?|objects?|entries|events?|connections?|clients?|threads?|tasks?|jobs?"
    rb"|users?|orders?|keys?|documents?|docs?|segments?|partitions?|shards?|packets?|blocks?|tokens?|characters|chars"
    rb"|lines?|times|elements?|samples?|spans?|series|metrics|sessions?|hosts?|nodes?|workers?|processes|consumers?|replicas?|pods?"
    rb"|containers?|instances?|accounts?|customers?|queries|transactions?|locks?|chunks?|peers?|members?|tables?|batches)"
)
_LIKE_STATUS = rb"(?i:errors?|pages?|requests?|responses?|replies|failures|warnings?|retries|attempts)"
_SIZE_UNIT = rb"(?:\s?(?i:kib|mib|gib|tib|kb|mb|gb|tb|ki|mi|gi|ti|bytes|b)|[kKMGT])(?![A-Za-z0-9_])"
_SIZE = rb"[0-9]{1,15}(?:\.[0-9]{1,9})?" + _SIZE_UNIT
_AMOUNT = rb"[0-9]{1,15}(?:\.[0-9]{1,9})?(?:" + _SIZE_UNIT + rb")?"
_USED = (
    rb"(?i:used|using|usage|current|currently|allocated|active|open|depth|requested|consumed|rss)"
    rb"(?:\s(?i:memory|files|connections|descriptors|sessions|threads|size))?"
)
_LIMIT = rb"(?i:limit|max|maximum|capacity|quota|allowed|total|threshold|budget)"
_WANTS = rb"(?i:expected|expects|expecting|wants?|wanted|requires?|required|needs)"
_HAS = rb"(?i:got|found|received|actual|speaks|supports|instead\sof)"
_NOUN = (
    rb"(?i:version|schema|protocol|columns?|rows?|fields?|bytes?|type|arguments?|args|parameters|values|elements|length"
    rb"|size)"
)
_GLUE = rb"(?i:but|and|code|server|client|broker|database|peer)"
_TRY = rb"(?i:attempts?|retry|retries|try|tries)"

MEASURES: tuple[Mask, ...] = (
    Mask(
        name="usage",
        first=rb"A-Za-z0-9",
        pattern=rb"(?:(?=[A-Za-z])(?:"
        + _USED
        + rb"[\s:=]{1,2}"
        + _AMOUNT
        + rb"[,;]?\s\(?"
        + _LIMIT
        + rb"[\s:=]{1,2}"
        + _AMOUNT
        + rb"|"
        + _LIMIT
        + rb"[\s:=]{1,2}"
        + _AMOUNT
        + rb"[,;]?\s\(?"
        + _USED
        + rb"[\s:=]{1,2}"
        + _AMOUNT
        + rb")|"
        + _SIZE
        + rb"(?:\sof\s|\s?/\s?)"
        + _SIZE
        + rb")"
        + NUMBER_END,
        reason="how near to the limit decides, not how much",
        replacement=usage,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="compared",
        first=rb"A-Za-z0-9",
        pattern=rb"(?:(?=[A-Za-z])(?:"
        + _WANTS
        + rb"|"
        + _HAS
        + rb")\s(?:"
        + _NOUN
        + rb"\s)?)?v?(?>[0-9]{1,9})(?:\s"
        + _NOUN
        + rb")?(?:\s"
        + _WANTS
        + rb")?[,;]?\s(?:"
        + _GLUE
        + rb"\s){0,2}(?:"
        + _WANTS
        + rb"|"
        + _HAS
        + rb")\s(?:"
        + _NOUN
        + rb"\s)?v?[0-9]{1,9}"
        + NUMBER_END,
        reason="whether the two are the same decides: drift is when they are not",
        replacement=compared,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="attempt",
        first=rb"aArRtT",
        pattern=_TRY
        + rb"[\s:=#(]{1,3}[0-9]{1,6}(?:\s?/\s?|\s(?:of|out\sof)\s|,?\s\(?"
        + rb"(?i:max|maximum|limit|max_attempts|max_retries|maxattempts|maxretries)[\s:=]{1,2})[0-9]{1,6}"
        + WORD_END,
        reason="only the last of n attempts is a failure",
        replacement=attempt,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="attempts_left",
        first=rb"aArRtT",
        pattern=rb"(?:"
        + _TRY
        + rb"\s(?i:left|remaining)|(?i:remaining)\s"
        + _TRY
        + rb")[\s:=]{1,2}[0-9]{1,6}"
        + NUMBER_END,
        reason="none left is a failure, some left is not",
        replacement=last_number,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="attempt_alone",
        first=rb"aArRtT",
        pattern=rb"(?i:attempt|retry|try)\s#?[0-9]{1,6}" + NAME_NUMBER_END,
        reason="a count without an end: the outcome words beside it decide",
        replacement=last_number,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="timers",
        first=rb"0-9",
        pattern=rb"(?<!/)[0-9]{1,9}(?:/[+-]?[0-9]{1,9}){3,5}(?![A-Za-z0-9_/])",
        reason="HAProxy's times: only that one is -1 tells in which phase it ended",
        replacement=timers,
    ),
    Mask(
        name="fraction",
        first=rb"0-9",
        pattern=rb"(?<![/.:-])[0-9]{1,9}(?:\s?/\s?|\s(?:of|out\sof)\s)[0-9]{1,9}(?![A-Za-z0-9_]|[/.:-][0-9A-Za-z-])",
        reason="none, some or all of n",
        replacement=fraction,
    ),
    Mask(
        name="iso_duration",
        first=rb"P",
        pattern=rb"P(?:[0-9]{1,6}D(?:T(?:[0-9]{1,6}(?:\.[0-9]{1,9})?[HMS]){1,3})?|T(?:[0-9]{1,6}(?:\.[0-9]{1,9})?[HMS]){1,3})"
        + WORD_END,
        reason="how long, as ISO 8601 writes it; the largest unit and zero stay",
        replacement=iso_duration,
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="percent_left",
        first=rb"0-9",
        pattern=rb"(?=[0-9]{1,3}(?:\.[0-9]{1,6})?\s?%)(?:"
        + behind(
            rb"free|available|remaining|left|battery|headroom|free\sspace|space\sleft", rb"\s|:\s|=|:|\sis\s|\sat\s"
        )
        + rb"[0-9]{1,3}(?:\.[0-9]{1,6})?\s?%|[0-9]{1,3}(?:\.[0-9]{1,6})?\s?%(?=\s(?:(?:of\s)?(?:the\s)?"
        + rb"(?:disk|memory|space|capacity|storage|headroom|battery|quota|inodes|heap)\s)?(?:is\s|are\s)?"
        + rb"(?i:free|available|remaining|remains|left)(?![A-Za-z0-9_])))",
        reason="of what is left the little decides, of what is used the much",
        replacement=percent_left,
    ),
    Mask(
        name="percent",
        first=rb"0-9",
        pattern=rb"[0-9]{1,3}(?:\.[0-9]{1,6})?\s?%",
        reason="a band of usage, not the figure",
        replacement=percent,
    ),
    Mask(
        name="duration",
        first=rb"0-9",
        pattern=rb"(?:[0-9]{1,6}(?:\.[0-9]{1,9})?(?:h|m|s|ms|us|ns|d)){2,4}" + WORD_END,
        reason="how long; `1m12s` as Go writes it",
        replacement=b"<duration>",
    ),
    Mask(
        name="deadline",
        first=rb"0-9",
        pattern=rb"(?=[0-9]{1,6}\s?(?i:days?|d)"
        + WORD_END
        + rb")"
        + behind(rb"expires|expire|expiring|due|expiry|renewal|valid", rb"\sin\s|\sfor\s|\swithin\s")
        + rb"[0-9]{1,6}\s?(?i:days?|d)",
        reason="whether it is today, this week or later decides",
        replacement=deadline,
    ),
    Mask(
        name="quantity",
        first=rb"0-9",
        pattern=rb"(?>[0-9]{1,15}(?:\.[0-9]{1,9})?)(?=\s?[A-Za-z\xc2])(?:"
        + _UNIT
        + rb"|\s"
        + _COUNTED
        + rb")"
        + WORD_END
        + rb"(?!=)",
        reason="how much; unit and zero stay",
        replacement=quantity,
    ),
    Mask(
        name="quantity_like_status",
        first=rb"0-9",
        pattern=rb"(?:[0-9]{1,2}|[0-9]{4,15})\s" + _LIKE_STATUS + WORD_END,
        reason="how many, but for three digits, which may be a status; zero stays",
        replacement=quantity,
    ),
    Mask(
        name="measure_key",
        first=rb"A-Za-z",
        pattern=rb"(?:[A-Za-z_.-]{0,32}_(?i:ms|us|ns|s|sec|secs|seconds|millis|bytes|kb|mb|len|size)"
        + rb"|[A-Za-z]{1,32}(?:Ms|Millis|Seconds|Bytes)|"
        + rb"(?i:took|elapsed|duration|latency|size|length|content-length|bytes|lag|backlog|waited|delay"
        + rb"|age|uptime|offset|count|pending|queued|waiting|idle|response_time|qps|rps|tps|iops|rt|ts|timestamp|time))"
        + rb"(?:=|:\s?|\s=\s)[0-9]{1,20}(?:\.[0-9]{1,9})?"
        + NUMBER_END,
        reason="how much, behind a key that says so; zero stays",
        replacement=last_number,
        ahead=NUMBER_AHEAD,
    ),
    Mask(
        name="depth",
        first=rb"0-9",
        pattern=rb"(?=[0-9]{2,15}"
        + NAME_NUMBER_END
        + rb")(?:(?<=[hgesftdHGESFTD][\s=:])|(?<=:\s))"
        + behind(rb"depth|backlog|lag|queue\ssize|queue\slength", rb"\s|=|:|:\s|\sis\s|\sof\s|\sat\s|\sreached\s")
        + rb"[0-9]{2,15}",
        reason="how much waits; one digit may be the depth of a certificate",
        replacement=b"<n>",
    ),
    Mask(
        name="access_size",
        first=rb"0-9",
        pattern=rb"(?<=\"\s[0-9]{3}\s)[0-9]{1,12}" + WORD_END,
        reason="bytes sent, behind the status in an access log",
        replacement=b"<n>",
    ),
    Mask(
        name="access_time",
        first=rb"0-9",
        pattern=rb"(?<=\"\s)[0-9]{1,6}\.[0-9]{3}" + WORD_END,
        reason="seconds taken, at the end of an access log",
        replacement=b"<n>",
    ),
    Mask(
        name="scored",
        first=rb"0-9",
        pattern=rb"(?=[0-9]{1,9}\.[0-9]{1,9}(?![A-Za-z0-9_.%-]))(?:"
        + behind(rb"score|value|avg|average|mean|load|rate|latency|stddev|median", rb"\s|=|:|:\s|\sis\s|\sof\s|\swas\s")
        + rb"[0-9]{1,9}\.[0-9]{1,9}|[0-9]{1,9}\.[0-9]{1,9}"
        + rb"(?=\s(?:is\s|was\s)?(?:above|below|over|under|exceeds|exceeded)(?![A-Za-z0-9_])"
        + rb"(?!\s(?:the\s)?(?:minimum|required|supported))))",
        reason="a measured value, not a version; a share keeps its band",
        replacement=scored,
    ),
    Mask(
        name="decimal",
        first=rb"0-9",
        pattern=rb"(?<![/.-])[0-9]{1,4}\.[0-9]{1,9}(?![A-Za-z0-9_.%-])",
        reason="a share keeps its band; what may be a version stays",
        replacement=decimal,
    ),
)
