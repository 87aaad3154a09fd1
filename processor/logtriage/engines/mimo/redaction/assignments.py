"""Rows for values behind a key that names a secret.

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
from logtriage.engines.mimo.redaction.rule import Check, Rule
from logtriage.engines.mimo.redaction.value_shapes import assigned, in_element, in_flag, in_named_value

_PASSWORD = r"""
    password | passwd | passphrase | passcode | passwort | pwd
    | (?:user|db|root|smtp|ldap|sql|ftp|mail|redis|admin|key|trust)(?:store)?pass | [_-]pass
    | (?<![a-z0-9])(?:pw|pass)"""
_TOKEN = r"""
    token | (?<![a-z])(?:jwt|otp|totp|cvv2?|cvc2?) | (?<=[?&])(?:code|ticket|assertion)"""
_SECRET = r"secret | credentials? | (?<![a-z])_?auth | (?<![a-z])creds?"
_KEY = r"""
    (?: api | access | secret | secret[_-]?access | private | account | shared | shared[_-]?access | encryption
      | signing | master | storage | subscription | auth | deploy | consumer | app | application | license | function
      | service[_-]?account | session | webhook | integration | ingest | write | ikey | instrumentation | hmac | aes
    ) [_-]?[ ]? key (?: [_-]?id )?
    | (?<=[?&])key | sharedaccesssignature"""
_SIGNATURE = r"(?<=[?&;])(?:sig|signature|hmac) | x-(?:amz|goog|oss)-signature | x-(?:amz|goog|oss)-credential"

_HARMLESS_OWNER = re.compile(
    r"(?:next|page|paging|continue|continuation|cancell?ation|syntax|unexpected|illegal|invalid_|lexer|parse|parser|num"
    r"|max|min|total|resume|delta|fencing|ring|sync|scroll|change|state|stop|pad|eos|bos|mask|last|first|prev|previous"
    r"|current|public|foreign|primary|partition|routing|idempotency)[ _.-]?$",
)
_SPACED = re.compile(r".*?[a-z0-9_]:[ \t]+$", re.DOTALL)
_LINE_HEAD = re.compile(r"(?:^|[\n{,;(\[])[ \t>*-]{0,40}[a-z0-9_.-]{0,40}$")
_NAME_OF_SECRET = re.compile(r"(?:[a-z0-9.-]{1,60}/)?[a-z]{2,20}(?:[-.][a-z0-9]{1,12}){1,8}")


def _is_password(text: str, match_start: int, start: int, end: int) -> bool:
    value = text[start : min(end, start + LONGEST_HARMLESS + 1)]
    if is_no_value(value) or is_path(value) or value.startswith(("${", "{{")):
        return False
    lead = text[match_start:start].lower()
    if lead.startswith("pwd") and value.startswith(("/", "~", "\\")):
        return False
    if (
        lead.startswith("pass")
        and not lead.startswith(("passw", "passp", "passc"))
        and value.replace(".", "").isdigit()
    ):
        return False
    if _SPACED.match(lead) and is_words(value):
        return bool(_LINE_HEAD.search(text[max(0, match_start - 42) : match_start].lower())) and not _is_followed(
            text, end
        )
    return True


def _is_followed(text: str, end: int) -> bool:
    """Tell whether a word of prose follows, as in ``password: must be set``."""
    return text[end : end + 1] == " " and text[end + 1 : end + 2].isalpha()


def _is_random(text: str, match_start: int, start: int, end: int) -> bool:
    owner = text[max(0, match_start - 16) : match_start].lower()
    return looks_random(text[start : min(end, start + LONGEST_HARMLESS + 1)]) and not _HARMLESS_OWNER.search(owner)


def _is_secret(text: str, match_start: int, start: int, end: int) -> bool:
    value = text[start : min(end, start + LONGEST_HARMLESS + 1)]
    return _is_random(text, match_start, start, end) and not _NAME_OF_SECRET.fullmatch(value)


def _is_token(text: str, match_start: int, start: int, end: int) -> bool:
    lead = text[match_start:start].lower()
    if lead.startswith(("otp", "totp", "cvv", "cvc")):
        return text[start:end].isdigit()
    return _is_random(text, match_start, start, end)


def _is_long(text: str, match_start: int, start: int, end: int) -> bool:
    return end - start >= 16 and _is_random(text, match_start, start, end)


_KINDS: tuple[tuple[str, str, tuple[str, ...], str, Check], ...] = (
    ("password", "PASSWORD", ("passw", "passp", "passc", "pass", "pwd", "pw=", "pw:"), _PASSWORD, _is_password),
    ("key", "KEY", ("key", "sharedaccesssignature"), _KEY, _is_random),
    ("token", "TOKEN", ("token", "jwt", "otp", "cvv", "cvc", "code=", "ticket=", "assertion="), _TOKEN, _is_token),
    ("secret", "SECRET", ("secret", "cred", "auth"), _SECRET, _is_secret),
)
_ALL_WORDS = " | ".join((_PASSWORD, _KEY, _TOKEN, _SECRET))
_ALL_KEYWORDS = ("pass", "pwd", "key", "token", "secret", "cred")

_EXAMPLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "password": (
        (
            "login with password=«hunter2» failed",
            '{"password": "«p@ss w0rd»", "user": "a"}',
            '{\\"db_password\\":\\"«hunter2»\\",\\"port\\":5432}',
            "Server=db;Uid=sa;Pwd=«S3cr;et»;Encrypt=yes",
            "jdbc:mysql://db:3306/shop?user=app&password=«S3cret&more»&ssl=true",
            "config {User:app DBPassword:«hunter2» Host:db}",
            "DB_PASS=«letmein»",
        ),
        (
            "Access denied for user 'a'@'b' (using password: YES)",
            "password: must be at least 8 characters",
            "password=null",
            "password=****",
            "PASSWORD=${DB_PASSWORD}",
            "PWD=/home/app/src",
            "12 tests, pass=11 fail=1",
            "PasswordAuthenticationException: no match",
            "password_file=/run/secrets/db",
        ),
    ),
    "key": (
        (
            "api_key=«9f8e7d6c5b4a»",
            "AccountKey=«q0x1Zk/9+a==»;EndpointSuffix=x",
            '"secretAccessKey": "«wJalrXUtnFEMIK7MDENG»"',
        ),
        ("primary_key=customer_id", "cache key=user:17", "api_key=missing", "private_key=/etc/ssl/tls.key"),
    ),
    "token": (
        ("token=«a8f5f167f44f4964»", "refresh_token: '«1q2w3e4r5t»'", "GET /cb?code=«4x0AbCdEf12345678» 400"),
        (
            "Unexpected token: EOF",
            "token=-9223372036854775808",
            "max_tokens=4096",
            "next_token=a8f5f167f4",
            "token_count: 128000",
        ),
    ),
    "secret": (
        ("client_secret=«a8f5f167f44f»", '"auth": "«dXNlcjpwYXNzMQ==»"'),
        (
            'secret "db-credentials" not found',
            "secret: default/db-credentials-7f9c",
            "secretName=tls-2024",
            "auth=SCRAM",
        ),
    ),
}


ASSIGNMENTS: tuple[Rule, ...] = (
    *(
        Rule(
            name=f"{name}_value",
            placeholder=placeholder,
            keywords=keywords,
            pattern=assigned(words),
            check=check,
            reads_lower=True,
            reason=f"what stands behind a key that ends in a word for a {name}",
            examples=_EXAMPLES[name][0],
            near_misses=_EXAMPLES[name][1],
        )
        for name, placeholder, keywords, words, check in _KINDS
    ),
    Rule(
        name="url_signature",
        placeholder="SIGNATURE",
        keywords=("sig=", "signature=", "hmac=", "-credential="),
        pattern=rf"(?: {_SIGNATURE} ) (?: = | %3d ) ( [^\s&\"'<>\\\0]++ )",
        check=_is_long,
        reads_lower=True,
        reason="a signed URL (Azure SAS, AWS, Google) is a credential",
        examples=("PUT https://a.example/c?sv=2022&sig=«q0x1Zk%2F9a8f5f167f44f4964%3D»&se=2024",),
        near_misses=("sig=11", "signature=v4"),
    ),
    Rule(
        name="element_value",
        placeholder="SECRET",
        keywords=("</", "cdata"),
        pattern=in_element(_ALL_WORDS),
        check=lambda text, _match, start, end: not is_no_value(text[start:end].strip()),
        reads_lower=True,
        reason="XML and SOAP: <ns:Password Type='x'>value</ns:Password>",
        examples=('<wsse:Password Type="x">«hunter2»</wsse:Password>', "<apiKey>«a8f5f167»</apiKey>"),
        near_misses=("<password></password>", "<message>password expired</message>"),
    ),
    Rule(
        name="named_value",
        placeholder="SECRET",
        keywords=("value",),
        pattern=in_named_value(_ALL_WORDS),
        check=_is_password,
        reads_lower=True,
        reason="environments and settings shown as pairs of name and value",
        examples=(
            '{"name":"DB_PASSWORD","value":"«hunter2»"}',
            "- name: API_TOKEN\n  value: «a8f5f167»",
            '<add key="Password" value="«hunter2»"/>',
        ),
        near_misses=('{"name":"LOG_LEVEL","value":"debug"}', "token has no value"),
    ),
    Rule(
        name="flag_value",
        placeholder="SECRET",
        keywords=_ALL_KEYWORDS,
        pattern=in_flag(_ALL_WORDS),
        check=lambda text, _match, start, end: looks_random(text[start:end], 4),
        reads_lower=True,
        reason="command lines in errors of processes",
        examples=("exec failed: app --db-password «S3cret!9» --port 1", "['app', '--token', '«a8f5f167»']"),
        near_misses=("use --password to set one", "flag --token is deprecated", "--password-file /run/secrets/db"),
    ),
)
