"""Tell secrets from values that only stand where secrets stand: check sums, words, numbers, paths."""

from __future__ import annotations

import base64
import binascii
import re

LONGEST_HARMLESS = 80
"""A longer value behind the name of a secret is taken for one without a closer look, which bounds what a look costs."""

_NO_VALUE = frozenset((
    "null", "none", "nil", "true", "false", "undefined", "empty", "unset", "unknown", "yes", "no", "y", "n", "n/a",
    "na", "redacted", "filtered", "masked", "hidden", "removed", "omitted", "required", "missing", "invalid",
    "expired", "incorrect", "wrong", "mandatory", "present", "absent", "set", "sensitive", "string", "str", "bytes",
    "optional", "protected", "encrypted", "nan", "void", "default",
))  # fmt: skip
_FILLER = re.compile(
    r"([*.•xX#=-])\1*+|\$\{.*|\{\{.*|%(?:\(\w*\))?[0-9.+-]{0,6}[sdvrq]|\$(?:[A-Z_][A-Z0-9_]*|[a-z_]+)|\\?u0000",
    re.DOTALL,
)
_WORD = r"(?:[A-Z]?[a-z]{2,20}+(?![a-z])|[A-Z]{2,20}+[a-z]{0,20}+(?![A-Za-z])|[a-zA-Z](?=[_./:-]))"
_WORDS = re.compile(rf"{_WORD}(?:[_./: -]{{0,2}}+{_WORD}){{0,12}}+[.:!?)]?")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,:][0-9]+)*(?:[a-zA-Z]{1,5}|%)?")
_PATH = re.compile(r"~?/[a-z0-9][a-z0-9._-]*(?:/[a-z0-9._-]+)+/?|[A-Za-z]:\\.*|~/.*")
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,15}://|arn:")
_CODE = re.compile(r"[A-Za-z_][A-Za-z_0-9]*(?:\.[A-Za-z_][A-Za-z_0-9]*){0,6}[(\[{]")


def is_no_value(value: str) -> bool:
    """Tell whether a value says that there is none, or was masked before us: ``null``, ``****``, ``${DB_PASSWORD}``."""
    if len(value) > LONGEST_HARMLESS:
        return False
    return value.lower().strip("<>[](){}.:!*'\"") in _NO_VALUE or _FILLER.fullmatch(value) is not None


def is_words(value: str) -> bool:
    """Tell whether a value is made of words: ``db-credentials``, ``getAccessToken``, ``must be set``."""
    return len(value) <= LONGEST_HARMLESS and _WORDS.fullmatch(value) is not None


def is_path(value: str) -> bool:
    """Tell whether a value names a file."""
    return len(value) <= LONGEST_HARMLESS and _PATH.fullmatch(value) is not None


def looks_random(value: str, shortest: int = 6) -> bool:
    """Tell whether a value behind a name such as ``token`` is one: no word, number, path, address or code."""
    if len(value) < shortest:
        return False
    if len(value) > LONGEST_HARMLESS:
        return True
    return not (
        is_no_value(value)
        or _WORDS.fullmatch(value)
        or _NUMBER.fullmatch(value)
        or _PATH.fullmatch(value)
        or _ADDRESS.match(value)
        or _CODE.match(value)
    )


def is_card(text: str, _match: int, start: int, end: int) -> bool:
    """Check the digit of Luhn: ISO/IEC 7812-1, annex B."""
    digits = [int(c) for c in text[start:end] if c.isdigit()]
    if len(set(digits)) < 2:
        return False
    doubled = (d if i % 2 == 0 else d * 2 - 9 * (d > 4) for i, d in enumerate(reversed(digits)))
    return sum(doubled) % 10 == 0


_IBAN_LENGTHS = {
    country: int(length)
    for length, countries in {
        "15": "NO", "16": "BE", "18": "DK FI FO GL NL", "19": "MK SI", "20": "AT BA EE KZ LT LU MN XK",
        "21": "CH HR LI LV", "22": "BG BH CR DE GB GE IE ME RS VA", "23": "AE GI IL IQ OM TL",
        "24": "AD CZ ES MD PK RO SA SE SK TN VG", "25": "LY PT ST", "26": "IS TR",
        "27": "BI DJ FR GR IT MC MR SM", "28": "AL AZ BY CY DO GT HU LB NI PL SV", "29": "BR EG PS QA UA",
        "30": "JO KW MU YE", "31": "MT SC", "32": "LC", "33": "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip
"""Length of an IBAN by country: the registry of ISO 13616."""


def to_the_length_of_an_iban(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out words in capitals behind the account number, which look like one more group of it."""
    missing = _IBAN_LENGTHS.get(text[start : start + 2], 0)
    for index in range(start, end):
        missing -= text[index] != " "
        if missing == 0:
            is_inside_a_word = index + 1 < end and text[index + 1] != " "
            return start, end if is_inside_a_word else index + 1
    return start, end


def is_iban(text: str, _match: int, start: int, end: int) -> bool:
    """Check country, length and the two check digits: ISO 13616, modulo 97."""
    compact = text[start:end].replace(" ", "")
    if _IBAN_LENGTHS.get(compact[:2]) != len(compact):
        return False
    return int("".join(str(int(c, 36)) for c in compact[4:] + compact[:4])) % 97 == 1


def is_basic_credential(text: str, _match: int, start: int, end: int) -> bool:
    """Tell whether base64 holds ``user:password``, as RFC 7617 has it."""
    value = text[start:end].rstrip("=")
    if end - start > 2 * LONGEST_HARMLESS:
        return True
    try:
        decoded = base64.b64decode(value + "=" * (-len(value) % 4))
    except (binascii.Error, ValueError):
        return False
    return b":" in decoded and all(byte >= 0x20 for byte in decoded)


def is_random_word(text: str, _match: int, start: int, end: int) -> bool:
    """Tell whether a bare credential is more than a word of prose: ``Bearer token``, ``Bearer authentication``."""
    return looks_random(text[start:end], 8)


def is_mixed(text: str, _match: int, start: int, end: int) -> bool:
    """Tell whether a value has both letters and digits, as random ones of this length do."""
    value = text[start:end][:256]
    return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
