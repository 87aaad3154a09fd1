"""Rows for private keys and password hashes."""

from __future__ import annotations

import re

from logtriage.engines.mimo.redaction.rule import BARRIER, Rule

_LONGEST_KEY = 16_384
_MARK = "-----"
_GAP = r"""(?: [\s"',+|>] | \\[nrt] )*+"""
_BODY = re.compile(
    rf"""
    {_GAP}
    (?: (?:Proc-Type|DEK-Info|Version|Comment|Hash) : [^\n\\\0]{{0,128}}+ (?: \s | \\[nrt] )++ ){{0,4}}+
    (?: [A-Za-z0-9+/=]{{16,}}+ {_GAP} )*+
    (?: (?: (?<=\n) | (?<=\\[nr]) ) (?! [A-Z]?[a-z]{{1,15}}\b ) [A-Za-z0-9+/]{{1,15}}+ ={{0,2}} )?+
    """,
    re.VERBOSE,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/=]+")


def _to_the_end_of_the_key(text: str, start: int, end: int) -> tuple[int, int]:
    """Go on to the END line; a key that was cut off ends where its base64 ends."""
    close = text.find("-----END", end, end + _LONGEST_KEY)
    if close >= 0 and BARRIER not in text[end:close]:
        mark = text.find(_MARK, close + len(_MARK), close + 80)
        return start, mark + len(_MARK) if mark >= 0 else close + len("-----END")
    body = _BODY.match(text, end)
    return start, max(end, end + len(body[0].rstrip())) if body else end


