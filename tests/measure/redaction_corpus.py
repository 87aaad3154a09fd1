"""Generate what redaction is measured on: secrets of many kinds in log lines, and clean lines that look like them.

Everything is made up from a seed; nothing is taken from a real log, and no key was ever valid. Prefixes of vendors are
put together from pieces, so that no scanner of sources takes them for real ones.
"""

from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LETTERS = string.ascii_letters
ALPHANUMERIC = LETTERS + string.digits
URL_SAFE = ALPHANUMERIC + "-_"
HEX = "0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Planted:
    """A line, its secrets and their kind; ``is_structured``: the form gives it away, not a key in front of it."""

    kind: str
    line: str
    secrets: tuple[str, ...]
    is_structured: bool


class Corpus:
    """Lines from a seed."""

    def __init__(self, seed: int = 20260801) -> None:
        self.random = random.Random(seed)

    def some(self, alphabet: str, low: int, high: int | None = None) -> str:
        """Give a random string of ``low`` to ``high`` characters, with a digit and a letter where that is possible."""
        length = self.random.randint(low, high or low)
        value = [self.random.choice(alphabet) for _ in range(length)]
        for wanted in ("".join(filter(str.isdigit, alphabet)), "".join(filter(str.isalpha, alphabet))):
            if wanted and length >= 6 and not set(value) & set(wanted):
                value[self.random.randrange(length)] = self.random.choice(wanted)
        return "".join(value)

    def password(self) -> str:
        """Give a password as people and generators make them."""
        match self.random.randrange(5):
            case 0:
                return self.random.choice(("hunter", "letmein", "dragon", "sommer", "Qwerty")) + self.some(
                    "0123456789!$", 2, 4
                )
            case 1:
                return self.some(ALPHANUMERIC + "!#$%*+-_.?^~", 10, 24)
            case 2:
                return "-".join(
                    self.random.choice(("correct", "horse", "battery", "staple", "orbit")) for _ in range(4)
                )
            case 3:
                return self.some(ALPHANUMERIC, 8, 32)
            case _:
                return self.random.choice(("Pa$$w0rd", "P@ssw0rd!", "S3cr3t", "changeit", "tr0ub4dor&3")) + self.some(
                    HEX, 2
                )

    def base64(self, low: int, high: int) -> str:
        """Give base64 of random bytes."""
        return base64.b64encode(self.random.randbytes(self.random.randint(low, high))).decode()

    def jwt(self) -> str:
        """Give a JSON Web Token."""
        parts = (
            json.dumps({"alg": self.random.choice(("HS256", "RS256", "ES256")), "typ": "JWT"}).encode(),
            json.dumps({"sub": self.some(HEX, 12), "exp": self.random.randint(10**9, 2 * 10**9)}).encode(),
            self.random.randbytes(32),
        )
        return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)

    def card(self) -> str:
        """Give a card number with its check digit, grouped or not."""
        digits = [int(c) for c in self.random.choice(("4539", "5425", "4916", "5105", "6011"))]
        digits += [self.random.randrange(10) for _ in range(11)]
        total = sum(d if i % 2 else (d * 2 - 9 * (d > 4)) for i, d in enumerate(digits))
        number = "".join(map(str, (*digits, -total % 10)))
        separator = self.random.choice(("", " ", "-"))
        return separator.join(number[i : i + 4] for i in range(0, 16, 4))

    def iban(self) -> str:
        """Give a German or British account number with its check digits."""
        country, bank = self.random.choice((("DE", self.digits(18)), ("GB", "WEST" + self.digits(14))))
        check = 98 - int("".join(str(int(c, 36)) for c in bank + country + "00")) % 97
        number = f"{country}{check:02d}{bank}"
        return self.random.choice((number, " ".join(number[i : i + 4] for i in range(0, len(number), 4))))

    def digits(self, count: int) -> str:
        """Give digits."""
        return "".join(self.random.choice("0123456789") for _ in range(count))

    def email(self) -> str:
        """Give an address."""
        names = ("jane.doe", "m.mueller", "ops+alerts", "li_wei", "o.brien77")
        domain = self.random.choice(("mail.example.com", "corp.example.org"))
        return f"{self.random.choice(names)}{self.random.randint(1, 999)}@{domain}"

    def private_key(self) -> str:
        """Give a private key in PEM, newlines escaped or not, whole or cut off."""
        kind = self.random.choice(("", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "))
        body = self.base64(600, 900)
        lines = [body[i : i + 64] for i in range(0, len(body), 64)]
        newline = self.random.choice(("\n", "\\n"))
        whole = newline.join((f"-----BEGIN {kind}PRIVATE KEY-----", *lines, f"-----END {kind}PRIVATE KEY-----"))
        return whole if self.random.random() < 0.7 else whole[: len(whole) // 2]


def structured(corpus: Corpus) -> dict[str, Callable[[], str]]:
    """Kinds whose form gives them away, each with what makes one."""
    some, rng = corpus.some, corpus.random
    return {
        "private key": corpus.private_key,
        "jwt": corpus.jwt,
        "aws key id": lambda: rng.choice(("AK", "AS")) + "IA" + some("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16),
        "google api key": lambda: "AI" + "za" + some(URL_SAFE, 35),
        "google oauth": lambda: "ya" + "29." + some(URL_SAFE, 60, 120),
        "google client secret": lambda: "GOC" + "SPX-" + some(URL_SAFE, 28),
        "azure client secret": lambda: some(ALPHANUMERIC, 3) + "8" + "Q~" + some(ALPHANUMERIC + "_.-", 34),
        "github token": lambda: "gh" + rng.choice("pousr") + "_" + some(ALPHANUMERIC, 36),
        "github fine-grained": lambda: "github" + "_pat_" + some(ALPHANUMERIC, 22) + "_" + some(ALPHANUMERIC, 59),
        "gitlab token": lambda: "gl" + "pat-" + some(URL_SAFE, 20),
        "slack token": lambda: f"{'xox'}{rng.choice('bp')}-{corpus.digits(12)}-{some(ALPHANUMERIC, 24)}",
        "slack webhook": lambda: f"T{some('ABCDEF0123', 8)}/B{some('ABCDEF0123', 8)}/{some(ALPHANUMERIC, 24)}",
        "stripe key": lambda: rng.choice("sr") + "k_" + rng.choice(("live", "test")) + "_" + some(ALPHANUMERIC, 24, 99),
        "twilio key": lambda: "S" + "K" + some(HEX, 32),
        "sendgrid key": lambda: "S" + "G." + some(URL_SAFE, 22) + "." + some(URL_SAFE, 43),
        "npm token": lambda: "np" + "m_" + some(ALPHANUMERIC, 36),
        "pypi token": lambda: "py" + "pi-AgEIcHlwaS5vcmc" + some(URL_SAFE, 100, 150),
        "sk key": lambda: "s" + "k-" + rng.choice(("", "proj-", "ant-api03-", "or-v1-")) + some(URL_SAFE, 32, 100),
        "hugging face token": lambda: "h" + "f_" + some(ALPHANUMERIC, 34),
        "telegram bot": lambda: f"{corpus.digits(9)}9:AA" + some(URL_SAFE, 33),
        "vault token": lambda: "hv" + "s." + some(URL_SAFE, 24, 90),
        "digitalocean token": lambda: "do" + "p_v1_" + some(HEX, 64),
        "shopify token": lambda: "shp" + "at_" + some(HEX, 32),
        "databricks token": lambda: "da" + "pi" + some(HEX, 32),
        "grafana token": lambda: "gl" + "sa_" + some(ALPHANUMERIC, 32) + "_" + some(HEX, 8),
        "bcrypt hash": lambda: f"$2{rng.choice('aby')}$12$" + some(ALPHANUMERIC + "./", 53),
        "crypt hash": lambda: f"$6${some(ALPHANUMERIC, 8)}$" + some(ALPHANUMERIC + "./", 86),
        "argon2 hash": lambda: "$argon2id$v=19$m=65536,t=3,p=4$" + some(LETTERS, 22) + "$" + some(ALPHANUMERIC, 43),
        "card": corpus.card,
        "iban": corpus.iban,
        "email": corpus.email,
    }  # fmt: skip


WRAPPED: dict[str, str] = {
    "slack webhook": "https://hooks.slack.com/services/{}",
}

FRAMES = (
    "2026-03-01T10:11:12.345Z ERROR [checkout] upstream refused {} with 401 after 3 retries",
    'level=error msg="request rejected" credential={} attempt=2',
    '{{"level":"error","msg":"cannot use {}","service":"billing"}}',
    "E0301 10:11:12.345678       1 sync.go:88] failed to sync {}: context deadline exceeded",
    "java.lang.IllegalStateException: bad value <{}>\n\tat com.shop.Cart.pay(Cart.java:88)",
    "could not load '{}', giving up",
    "{}",
    'payload was \\"{}\\" (truncated)',
    "GET https://api.shop.test/v1/items?next={} 502",
)

KEY_FRAMES: tuple[tuple[str, str, str], ...] = (
    ("password=value", "password", "login failed password={} host=db-1"),
    ("passwd: value", "password", "cannot bind, passwd: {}"),
    ("env", "password", "DB_PASSWORD={}"),
    ("env pass", "password", "exporting MYSQL_PASS={}"),
    ("json password", "password", '{{"user":"app","password":"{}","port":5432}}'),
    ("escaped json", "password", 'body was {{\\"password\\":\\"{}\\",\\"x\\":1}}'),
    ("python repr", "password", "config {{'user': 'app', 'password': '{}', 'db': 1}}"),
    ("go struct", "password", "dial with {{User:app Password:{} Host:db}}: refused"),
    ("yaml", "password", "cannot parse:\n  user: app\n  password: {}\n  host: db"),
    ("ruby hash", "password", '{{:user=>"app", :password=>"{}"}} is invalid'),
    ("ado", "password", "Server=db;Database=shop;User Id=app;Password={};Encrypt=True"),
    ("jdbc", "password", "jdbc:postgresql://db:5432/shop?user=app&password={}&ssl=true"),
    ("xml", "password", '<wsse:UsernameToken><wsse:Password Type="t">{}</wsse:Password></wsse:UsernameToken>'),
    ("flag", "password2", "exec failed: app --db-password {} --port 1: exit status 1"),
    ("flag=", "password", "exec failed: app --password={} --port 1: exit status 1"),
    ("mysql -p", "password2", "+ mysqldump -u root -p{} shop"),
    ("curl -u", "password2", "+ curl -sf -u admin:{} https://x.example.com/api"),
    ("name and value", "password", '"env":[{{"name":"SMTP_PASSWORD","value":"{}"}}]'),
    ("url", "url", "dial postgres://app:{}@db.example.com:5432/shop: timeout"),
    ("url mongodb", "url", "mongodb+srv://app:{}@c0.example.net/db?retryWrites=true unreachable"),
    ("url redis", "url", "redis://:{}@cache:6379/0 refused"),
    ("url amqp", "url", "amqp://app:{}@mq:5672/%2f closed"),
    ("sql", "password", "statement failed: ALTER ROLE app WITH PASSWORD '{}'"),
    ("token=", "token", "denied: token={} scope=read"),
    ("api_key=", "token", "denied: api_key={} is revoked"),
    ("x-api-key", "token", "> X-Api-Key: {}\n> Host: api"),
    ("json secret", "token", '{{"client_id":"app","client_secret":"{}"}}'),
    ("json access token", "token", '{{"access_token": "{}", "expires_in": 3600}}'),
    ("query", "token", "GET /v1/items?access_token={}&page=2 401"),
    ("aws secret", "aws", "aws_secret_access_key = {}"),
    ("aws secret json", "aws", '{{"AccessKeyId":"x","SecretAccessKey":"{}"}}'),
    ("account key", "azure", "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={};Suffix=x.example"),
    ("sas", "sas", "PUT https://shop.blob.example/c/b?sv=2022-11-02&se=2026-01-01&sr=b&sp=rw&sig={} 403"),
    ("bearer", "token", "> Authorization: Bearer {}"),
    ("basic", "basic", "> authorization: Basic {}"),
    ("cookie", "token", "> Cookie: session={}; theme=dark"),
    ("docker auth", "basic", '{{"auths":{{"r.example":{{"auth":"{}"}}}}}}'),
    ("refresh token", "token", "refresh_token: {}"),
    ("signing secret", "token", "webhook signing_secret={} rejected"),
    ("npmrc", "token", "//registry.example/:_authToken={}"),
)  # fmt: skip


def key_value_secret(corpus: Corpus, kind: str) -> str:
    """Give a secret of a kind of `KEY_FRAMES`."""
    match kind:
        case "password":
            return corpus.password()
        case "password2":
            return corpus.some(ALPHANUMERIC + "!#%+_.", 8, 20)
        case "url":
            return corpus.some(ALPHANUMERIC + "!$*-_.~", 8, 24)
        case "aws":
            return corpus.base64(30, 30)
        case "azure":
            return corpus.base64(64, 64)
        case "sas":
            return corpus.base64(32, 32).replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
        case "basic":
            return base64.b64encode(f"app:{corpus.password()}".encode()).decode()
        case _:
            return corpus.some(corpus.random.choice((HEX, ALPHANUMERIC, URL_SAFE)), 16, 64)


def planted(seed: int = 20260801, *, each: int = 12) -> Iterator[Planted]:
    """Give lines with secrets: ``each`` of every kind."""
    corpus = Corpus(seed)
    for kind, make in structured(corpus).items():
        for _ in range(each):
            secret = make()
            line = corpus.random.choice(FRAMES).format(WRAPPED.get(kind, "{}").format(secret))
            yield Planted(kind, line, (secret,), is_structured=True)
    for kind, value, frame in KEY_FRAMES:
        for _ in range(each):
            secret = key_value_secret(corpus, value)
            yield Planted(kind, frame.format(secret), (secret,), is_structured=False)
