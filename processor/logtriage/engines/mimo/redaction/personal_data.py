"""Rows for what belongs to people: e-mail, payment cards, bank accounts, numbers behind their names; IP addresses."""

from __future__ import annotations

import ipaddress

from logtriage.engines.mimo.redaction.checks import is_card, is_iban, to_the_length_of_an_iban
from logtriage.engines.mimo.redaction.rule import Rule

_NO_TOP_LEVEL_DOMAIN = frozenset((
    "service", "socket", "mount", "target", "timer", "slice", "scope", "path", "device", "swap", "local",
    "localdomain", "internal", "lan", "svc", "cluster", "png", "jpg", "jpeg", "gif", "svg", "webp", "js", "mjs",
    "css", "json", "html", "py", "rb", "php", "jar", "so", "dll", "exe", "yaml", "yml", "tgz", "zip", "git",
))  # fmt: skip
_NO_PERSON = frozenset(("git", "ssh", "hg", "svn"))


def _is_person(text: str, _match: int, start: int, end: int) -> bool:
    local, _, domain = text[start:end].replace("%40", "@").partition("@")
    return domain.rpartition(".")[2].lower() not in _NO_TOP_LEVEL_DOMAIN and local.lower() not in _NO_PERSON


def _is_address(text: str, _match: int, start: int, end: int) -> bool:
    try:
        address = ipaddress.ip_address(text[start:end])
    except ValueError:
        return False
    return not (address.is_loopback or address.is_unspecified)


def _has_phone_digits(text: str, _match: int, start: int, end: int) -> bool:
    return 7 <= sum(c.isdigit() for c in text[start:end]) <= 15


def _is_social_security(text: str, _match: int, start: int, end: int) -> bool:
    digits = [c for c in text[start:end] if c.isdigit()]
    return len(digits) == 9


PERSONAL_DATA: tuple[Rule, ...] = (
    Rule(
        name="email",
        placeholder="EMAIL",
        keywords=("@", "%40"),
        pattern=r"""
            (?<![\w.+'-]) [\w.+'-]{1,64}+ (?: @ | %40 )
            (?: [^\W_](?:[\w-]{0,62}+) \. (?=[^\W_]) ){1,6}+ (?: [^\W\d_]{2,24}+ ) (?![\w@-])""",
        check=_is_person,
        is_whole=True,
        reason="RFC 5322 addr-spec without comments and quotes; units of systemd and file names look like it",
        examples=(
            "mail to «jane.doe+x@mail.example.com» bounced",
            "from=<«jürgen@exämple.de»>",
            "no mailbox for «jo@lamps.example». Trying again",
            "GET /u?mail=«a%40example.org»&x=1",
        ),
        near_misses=(
            "getty@tty1.service failed",
            "git@github.com:org/repo.git",
            "lodash@4.17.21 is not found",
            "logo@2x.png",
            "com.shop.Cart@1a2b3c",
        ),
    ),
    Rule(
        name="card",
        placeholder="CARD",
        keywords=(),
        pattern=r"""
            [2-6] (?: (?<![\w.-][2-6]) | (?<=\\[nrt][2-6]) ) [0-9]{3}
            (?: [0-9]{12} | [0-9]{11} | (?:[ -][0-9]{4}){3} | [ -][0-9]{6}[ -][0-9]{5} )
            (?! [\w-] | \.[0-9] )""",
        check=lambda text, match_start, start, end: (
            _is_issued(text[start : start + 4], sum(c.isdigit() for c in text[start:end]))
            and is_card(text, match_start, start, end)
        ),
        is_whole=True,
        reason="ISO/IEC 7812 by the ranges of Visa, Mastercard, American Express, Discover, JCB, UnionPay; Luhn",
        examples=(
            "card «4111 1111 1111 1111» declined",
            r"a\n«4111 1111 1111 1111»",
            "pan=«378282246310005»",
            "«5555-5555-5555-4444»",
        ),
        near_misses=(
            "order 4111111111111112",
            "offset 4111111111111111.5",
            "id 41111111111111110",
            "at 1700000000000000",
        ),
    ),
    Rule(
        name="iban",
        placeholder="IBAN",
        keywords=(),
        pattern=r"""
            [A-Z]{2} (?: (?<![A-Za-z0-9_]..) | (?<=\\[nrt]..) ) [0-9]{2}
            (?:[ ]?[A-Z0-9]{4}){2,7}+ (?:[ ]?[A-Z0-9]{1,3})? (?![A-Za-z0-9_])""",
        finish=to_the_length_of_an_iban,
        check=is_iban,
        is_whole=True,
        reason="ISO 13616, with country, length and check digits",
        examples=("payout to «DE89 3704 0044 0532 0130 00» failed", "iban=«GB82WEST12345698765432»"),
        near_misses=("DE89370400440532013001", "AB12CDEF34567890"),
    ),
    Rule(
        name="phone_value",
        placeholder="PHONE",
        keywords=("phone", "mobile", "msisdn", "tel:", "tel=", 'tel"'),
        pattern=r"""
            (?: phone | mobile | msisdn | (?<![a-z])tel ) (?:[_ -]?(?:number|no|nr))?
            \\{0,4}["']? [ \t]{0,4} (?:=>|[:=]) [ \t]{0,4}
            \\{0,4}["']? ( \+?[0-9(] [0-9 ()./-]{5,20} (?<=[0-9]) )""",
        check=_has_phone_digits,
        reads_lower=True,
        reason="only behind its name: bare digits are too often counters",
        examples=('"phone":"«+49 170 1234567»"', "msisdn=«491701234567»"),
        near_misses=("phone is off", "mobile: 17", "+491701234567"),
    ),
    Rule(
        name="social_security_value",
        placeholder="SSN",
        keywords=("ssn", "social"),
        pattern=r"""
            (?: (?<![a-z])ssn | social[_ -]?security(?:[_ -]?(?:number|no))? ) \\{0,4}["']? [ \t]{0,4} (?:=>|[:=])
            [ \t]{0,4} \\{0,4}["']? ( [0-9]{3}-?[0-9]{2}-?[0-9]{4} ) (?![0-9-])""",
        check=_is_social_security,
        reads_lower=True,
        reason="only behind its name",
        examples=("ssn=«123-45-6789» is invalid",),
        near_misses=("ssn=12", "part 123-45-6789"),
    ),
)


