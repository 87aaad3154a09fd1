"""Settings of the engine that asks a model: which endpoint, how it is asked, and what may be spent."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, SecretStr, field_validator

from logtriage.config.durations import Seconds
from logtriage.config.endpoints import Endpoint
from logtriage.config.mimo_facts import SELLERS, Price, Seller, Structured, is_token_plan_key, model_facts
from logtriage.config.section import Count, FilePath, Flag, Section

KIB = 1024
_TOKEN_PLAN = (
    "is a Token Plan key: its terms forbid scripts and application backends, and it works on other hosts only. "
    "Make a pay-as-you-go key (`sk-...`) in the console of Xiaomi's MiMo platform"
)


class Thinking(StrEnum):
    """Whether the model thinks before it answers."""

    ENABLED = "enabled"
    DISABLED = "disabled"


def _checked_amount(amount: float) -> float:
    if not 0 <= amount < 1e9:
        raise ValueError("is no amount of money: write US dollars, for example `5.0`")
    return amount


def _checked_share(share: float) -> float:
    if not 0 < share <= 1:
        raise ValueError("is no share: write a number above 0 and up to 1, for example `0.2`")
    return share


Usd = Annotated[float, AfterValidator(_checked_amount)]
"""US dollars."""
Share = Annotated[float, AfterValidator(_checked_share)]
"""A part of a whole."""


class PriceSettings(Section):
    """What a million tokens cost, in US dollars."""

    cached_input_usd: Usd | None = Field(None, description="Input that the seller had cached. Not set: list price.")
    input_usd: Usd | None = Field(None, description="Input. Not set: list price of the model.")
    output_usd: Usd | None = Field(None, description="Output, thinking included. Not set: list price of the model.")


class MimoTlsSettings(Section):
    """TLS towards the endpoint."""

    ca_file: FilePath = Field(
        "", description="Certificates (PEM) that the endpoint's is checked against. Empty: those of the system."
    )


class MimoSettings(Section):
    """The engine `mimo`: asks a model about what no verdict is known for."""

    api_key: SecretStr = Field(
        SecretStr(""),
        description=(
            "The key. Empty: the environment variable `MIMO_API_KEY`. Pay-as-you-go keys only; a server of your own "
            "may need none."
        ),
    )
    seller: Seller = Field(
        Seller.XIAOMI,
        description=(
            "Whose endpoint it is: `xiaomi`, `vllm`, `sglang`, `llama_cpp` or `openrouter`. Decides how thinking is "
            "switched and where the reasoning appears."
        ),
    )
    base_url: str = Field(
        "",
        description=(
            "The endpoint, up to `/v1`. Redacted text of log records is sent there. Empty: the seller's usual one "
            "(`https://api.xiaomimimo.com/v1` for `xiaomi`, ports 8000, 30000 and 8080 of this machine for the servers "
            "of your own)."
        ),
    )
    allow_plaintext: Flag = Field(False, description="Let `base_url` be `http://` for a host other than this machine.")
    proxy_url: SecretStr = Field(
        SecretStr(""),
        description=(
            "A proxy for the calls, `http://host:port`; its value is shown nowhere. Empty: none, whatever the "
            "environment says."
        ),
    )
    tls: MimoTlsSettings = Field(default_factory=MimoTlsSettings, description="TLS towards the endpoint.")
    model: str = Field(
        "mimo-v2.6-flash",
        description="The model's id, as the endpoint has it (`xiaomi/mimo-v2.6-flash` with `openrouter`).",
    )
    thinking: Thinking = Field(
        Thinking.ENABLED, description="`enabled`: the model thinks first; `disabled`: it answers at once, for less."
    )
    structured: Structured = Field(
        Structured.JSON_OBJECT,
        description=(
            "How the endpoint is asked for JSON: `json_object`, `json_schema` (not with `xiaomi`) or `none` (the "
            "prompt alone). Every answer is checked, whatever this says."
        ),
    )
    timeout: Seconds = Field(90.0, gt=0, description="All tries of one question together may take this long.")
    connect_timeout: Seconds = Field(5.0, gt=0, description="Connecting, TLS included, may take this long.")
    max_completion_tokens: Count = Field(
        4096, ge=1, le=131_072, description="Thinking and answer together may have this many tokens."
    )
    max_attempts: Count = Field(
        3, ge=1, le=10, description="HTTP calls for one question, the first and those after a failure together."
    )
    max_answer_kib: Count = Field(256, ge=1, le=65_536, description="Of an answer, at most this many KiB are read.")
    requests_per_minute: Count = Field(
        100, ge=1, description="Calls a minute: what Xiaomi allows one account, all of its keys together."
    )
    tokens_per_minute: Count = Field(10_000_000, ge=1, description="Tokens a minute, input and output together.")
    max_concurrency: Count = Field(8, ge=1, le=1000, description="Calls under way at once.")
    usd_per_day: Usd = Field(5.0, description="US dollars a day, thinking included. `0`: no call is made.")
    reserve_share: Share = Field(
        0.2, description="Share of each budget that only fingerprints that were never seen before may use."
    )
    cap_per_service_share: Share = Field(
        0.25, description="Share of each budget that one service may use while others ask, too."
    )
    price: PriceSettings = Field(
        default_factory=PriceSettings, description="What a million tokens cost, where it is not the list price."
    )

    @field_validator("api_key")
    @classmethod
    def _check_key(cls, key: SecretStr) -> SecretStr:
        text = key.get_secret_value()
        if is_token_plan_key(text):
            raise ValueError(_TOKEN_PLAN)
        if text and not all("!" <= character <= "~" for character in text):
            raise ValueError("has a space, a line break or a character outside ASCII: no key has one")
        return key

    @field_validator("proxy_url")
    @classmethod
    def _check_proxy_url(cls, url: SecretStr) -> SecretStr:
        text = url.get_secret_value()
        try:
            parts = urlsplit(text)
            is_proxy = not text or (parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0)
        except ValueError:
            is_proxy = False
        if not is_proxy:
            raise ValueError("is no URL of a proxy: write `http://host:port`")
        return url

    @field_validator("base_url")
    @classmethod
    def _check_base_url(cls, url: str) -> str:
        if url:
            parse_base_url(url)
        return url

    @property
    def url(self) -> str:
        """`base_url`, or the seller's usual one; without a slash at the end."""
        return (self.base_url or SELLERS[self.seller].base_url).rstrip("/")

    @property
    def host(self) -> str:
        """The host that sees redacted text of log records."""
        return parse_base_url(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The port of `url`."""
        parts = parse_base_url(self.url)
        return parts.port or (443 if parts.scheme == "https" else 80)

    @property
    def is_plaintext(self) -> bool:
        """True if what is sent is not encrypted."""
        return parse_base_url(self.url).scheme == "http"

    @property
    def is_loopback(self) -> bool:
        """True if what is sent stays on this machine."""
        return Endpoint(host=self.host).is_loopback

    @property
    def has_key(self) -> bool:
        """True if there is a key."""
        return bool(self.api_key.get_secret_value())

    @property
    def max_answer_bytes(self) -> int:
        """`max_answer_kib` in bytes."""
        return self.max_answer_kib * KIB

    @property
    def token_price(self) -> Price | None:
        """The price that calls are counted at; None if it is neither known nor set. Servers of one's own cost 0."""
        known = model_facts(self.seller, self.model) if SELLERS[self.seller].is_paid else None
        listed = known.price if known is not None else None
        if listed is None and not SELLERS[self.seller].is_paid:
            listed = Price(cached_input_usd=0.0, input_usd=0.0, output_usd=0.0)
        wanted = self.price
        if listed is None:
            if wanted.input_usd is None or wanted.output_usd is None:
                return None
            listed = Price(cached_input_usd=wanted.input_usd, input_usd=wanted.input_usd, output_usd=wanted.output_usd)
        return Price(
            cached_input_usd=_either(wanted.cached_input_usd, listed.cached_input_usd),
            input_usd=_either(wanted.input_usd, listed.input_usd),
            output_usd=_either(wanted.output_usd, listed.output_usd),
        )


def _either(wanted: float | None, otherwise: float) -> float:
    return otherwise if wanted is None else wanted


def parse_base_url(url: str) -> SplitResult:
    """Take the URL of an endpoint apart.

    Raises:
        ValueError: with what to write instead.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("is no URL: write `https://host/v1`") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("is no URL with `https://` and a host: write `https://host/v1`")
    if not url.isascii() or any(character <= " " for character in url) or port == 0:
        raise ValueError("has characters or a port that no URL has: write `https://host/v1`")
    if parts.username is not None or parts.password is not None:
        raise ValueError("has a user name in it: put the key into `mimo.api_key`")
    if parts.query or parts.fragment:
        raise ValueError("has a `?` or `#` in it: write it up to `/v1`")
    path = parts.path.rstrip("/")
    if path.endswith("/chat/completions"):
        raise ValueError("has the path of a call: write it up to `/v1`, without `/chat/completions`")
    if path.endswith("/anthropic"):
        raise ValueError("is the address of another protocol: write the one that ends in `/v1`")
    return parts
