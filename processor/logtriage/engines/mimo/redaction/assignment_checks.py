"""Tell whether what stands behind the name of a secret is one.

A password may be any word, so that only what says "no value" is left. Behind `token`, `secret` or `key` stand harmless
things as well (a parser's token, the name of a Kubernetes secret): there the value must look random.
"""

from __future__ import annotations

import re

from logtriage.engines.mimo.redaction.checks import (
    LONGEST_HARMLESS,
    is_no_value,
    is_path,
    is_words,
    looks_random,
)
from logtriage.engines.mimo.redaction.value_shapes import Shape, shape_of

_HARMLESS_TOKEN = re.compile(
    r"(?:next|page|paging|continue|continuation|cancell?ation|syntax|unexpected|illegal|lexer|parse|parser|num|max|min"
    r"|total|resume|delta|fencing|ring|sync|scroll|change|state|stop|pad|eos|bos|mask|last|first|prev|previous|current"
    r"|window|w)[ _.-]?\Z"
)
_OWNER_OF_KEY = re.compile(
    r"(?:api|access|secret|private|account|shared|encryption|signing|master|storage|subscription|auth|deploy|consumer"
    r"|app|application|license|function|session|webhook|integration|ingest|write|instrumentation|hmac|aes|(?<![a-z])i"
    r")[_. -]?\Z"
)
_BARE_PASS = re.compile(r"(?:user|db|root|smtp|ldap|sql|ftp|mail|redis|admin|key|trust|store|[_-]|(?<![a-z0-9]))\Z")
_LINE_HEAD = re.compile(r"(?:^|[\n{,;(\[])[ \t>*-]{0,40}[a-z0-9_.-]{0,40}\Z")
_MECHANISM = re.compile(r"[A-Z]{2,10}(?:[-_][A-Z0-9]{1,8}){1,5}")
"""``SCRAM-SHA-256``, as in RFC 4422."""
_ARN = re.compile(r":[0-9]{12}:\Z")
_NAME_OF_SECRET = re.compile(r"(?:[a-z0-9.-]{1,60}/)?[a-z]{2,20}(?:[-.][a-z0-9]{1,12}){1,8}")


def _value(text: str, start: int, end: int) -> str:
    """Give as much of the value as a check looks at."""
    return text[start : min(end, start + LONGEST_HARMLESS + 1)]


def _before(text: str, match_start: int, length: int) -> str:
    return text[max(0, match_start - length) : match_start].lower()


def is_set(text: str, match_start: int, start: int, end: int) -> bool:
    """Accept whatever is a value, in any shape."""
    return shape_of(text, match_start, start) is not None and not is_no_value(_value(text, start, end).strip())


def is_password(text: str, match_start: int, start: int, end: int) -> bool:
    """Accept any value; behind a colon and a blank, and behind a flag, only what is no prose."""
    value = _value(text, start, end)
    shape = shape_of(text, match_start, start)
    if shape is None or is_no_value(value.strip()) or is_path(value):
        return False
    word = text[match_start : match_start + 5].lower()
    if word.startswith("pwd") and value.startswith(("/", "~", "\\")):
        return False
    if word.startswith("pass") and word not in ("passw", "passp", "passc"):
        before = _before(text, match_start, 8)
        if not _BARE_PASS.search(before) or (not before.endswith(("_", "-")) and value.replace(".", "").isdigit()):
            return False
    if shape is Shape.FLAG:
        return looks_random(value, 4)
    if shape is Shape.SPACED and is_words(value):
        is_at_head = _LINE_HEAD.search(_before(text, match_start, 42)) is not None
        return is_at_head and not (text[end : end + 1] == " " and text[end + 1 : end + 2].isalpha())
    return True


def _is_random(text: str, match_start: int, start: int, end: int) -> bool:
    shape = shape_of(text, match_start, start)
    return shape is not None and looks_random(_value(text, start, end), 4 if shape is Shape.FLAG else 6)


def is_token(text: str, match_start: int, start: int, end: int) -> bool:
    """Accept random values, save those of parsers, pages and rings; of one-time codes, digits."""
    if text[match_start : match_start + 3].lower() in ("otp", "tot", "cvv", "cvc"):
        return text[start:end].isdigit() and shape_of(text, match_start, start) is not None
    is_harmless = _HARMLESS_TOKEN.search(_before(text, match_start, 16)) is not None
    return not is_harmless and _is_random(text, match_start, start, end)


def is_secret(text: str, match_start: int, start: int, end: int) -> bool:
    """Accept random values, save names such as Kubernetes gives them."""
    if not _is_random(text, match_start, start, end):
        return False
    value = _value(text, start, end)
    return not (
        _NAME_OF_SECRET.fullmatch(value) or _MECHANISM.fullmatch(value) or _ARN.search(_before(text, match_start, 14))
    )


def is_key(text: str, match_start: int, start: int, end: int) -> bool:
    """Accept random values behind the keys that are secrets: not a primary, cache or routing key."""
    return _OWNER_OF_KEY.search(_before(text, match_start, 24)) is not None and _is_random(
        text, match_start, start, end
    )


def is_signature(text: str, _match: int, start: int, end: int) -> bool:
    """Accept long random values."""
    return end - start >= 16 and looks_random(_value(text, start, end))