def _is_issued(head: str, length: int) -> bool:
    """Tell whether a card of this length begins like ``head``."""
    number = int(head)
    match head[0]:
        case "4":
            return length == 16
        case "5":
            return length == 16 and 5100 <= number <= 5599
        case "2":
            return length == 16 and 2221 <= number <= 2720
        case "3":
            return (length == 15 and head[1] in "47") or (length == 16 and 3528 <= number <= 3589)
        case _:
            return length == 16 and (number == 6011 or head[:2] in ("62", "65") or 6440 <= number <= 6499)


IP_ADDRESSES: tuple[Rule, ...] = (
    Rule(
        name="ipv4",
        placeholder="IP",
        keywords=(".",),
        pattern=r"[0-9](?<![\w.][0-9])[0-9]{0,2}(?:\.[0-9]{1,3}){3}(?![\w]|\.[0-9])",
        check=_is_address,
        is_whole=True,
        reason="by option: addresses tell which peer failed, and are personal data in some places",
        examples=("dial tcp «10.1.2.3»:5432: refused",),
        near_misses=("version 1.2.3.4.5", "dial 127.0.0.1:80", "10.1.2.300 is no address"),
    ),
    Rule(
        name="ipv6",
        placeholder="IP",
        keywords=(":",),
        pattern=r"(?<![\w:.])(?:[0-9a-fA-F]{0,4}:){2,7}+(?:[0-9a-fA-F]{1,4}|(?:[0-9]{1,3}\.){3}[0-9]{1,3})?(?![\w:])",
        check=_is_address,
        is_whole=True,
        reason="by option",
        examples=("peer [«2001:db8::17»]:443 is gone", "via «fe80::1ff:fe23:4567:890a»"),
        near_misses=("at 12:30:45", "std::vector", "bound to ::1"),
    ),
)