def _from_where_the_key_begins(text: str, start: int, end: int) -> tuple[int, int]:
    """Go back over the base64 in front of an END line whose BEGIN was cut off."""
    floor = max(0, start - _LONGEST_KEY // 4, text.rfind(BARRIER, 0, start) + 1)
    floor = max(floor, text.rfind(_MARK, floor, start) + 1)
    lines = list(re.finditer(r"""[^\s"',+|>]+""", text[floor:start].replace("\\n", "  ").replace("\\r", "  ")))
    begin = start
    for i, line in enumerate(reversed(lines)):
        is_first_of_text = floor + line.start() == 0
        if not _BASE64.fullmatch(line[0]) or (i and len(line[0]) < 40 and not is_first_of_text):
            break
        begin = floor + line.start()
    return begin, end


_PEM_BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7"
_TYPE = r"(?: [A-Z0-9]{1,12}[ ] ){0,3} PRIVATE[ ]KEY (?:[ ]BLOCK)?"

KEY_MATERIAL: tuple[Rule, ...] = (
    Rule(
        name="private_key",
        placeholder="PRIVATE_KEY",
        keywords=("-----begin",),
        pattern=rf"-----BEGIN[ ]{_TYPE} (?:-----)?",
        finish=_to_the_end_of_the_key,
        reason="PEM (RFC 7468), OpenSSH and PGP private keys, newlines escaped or not; the body may be cut off",
        examples=(
            f"load: «-----BEGIN PRIVATE KEY-----\n{_PEM_BODY}\nq0x1\n-----END PRIVATE KEY-----» failed",
            f'{{"private_key": "«-----BEGIN RSA PRIVATE KEY-----\\n{_PEM_BODY}\\n-----END RSA PRIVATE KEY-----»\\n"}}',
            f"cut off: «-----BEGIN OPENSSH PRIVATE KEY-----\n{_PEM_BODY}\n{_PEM_BODY[:30]}»",
        ),
        near_misses=(
            f"-----BEGIN CERTIFICATE-----\n{_PEM_BODY}\n-----END CERTIFICATE-----",
            "-----BEGIN PUBLIC KEY-----",
            "no PEM block that begins with PRIVATE KEY was found in tls.key",
        ),
    ),
    Rule(
        name="private_key_tail",
        placeholder="PRIVATE_KEY",
        keywords=("-----end",),
        pattern=rf"-----END[ ]{_TYPE} (?:-----)?",
        finish=_from_where_the_key_begins,
        reason="the rest of a private key whose first line is in another record",
        examples=(f"«{_PEM_BODY}\n{_PEM_BODY}\nq0x1\n-----END EC PRIVATE KEY-----»",),
        near_misses=(f"{_PEM_BODY}\n-----END CERTIFICATE-----",),
    ),
    Rule(
        name="putty_key",
        placeholder="PRIVATE_KEY",
        keywords=("private-lines:",),
        pattern=r"Private-Lines:[ ]?[0-9]{1,4} (?: \s | \\[nr] )++ ((?: [A-Za-z0-9+/=]{16,}+ (?: \s | \\[nr] )*+ )++)",
        reason="PuTTY's own format of private keys",
        examples=(f"Private-Lines: 2\n«{_PEM_BODY}\n»Private-MAC: 00",),
        near_misses=("Private-Lines: none",),
    ),
    Rule(
        name="age_key",
        placeholder="PRIVATE_KEY",
        keywords=("age-secret-key-1",),
        pattern=r"AGE-SECRET-KEY-1[0-9A-Z]{20,100}",
        reason="private key of age, bech32",
        examples=("identity «AGE-" + "SECRET-KEY-1" + "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L" * 2 + "» is of no recipient",),
        near_misses=("no AGE-SECRET-KEY-1 line in keys.txt",),
    ),
    Rule(
        name="crypt_hash",
        placeholder="PASSWORD_HASH",
        keywords=("$2", "$1$", "$5$", "$6$", "$y$", "$7$", "$apr1$", "$argon2", "$scrypt$", "$pbkdf2"),
        pattern=r"""
            \$(?: 2[abxy]?\$[0-9]{2}\$[./A-Za-z0-9]{20,60}
                | (?:[1567y]|apr1)\$(?:rounds=[0-9]{1,9}\$)?
                  [./A-Za-z0-9]{1,32}\$(?:[./A-Za-z0-9]{1,64}\$)?[./A-Za-z0-9]{16,128}
                | (?:argon2(?:id|i|d)|scrypt|pbkdf2(?:-sha[0-9]{1,3})?)\$[A-Za-z0-9=,.$+/_-]{24,256} )""",
        reason="hashes of crypt(5), htpasswd and PHC strings can be attacked offline",
        examples=(
            "shadow entry app:«$" + "2b$12$" + "abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234" + "» is locked",
            "app:«$" + "apr1$" + "saltsalt$" + "abcdefghijklmnopqrstuv" + "»",
            "«$" + "argon2id$v=19$m=65536,t=3,p=4$" + "c2FsdHNhbHQ$aGFzaGhhc2hoYXNo" + "»",
        ),
        near_misses=("sed: -e expression $1$2 failed", "cost was $2 per $100", "class Outer$1$Inner"),
    ),
    Rule(
        name="framework_hash",
        placeholder="PASSWORD_HASH",
        keywords=("pbkdf2_sha", "bcrypt_sha", "{ssha", "{sha", "{pbkdf2", "{bcrypt}"),
        pattern=r"""
            (?: pbkdf2_sha[0-9]{1,3}\$[0-9]{1,9}\$[^\s$\0]{1,64}\$[A-Za-z0-9+/=]{20,128}
              | bcrypt_sha[0-9]{1,3}\$[^\s\0"']{20,160}
              | \{(?:S?SHA[0-9]{0,3}|PBKDF2[A-Z0-9-]{0,10}|bcrypt)\}[A-Za-z0-9+/=$.]{20,160} )""",
        reason="hashes as Django, LDAP and Spring store them",
        examples=(
            "stored «pbkdf2_" + "sha256$600000$salt$" + "aGFzaGhhc2hoYXNoaGFzaGhhc2g=» is outdated",
            "userPassword is «{SSHA}" + "aGFzaGhhc2hoYXNoaGFzaGhhc2g=»",
        ),
        near_misses=("unknown hasher pbkdf2_sha256", "scheme {SSHA} is not supported"),
    ),
)
