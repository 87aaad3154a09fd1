"""What a number becomes that measures or counts: functions from the span to its class."""

from __future__ import annotations

import re

_NUMBER = re.compile(rb"[0-9]{1,20}(?:\.[0-9]{1,9})?")
_SMALL = 20
"""Of fewer than these a share is only none, some or all."""


def band(share: float) -> bytes:
    """Give the band of usage: what comes near the limit decides."""
    if share <= 0:
        return b"<0%>"
    if share < 0.8:
        return b"<under 80%>"
    if share < 0.9:
        return b"<80s%>"
    return b"<90s%>" if share < 1 else b"<100%>"


def percent(span: bytes) -> bytes:
    """Give the band of a percentage."""
    return band(int(_first(span).partition(b".")[0]) / 100)


def percent_left(span: bytes) -> bytes:
    """Give the band of a percentage of what is left."""
    left = float(_first(span))
    if not left:
        return b"<0%>"
    if left < 5:
        return b"<under 5%>"
    return b"<under 20%>" if left < 20 else b"<20% and more>"


_WEEK_DAYS = 7


def deadline(span: bytes) -> bytes:
    """Tell today, the next seven days, and later."""
    days = int(_first(span))
    if not days:
        return span
    return b"<up to 7> days" if days <= _WEEK_DAYS else b"<over 7> days"


_ISO_UNIT = re.compile(rb"[DHMS]")


def iso_duration(span: bytes) -> bytes:
    """Keep the largest unit of a duration, and zero."""
    unit = _ISO_UNIT.search(span)
    if unit is None or not re.search(rb"[1-9]", span):
        return span
    return (b"P<n>" if unit[0] == b"D" else b"PT<n>") + unit[0]


_ATTEMPT_NUMBERS = re.compile(rb"([0-9]{1,6})([^0-9]{1,32})([0-9]{1,6})\Z")


def attempt(span: bytes) -> bytes:
    """Tell the last of n attempts from those before it, and none from some."""
    numbers = _ATTEMPT_NUMBERS.search(span)
    if numbers is None:
        return span
    done, between, limit = numbers.groups()
    state = b"<last>" if int(done) >= int(limit) else b"<not last>"
    return span[: numbers.start()] + (state if int(done) else b"<none>") + between + b"<n>"


def fraction(span: bytes) -> bytes:
    """Tell none, some and all of n; of many also how near to all."""
    numbers = _ATTEMPT_NUMBERS.search(span)
    if numbers is None:
        return b"<n> of <n>"
    done, between, limit = int(numbers[1]), numbers[2], int(numbers[3])
    if limit >= _SMALL and done < limit:
        return band(done / limit) + between + b"<n>"
    return (b"<none>" if not done else b"<all>" if done >= limit else b"<some>") + between + b"<n>"


_AMOUNTS = re.compile(rb"([0-9]{1,15}(?:\.[0-9]{1,9})?)\s?([kKMGTP]?)")
_LIMIT_FIRST = re.compile(rb"(?i:limit|max|maximum|capacity|quota|allowed|total|threshold|budget)(?![A-Za-z])")
_POWERS = {b"": 0, b"k": 1, b"m": 2, b"g": 3, b"t": 4, b"p": 5}


def usage(span: bytes) -> bytes:
    """Put the band of use in place of what is used, beside its limit."""
    first, second = _AMOUNTS.finditer(span)
    sizes = [float(one[1]) * 1024.0 ** _POWERS[one[2].lower()] for one in (first, second)]
    limit_is_first = _LIMIT_FIRST.match(span) is not None
    used, limit = (sizes[1], sizes[0]) if limit_is_first else (sizes[0], sizes[1])
    share = band(used / limit if limit else 1.0)
    shown = (b"<n>", share) if limit_is_first else (share, b"<n>")
    return span[: first.start(1)] + shown[0] + span[first.end(1) : second.start(1)] + shown[1] + span[second.end(1) :]


def compared(span: bytes) -> bytes:
    """Tell whether two numbers are the same, and whether the second is none."""
    first, second = _NUMBER.finditer(span)
    state = b"<same>" if int(first[0]) == int(second[0]) else b"<other>" if int(second[0]) else b"0"
    return span[: first.start()] + b"<n>" + span[first.end() : second.start()] + state + span[second.end() :]


def timers(span: bytes) -> bytes:
    """Keep of HAProxy's times which of them is -1."""
    return re.sub(rb"(?<!-)[0-9]{1,9}", lambda one: b"<n>", span)


def decimal(span: bytes) -> bytes:
    """Give the band of a share under one; mask other decimals of three places and more, keep the rest."""
    whole, _, places = span.partition(b".")
    if not int(whole):
        return band(float(span)) if int(places) else span
    return b"<decimal>" if len(places) >= 3 else span


def scored(span: bytes) -> bytes:
    """Give the band of a share under one; mask any other value."""
    whole, _, places = span.partition(b".")
    if int(whole):
        return b"<decimal>"
    return band(float(span)) if int(places) else span


_SINGULARS = frozenset(
    b"second minute hour day week byte row record message item file object event connection client thread task job user"
    b" order key document segment partition shard packet block token line time element sample span error page request"
    b" response failure warning attempt millisecond microsecond"
    b" session host node worker consumer replica pod container instance account customer"
    b" transaction lock chunk peer member table".split()
)


def quantity(span: bytes) -> bytes:
    """Keep the unit of a quantity, and zero; one row is as many as two rows."""
    number = _first(span)
    if not number.strip(b"0."):
        return span
    unit = span[len(number) :]
    if number == b"1":
        unit += b"s" if unit.lstrip() in _SINGULARS else b""
    return b"<n>" + unit


_LAST_NUMBER = re.compile(rb"[0-9]{1,20}(?:\.[0-9]{1,9})?\Z")


def last_number(span: bytes) -> bytes:
    """Mask the number at the end, but for zero."""
    number = _LAST_NUMBER.search(span)
    if number is None or not number[0].strip(b"0."):
        return span
    return span[: number.start()] + b"<n>"


def _first(span: bytes) -> bytes:
    """Give the number that the span begins with."""
    number = _NUMBER.match(span)
    return number[0] if number else b"0"
