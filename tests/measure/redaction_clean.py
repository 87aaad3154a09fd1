"""Generate clean lines: identifiers, digests, times, payloads, code and prose that no redaction should touch."""

from __future__ import annotations

import base64
import string
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from measure.redaction_corpus import ALPHANUMERIC, HEX, Corpus

_KUBERNETES = "bcdfghjklmnpqrstvwxz2456789"
_SERVICES = ("cart", "billing", "auth-api", "token-service", "secret-sync", "key-manager")

LINES: tuple[tuple[str, str], ...] = (
    ("uuid", "ERROR order {uuid} not found for request_id={uuid}"),
    ("trace", 'level=error trace_id={hex32} span_id={hex16} msg="deadline exceeded"'),
    ("traceparent", "traceparent: 00-{hex32}-{hex16}-01 had no parent"),
    ("git", "build of commit {hex40} on branch feature/{hex8} failed"),
    ("digest", "pull of registry.example/app@sha256:{hex64} failed: manifest unknown"),
    ("md5", "checksum mismatch: want md5 {hex32}, have {hex32}"),
    ("times", "2026-03-{day}T10:11:12.{digits9}Z took {small}ms since 17{digits17}"),
    ("base64", "cannot decode message body {base64}: unexpected end of data"),
    ("base64 field", '{{"level":"error","data":"{base64}","offset":{digits12}}}'),
    ("hex dump", "bad frame {hex4} {hex4} {hex4} {hex4} {hex4} {hex4} {hex4} {hex4}"),
    ("address", "segfault at 0x{hex12} ip 00007f{hex10} sp 00007ff{hex9} error 4"),
    (
        "java",
        "java.lang.NullPointerException: key is null\n\tat com.shop.auth.TokenFilter.filter(TokenFilter.java:{small})\n"
        "\tat com.shop.{alnum6}$$Lambda$14/0x{hex16}.run(Unknown Source)",
    ),
    (
        "python",
        '  File "/app/auth/password.py", line {small}, in check_password\n    raise ValueError(f"bad secret {{x}}")\n'
        "ValueError: bad secret name",
    ),
    (
        "sql",
        'ERROR: duplicate key value violates unique constraint "users_pkey" DETAIL: Key (id)=({digits9}) exists. '
        "SELECT password, token FROM users WHERE id = $1",
    ),
    ("sql parameters", "Failing row contains ({small}, null, {uuid}, 2026-03-01 10:11:12+00)."),
    (
        "secret missing",
        'MountVolume.SetUp failed for volume "creds" : secret "{service}-tls" not found in pod shop/{pod}',
    ),
    ("kubernetes event", "Back-off restarting failed container {service} in pod {pod}_shop({uuid})"),
    ("secret name", "cannot read secret: shop/{service}-credentials: forbidden"),
    ("parser", "Unexpected token '<' in JSON at position {small}"),
    ("parser kind", "syntax error, unexpected token: IDENTIFIER"),
    ("token time", "token expired at 2026-03-{day}T10:11:12Z, {small} seconds ago"),
    ("token count", "max_tokens={digits6} exceeds the context"),
    ("bearer prose", "Bearer authentication is required to access this resource"),
    ("ring token", "range for token=-{digits19} moved to {service}"),
    ("password prose", 'FATAL: password authentication failed for user "{service}"'),
    ("password used", "Access denied for user 'app'@'10.0.0.7' (using password: YES)"),
    ("password ssh", "Failed password for invalid user admin from 10.1.2.3 port {digits4} ssh2"),
    ("password rule", "password: must contain at least 8 characters"),
    ("password missing", "DB_PASSWORD is not set"),
    ("password masked", "password=****** user=app"),
    ("password variable", "config: password=${{DB_PASSWORD}} could not be resolved"),
    ("password null", "no password supplied (password=null)"),
    ("primary key", "primary_key={digits6} is gone"),
    ("cache key", "cache miss key=user:{digits6}:cart"),
    ("partition key", "partition key={uuid} is hot"),
    ("key error", "KeyError: 'api_key'"),
    ("host key", "Host key verification failed."),
    ("routing key", "routing_key=orders.created.v2 has no queue"),
    ("key file", "private key file /etc/tls/tls.key is world readable"),
    (
        "settings",
        "secretName=app-tls tokenReview=enabled auth=SCRAM-SHA-256 auth_method=client-secret timeout={small}s",
    ),
    ("url", "GET https://api.example.com:8443/v1/items/{uuid}?page={small}&sort=created@desc 503"),
    ("numbers", "offset {digits18} lag {digits12} epoch 17{digits11} id {digits19}"),
    ("versions", "npm ERR! notarget No matching version found for lodash@^{small}.{small}.0"),
    ("units", "getty@tty{small}.service: Failed with result 'exit-code', status={small}"),
    ("object", "com.shop.Session@{hex8} leaked, ref=Ref{{{hex8} com.shop/.Main}}"),
    ("etag", 'If-None-Match: W/"{hex32}" x-request-id: {alnum22}'),
    ("certificate", "x509: certificate has expired, serial {hex2}:{hex2}:{hex2}:{hex2}:{hex2}:{hex2}, SHA256:{base64}"),
    ("ip", "dial tcp 10.1.{small}.7:5432: connect: connection refused (attempt {small})"),
    (
        "go panic",
        "goroutine 7 [running]:\nmain.(*Auth).Token(0xc000{hex6}, {{0x{hex6}, 0x5}})\n\t/auth.go:{small} +0x{hex2}",
    ),
    (
        "arn",
        "AccessDenied: arn:aws:secretsmanager:eu-west-1:{digits12}:secret:{service}-{alnum6} for role AROA{upper16}",
    ),
)


class _Filled(string.Formatter):
    """Fill a template: each field is made anew wherever it stands."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        rng, some = corpus.random, corpus.some
        self._makers: dict[str, Callable[[int], str]] = {
            "uuid": lambda _: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
            "hex": lambda length: some(HEX, length),
            "digits": corpus.digits,
            "alnum": lambda length: some(ALPHANUMERIC, length),
            "upper": lambda length: some("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", length),
            "base64": lambda _: base64.b64encode(rng.randbytes(rng.randint(20, 120))).decode(),
            "small": lambda _: str(rng.randint(1, 250)),
            "day": lambda _: f"{rng.randint(1, 28):02d}",
            "service": lambda _: rng.choice(_SERVICES),
            "pod": lambda _: f"{rng.choice(_SERVICES)}-{some(_KUBERNETES, 9)}-{some(_KUBERNETES, 5)}",
        }

    def get_value(self, key: int | str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        """Make a field; a number at its end is its length."""
        name = str(key)
        if name in self._makers:
            return self._makers[name](0)
        kind = name.rstrip(string.digits)
        return self._makers[kind](int(name[len(kind) :]))


def clean(seed: int = 20260802, *, count: int = 2400) -> Iterator[tuple[str, str]]:
    """Give ``(kind, line)``, the kinds in turn."""
    filled = _Filled(Corpus(seed))
    for i in range(count):
        kind, template = LINES[i % len(LINES)]
        yield kind, filled.format(template)
