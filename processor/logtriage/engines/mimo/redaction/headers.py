"""Rows for HTTP headers that carry credentials, and for tokens that name themselves."""

from __future__ import annotations

from logtriage.engines.mimo.redaction.checks import is_basic_credential, is_no_value, is_random_word, is_words
from logtriage.engines.mimo.redaction.rule import Rule, after_edge

_JWT = "eyJ" + "hbGciOiJIUzI1NiJ9" + "." + "eyJzdWIiOiIxMjM0In0" + "." + "c2lnbmF0dXJlc2ln"
_HEADER_SEP = r"""\\{0,4}["']?[ \t]{0,4}(?:=>|%3a|[:=,])(?:[ \t]|%20){0,4}(?:\[|\\{0,4}["']){0,2}"""


def _is_cookie(text: str, _match: int, start: int, end: int) -> bool:
    return "=" in text[start : min(end, start + 256)]


def _is_no_prose(text: str, _match: int, start: int, end: int) -> bool:
    value = text[start:end]
    return not (is_no_value(value) or is_words(value)) and len(value) >= 6


HEADERS: tuple[Rule, ...] = (
    Rule(
        name="jwt",
        placeholder="JWT",
        keywords=("eyj",),
        pattern=rf"""
            {after_edge("eyJ")}
            (?: [A-Za-z0-9_-]{{8,}}+ \. [A-Za-z0-9_-]{{4,}}+ (?: \.[A-Za-z0-9_-]*+ ){{0,3}}
              | (?: hbGciOi | 0eXAiOi | raWQiOi | lbmMiOi ) [A-Za-z0-9_-]{{8,}}+ )""",
        reason="JSON Web Tokens (RFC 7519) and their encrypted form; the head alone if the token was cut off",
        examples=(f"rejected «{_JWT}»: expired", f"cut off «{_JWT[:30]}»"),
        near_misses=("eyJ is how base64 of a JSON object begins", "data eyJjb2RlIjo1MDB9 was not understood"),
    ),
    Rule(
        name="authorization_header",
        placeholder="CREDENTIAL",
        keywords=("authorization",),
        pattern=rf"""
            authorization {_HEADER_SEP}
            (?: (?: digest | aws4-hmac-sha256 | oauth | hawk | mac ) (?:[ \t]|%20){{1,4}}
                ( (?: [a-z_]{{1,40}}=(?: \\?"[^"\\\n\0]*+\\?" | [^\s,"\0]++ ) (?:,?[ \t]{{0,4}}) )++ )
              | (?: basic | bearer | token | negotiate | ntlm | api-?key | key | aws | bot | splunk | sso-key )
                (?:[ \t]|%20){{1,4}} ( [^\s"',;\\\]}})\0]++ )
              | (?! (?: basic | bearer | digest | token | negotiate | ntlm ) \b ) ( [^\s"',;\\\]}})\0]{{6,}}+ ) )""",
        check=_is_no_prose,
        reads_lower=True,
        reason="RFC 9110 11.6.2: whatever the scheme, what follows it is the credential",
        examples=(
            "> Authorization: Basic «dXNlcjpwYXNzd29yZA==»",
            '{"Authorization": "Bearer «abc123.def456»"}',
            "headers={'Authorization': ['Token «9944b09199c62bcf9418»']}",
            'Authorization: Digest «username="m", realm="r", response="6629fae49393a05397450978507c4ef1"»',
            "authorization: «0f8fad5bd9cb469fa165»",
        ),
        near_misses=(
            "Authorization: required",
            "authorization failed: user is unknown",
            "Authorization: Bearer token missing",
        ),
    ),
    Rule(
        name="bearer",
        placeholder="TOKEN",
        keywords=("bearer",),
        pattern=r"bearer(?:[ \t]{1,4}|%20|\\u0020)([a-z0-9._~+/-]{8,}+=*+)",
        check=is_random_word,
        reads_lower=True,
        reason="RFC 6750, where the header's name is not shown",
        examples=("sent Bearer «abc123def456ghi» to upstream",),
        near_misses=("Bearer authentication is required", "missing bearer token"),
    ),
    Rule(
        name="basic",
        placeholder="CREDENTIAL",
        keywords=("basic ",),
        pattern=r"[Bb](?:asic|ASIC)[ \t]{1,4}([A-Za-z0-9+/]{6,}+={0,2})",
        check=is_basic_credential,
        reason="RFC 7617, where the header's name is not shown",
        examples=("proxy sent Basic «dXNlcjpwYXNzd29yZA==»",),
        near_misses=("Basic authentication failed", "basic health check passed"),
    ),
    Rule(
        name="cookie_header",
        placeholder="COOKIE",
        keywords=("cookie",),
        pattern=rf"""
            cookie (?: (?<=set-cookie) | (?<![a-z_]cookie) ) s? {_HEADER_SEP}
            (?: (?<=["']) ( [^"'\n\\\0]++ ) | ( [^\s"'\\\0=,{{}}]{{1,128}}+=[^\n"'\\\0]*+ ) )""",
        check=_is_cookie,
        reads_lower=True,
        reason="RFC 6265: a session in a cookie is as good as a password",
        examples=(
            "Cookie: «sid=31d4d96e407aad42; theme=dark»",
            '{"set-cookie":"«sid=31d4d96e407aad42; Path=/»"}',
        ),
        near_misses=("cookie: not found", "Cookie: expired", "invalid cookie name"),
    ),
    Rule(
        name="session_cookie",
        placeholder="COOKIE",
        keywords=("jsessionid", "phpsessid", "aspsessionid", "asp.net_sessionid", "connect.sid", "sessionid"),
        pattern=r"""
            (?: jsessionid | phpsessid | aspsessionid[a-z]{0,8} | asp\.net_sessionid | connect\.sid
              | (?<=["'; ])sessionid )
            (?:=|%3d|["'][ ]?:[ ]?["']) ([^\s"',;&?\\\0]{8,}+)""",
        reads_lower=True,
        reason="session cookies by the names that servers give them, in URLs too",
        examples=("GET /cart;JSESSIONID=«1A530637289A03B07199A44E8D531427»?x=1",),
        near_misses=("JSESSIONID=short", "no JSESSIONID in request"),
    ),
)
