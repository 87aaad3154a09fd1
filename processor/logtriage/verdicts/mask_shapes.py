"""Masks of what shows by its shape alone that it names one thing or one moment: times, addresses, identifiers."""

from __future__ import annotations

from logtriage.verdicts.mask_classes import address_class, numeric_date, path, url
from logtriage.verdicts.mask_entry import MARK_AHEAD, WORD_END, Mask

_WEEKDAY = rb"(?:(?:Monday|Mon|Tuesday|Tue|Wednesday|Wed|Thursday|Thu|Friday|Fri|Saturday|Sat|Sunday|Sun),?\s)?"
_MONTH = (
    rb"(?:January|Jan|February|Feb|March|Mar|April|Apr|May|June?|July?|August|Aug|September|Sept?|October|Oct"
    rb"|November|Nov|December|Dec)"
)
_CLOCK = (
    rb"(?:[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?:\s?(?:AM|PM|am|pm|a\.m\.|p\.m\.))?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
    rb"|[0-9]{1,2}:[0-9]{2}\s?(?:AM|PM|am|pm|a\.m\.|p\.m\.))"
)

SHAPES: tuple[Mask, ...] = (
    Mask(
        name="ansi",
        first=rb"\x1b",
        pattern=rb"\x1b\[[0-9;]{0,16}[A-Za-z]",
        reason="terminal colours say nothing",
        replacement=b"",
    ),
    Mask(
        name="url",
        first=rb"A-Za-z",
        pattern=rb"[A-Za-z](?>[A-Za-z0-9+.-]{1,15})://[^\s\"'<>\\]{1,2048}",
        reason="path and query name one thing; scheme and host name the peer and stay",
        replacement=url,
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="email",
        first=rb"A-Za-z0-9",
        pattern=rb"(?>[A-Za-z0-9._%+-]{1,64})@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}",
        reason="names one person",
        replacement=b"<email>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="uuid",
        first=rb"0-9a-fA-F",
        pattern=rb"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}" + WORD_END,
        reason="RFC 9562 identifier",
        replacement=b"<uuid>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="traceparent",
        first=rb"0-9a-f",
        pattern=rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}" + WORD_END,
        reason="W3C trace context names one request",
        replacement=b"<traceparent>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="jwt",
        first=rb"e",
        pattern=rb"eyJ[A-Za-z0-9_-]{5,2048}\.[A-Za-z0-9_-]{2,2048}(?:\.[A-Za-z0-9_-]{0,2048})?",
        reason="a token of one caller",
        replacement=b"<jwt>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="compact_time",
        first=rb"0-9",
        pattern=rb"[0-9]{8}T[0-9]{6}(?:[.,][0-9]{1,9})?Z?" + WORD_END,
        reason="when, not what",
        replacement=b"<time>",
    ),
    Mask(
        name="dated_path",
        first=rb"0-9",
        pattern=rb"[0-9]{4}/[0-9]{2}/[0-9]{2}(?:/[A-Za-z0-9_.@+~%=-]{1,255}){1,20}",
        reason="an object's key by date",
        replacement=path,
    ),
    Mask(
        name="iso_time",
        first=rb"0-9",
        pattern=rb"[0-9]{4}[-/.][0-9]{2}[-/.][0-9]{2}(?:-[0-9]{2}\.[0-9]{2}\.[0-9]{2}(?:\.[0-9]{1,9})?|[T\s_][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?"
        + rb"(?:\s?(?:Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?)?"
        + WORD_END,
        reason="when, not what",
        replacement=b"<time>",
    ),
    Mask(
        name="text_date",
        first=rb"0-9MTWFSJADNO",
        pattern=_WEEKDAY
        + rb"(?:[0-9]{1,2}(?:st|nd|rd|th)?[\s/-]"
        + _MONTH
        + rb"|"
        + _MONTH
        + rb"\s{1,2}[0-9]{1,2}(?:st|nd|rd|th)?)"
        + rb"(?:,?[\s/-][0-9]{4})?(?:(?:,?\sat\s|,\s|[\s:]{1,2})"
        + _CLOCK
        + rb")?(?:\s[0-9]{4})?(?:\s(?:UTC|GMT|[+-][0-9]{4}))?"
        + WORD_END,
        reason="when, not what",
        replacement=b"<time>",
    ),
    Mask(
        name="numeric_date",
        first=rb"0-9",
        pattern=rb"(?<![0-9./-])(?:[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})(?:,?\s{1,2}"
        + _CLOCK
        + rb")?(?![A-Za-z0-9_/-]|\.[0-9])",
        reason="when, not what; the year has four digits, or it may be a version",
        replacement=numeric_date,
    ),
    Mask(
        name="mac",
        first=rb"0-9a-fA-F",
        pattern=rb"[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}(?![A-Za-z0-9_:])",
        reason="names one interface",
        replacement=b"<mac>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="clock",
        first=rb"0-9",
        pattern=_CLOCK + WORD_END,
        reason="when, not what",
        replacement=b"<time>",
    ),
    Mask(
        name="klog_header",
        first=rb"EFIW",
        pattern=rb"[IWEF](?:0[1-9]|1[0-2])[0-3][0-9]\s[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}\s{1,8}[0-9]{1,9}(?=\s)",
        reason="klog's level letter, time and thread",
        replacement=lambda span: span[:1] + b"<date> <time> <thread>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="klog_date",
        first=rb"EFIW",
        pattern=rb"[IWEF](?:0[1-9]|1[0-2])[0-3][0-9](?=\s[0-9]{2}:)",
        reason="month and day behind klog's level letter",
        replacement=lambda span: span[:1] + b"<date>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="ipv4",
        first=rb"0-9",
        pattern=rb"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}(?::[0-9]{1,5}|/[0-9]{1,2})?(?![A-Za-z0-9_.])",
        reason="the class of the address decides (loopback, link-local), and a port below 10000 names the service",
        replacement=address_class,
    ),
    Mask(
        name="ipv6",
        first=rb"0-9a-fA-F",
        pattern=rb"(?<![A-Za-z0-9_:])(?:(?:[0-9A-Fa-f]{1,4}:){7}|(?=[0-9A-Fa-f:]{0,38}[0-9])(?:[0-9A-Fa-f]{1,4}:){1,6}:)"
        + rb"[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,6}(?![A-Za-z0-9_:])",
        reason="names one host",
        replacement=b"<ip>",
        ahead=MARK_AHEAD,
    ),
    Mask(
        name="ipv6_loopback",
        first=rb":",
        pattern=rb"(?<![A-Za-z0-9_:.])::[0-9]{1,4}(?![A-Za-z0-9_:.])",
        reason="the host itself: a refusal there is our own setting",
        replacement=lambda span: b"<ip.loopback>" if span == b"::1" else b"<ip>",
    ),
    Mask(
        name="bracket_port",
        first=rb":",
        pattern=rb"(?<=\]):[0-9]{5}" + WORD_END,
        reason="an ephemeral port behind an IPv6 address",
        replacement=b":<port>",
    ),
    Mask(
        name="aws_host",
        first=rb"i",
        pattern=rb"ip(?:-[0-9]{1,3}){4}" + WORD_END,
        reason="EC2 names a host by its address",
        replacement=b"ip-<ip>",
        ahead=MARK_AHEAD,
    ),
)
