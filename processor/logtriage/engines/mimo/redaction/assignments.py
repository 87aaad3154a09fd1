"""Rows for values behind a key that names a secret, and for signed URLs."""

from __future__ import annotations

from logtriage.engines.mimo.redaction.assignment_checks import is_key, is_password, is_secret, is_signature, is_token
from logtriage.engines.mimo.redaction.rule import Check, Rule
from logtriage.engines.mimo.redaction.value_shapes import behind

_KINDS: tuple[tuple[str, str, str, Check], ...] = (
    ("password", "pass", r"(?: word | wd | phrase | code | wort )? s?", is_password),
    ("password", "pwd", "", is_password),
    ("password", "pw", r"(?: (?<![a-z0-9+/]pw) | (?<=bindpw) | (?<=rootpw) )", is_password),
    ("key", "key", r"(?: [_-]?id )?", is_key),
    ("token", "token", "s?", is_token),
    ("token", "jwt", r"(?<![a-z]jwt)", is_token),
    ("token", "otp", r"(?<![a-su-z]otp)", is_token),
    ("token", "cvv", r"2?", is_token),
    ("token", "cvc", r"2?", is_token),
    ("secret", "secret", "s?", is_secret),
    ("secret", "cred", r"(?: ential )? s?", is_secret),
    ("secret", "auth", r"(?<![a-z]auth)", is_secret),
)
"""Placeholder, what the key's last word begins with, how it goes on, and what values it takes."""

_EXAMPLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "pwd": (("Server=db;Uid=sa;Pwd=«S3cr;et»;Encrypt=yes",), ("PWD=/home/app/src",)),
    "pw": (
        (
            "user=app pw=«hunter2»",
            "ldap bindpw=«hunter2»",
        ),
        ("npw=hunter2", "pw=null"),
    ),
    "jwt": (("jwt=«a8f5f167f44f»",), ("jwt: expired", "ajwt=a8f5f167f44f")),
    "otp": (("otp=«123456» is wrong, totp: «654321»",), ("otp: expired", "hotp2=none")),
    "cvv": (('{"cvv":"«123»"}',), ("cvv: missing",)),
    "cvc": (("cvc2=«123»",), ("cvc=abc",)),
    "cred": (("creds=«a8f5f167»", "credential: «a8f5f167»"), ("credentials: expired", "incredible=a8f5f167")),
    "auth": (
        ('"auth": "«dXNlcjpwYXNzMQ==»"', "_auth=«dXNlcjpwYXNzMQ==»"),
        ("auth=SCRAM-SHA-256", "author=dXNlcjpwYXNzMQ"),
    ),
    "pass": (
        (
            "login with password=«hunter2» failed",
            '{"password": "«p@ss w0rd»", "user": "a"}',
            '{\\"db_password\\":\\"«hunter2»\\",\\"port\\":5432}',
            "jdbc:mysql://db:3306/shop?user=app&password=«S3cret&more»&ssl=true",
            "config {User:app DBPassword:«hunter2» Host:db}",
            "DB_PASS=«letmein»",
            "db.password.prod=«hunter2»",
            '<entry key="password">«hunter2»</entry>',
            "&lt;password&gt;«hunter2»&lt;/password&gt;",
            '"password": {"value": "«hunter2»"}',
            'password = """«hunter2»"""',
            '<wsse:Password Type="x">«hunter2»</wsse:Password>',
            '{"name":"DB_PASSWORD","value":"«hunter2»"}',
            '<add key="Password" value="«hunter2»"/>',
            "exec failed: app --db-password «S3cret!9» --port 1",
        ),
        (
            "Access denied for user 'a'@'b' (using password: YES)",
            "password: must be at least 8 characters",
            "password=null",
            "password=****",
            "PASSWORD=${DB_PASSWORD}",
            "12 tests, pass=11 fail=1",
            "PasswordAuthenticationException: no match",
            "password_file=/run/secrets/db",
            "<password></password>",
            "<password>****</password> was refused: see </log>",
            "use --password to set one",
            "the password hunter2x is a word of this sentence",
        ),
    ),
    "key": (
        (
            "api_key=«9f8e7d6c5b4a»",
            "<apiKey>«a8f5f167»</apiKey>",
            "AccountKey=«q0x1Zk/9+a==»;EndpointSuffix=x",
            '"secretAccessKey": "«wJalrXUtnFEMIK7MDENG»"',
        ),
        ("primary_key=customer_id", "cache key=user:17", "api_key=missing", "private_key=/etc/ssl/tls.key"),
    ),
    "token": (
        (
            "token=«a8f5f167f44f4964»",
            "refresh_token: '«1q2w3e4r5t»'",
            "- name: API_TOKEN\n  value: «a8f5f167»",
            "['app', '--token', '«a8f5f167»']",
        ),
        (
            "Unexpected token: EOF",
            "token=-9223372036854775808",
            "max_tokens=4096",
            "next_token=a8f5f167f4",
            "token_count: 128000",
            "flag --token is deprecated",
            "token has no value",
            "wtoken=a8f5f167",
        ),
    ),
    "secret": (
        ("client_secret=«a8f5f167f44f»", "clientSecret\\u003d«a8f5f167f44f»"),
        (
            'secret "db-credentials" not found',
            "secret: default/db-credentials-7f9c",
            "secretName=tls-2024",
        ),
    ),
}


ASSIGNMENTS: tuple[Rule, ...] = (
    *(
        Rule(
            name=f"{head}_value",
            placeholder=placeholder.upper(),
            keywords=(head,),
            pattern=behind(head, tail),
            check=check,
            reads_lower=True,
            reason=f"what stands behind a key whose last word begins with {head}",
            examples=_EXAMPLES[head][0],
            near_misses=_EXAMPLES[head][1],
        )
        for placeholder, head, tail, check in _KINDS
    ),
    Rule(
        name="code_parameter",
        placeholder="TOKEN",
        keywords=("code=", "ticket=", "assertion=", "?key=", "&key="),
        pattern=r"[?&] (?: code | ticket | assertion | key ) = ( [^\s&\"'<>\\\0]++ )",
        check=is_signature,
        reads_lower=True,
        reason="OAuth's code and CAS's ticket in an address, Google's key",
        examples=("GET /cb?code=«4x0AbCdEf12345678»&state=1 400",),
        near_misses=("GET /cb?code=404", "GET /cb?error_code=4x0AbCdEf12345678"),
    ),
    Rule(
        name="url_signature",
        placeholder="SIGNATURE",
        keywords=("sig=", "sig%3d", "signature=", "hmac=", "x-amz-", "x-goog-", "x-oss-"),
        pattern=r"""
            (?: (?<=[?&;])(?:sig|signature|hmac) | x-(?:amz|goog|oss)-(?:signature|credential) ) (?: = | %3d )
            ( [^\s&"'<>\\\0]++ )""",
        check=is_signature,
        reads_lower=True,
        reason="a signed URL (Azure SAS, AWS, Google) is a credential",
        examples=("PUT https://a.example/c?sv=2022&sig=«q0x1Zk%2F9a8f5f167f44f4964%3D»&se=2024",),
        near_misses=("sig=11", "signature=v4"),
    ),
)
