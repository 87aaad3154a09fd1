"""Check the settings of the engine `mimo` against each other and against what is known of sellers and models."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from typing import Any

from logtriage.config.endpoints import Endpoint
from logtriage.config.mimo_facts import SELLERS, Seller, is_token_plan_host, replacement_of
from logtriage.config.settings import Settings
from logtriage.errors import SettingFault
from logtriage.schema.provenance import EngineName

KEY_VARIABLE = "MIMO_API_KEY"


def with_key_of_environment(tree: Mapping[str, Any], env: Mapping[str, str]) -> dict[str, Any]:
    """Put the key from the environment into the tree of settings, where the file has none and `local` is not chosen."""
    key = env.get(KEY_VARIABLE, "").strip()
    section = tree.get("mimo", {})
    if not key or tree.get("engine") == "local" or not isinstance(section, dict) or section.get("api_key"):
        return dict(tree)
    return {**tree, "mimo": {**section, "api_key": key}}


def check_mimo(settings: Settings) -> Iterator[SettingFault]:
    """Give the faults of `mimo`, if it is the engine that judges."""
    if settings.engine_name is not EngineName.MIMO:
        return
    mimo = settings.mimo
    facts = SELLERS[mimo.seller]
    if facts.needs_key and not mimo.has_key:
        yield SettingFault(
            "mimo.api_key", None, f"is not set, and `{mimo.seller}` needs one: set `{KEY_VARIABLE}` or this setting"
        )
    if mimo.is_plaintext and not mimo.is_loopback and not mimo.allow_plaintext:
        yield SettingFault(
            "mimo.base_url",
            mimo.url,
            "would send log text and key unencrypted: write `https://`, or set `mimo.allow_plaintext: true` if the "
            "network between is yours",
        )
    if is_token_plan_host(mimo.host):
        yield SettingFault(
            "mimo.base_url",
            mimo.url,
            "is a host of the Token Plan, whose terms forbid application backends: write "
            f"`{SELLERS[Seller.XIAOMI].base_url}` and use a pay-as-you-go key",
        )
    if mimo.structured not in facts.structured:
        yield SettingFault(
            "mimo.structured",
            mimo.structured.value,
            f"is not documented by `{mimo.seller}`: use `json_object`, or `none`",
        )
    if mimo.tls.ca_file and mimo.is_plaintext:
        yield SettingFault(
            "mimo.tls.ca_file",
            mimo.tls.ca_file,
            f"is not used: calls to `mimo.base_url` (`{mimo.url}`) leave in plaintext. Write `https://` there, or "
            "leave this out",
        )
    elif mimo.tls.ca_file and (problem := _why_no_certificates(mimo.tls.ca_file)):
        yield SettingFault("mimo.tls.ca_file", mimo.tls.ca_file, problem)
    yield from _own_address_faults(settings)
    yield from _model_faults(settings)


def _own_address_faults(settings: Settings) -> Iterator[SettingFault]:
    mimo, metrics = settings.mimo, settings.telemetry.metrics
    target = Endpoint(host=mimo.host, port=mimo.port)
    for name, endpoint, listen in (
        ("receiver.endpoint", settings.receiver.endpoint, settings.receiver.listen),
        ("telemetry.metrics.endpoint", metrics.endpoint, metrics.listen),
    ):
        if listen is not None and target.shares_port_with(listen):
            yield SettingFault(
                "mimo.base_url",
                mimo.url,
                f"is LogTriage itself (`{name}` is `{endpoint}`): give the address of a model's endpoint",
            )


def _why_no_certificates(path: str) -> str | None:
    try:
        ssl.create_default_context(cafile=path)
    except ssl.SSLError:
        return "has no certificate in PEM form"
    except (OSError, ValueError):
        return "cannot be read: give the path of a PEM file"
    return None


def _model_faults(settings: Settings) -> Iterator[SettingFault]:
    mimo = settings.mimo
    prefix = SELLERS[mimo.seller].model_prefix
    if not mimo.model.strip() or mimo.model != mimo.model.strip():
        yield SettingFault("mimo.model", mimo.model, "is empty or has spaces around it: write the model's id")
    elif mimo.seller is Seller.XIAOMI and mimo.model != mimo.model.lower():
        yield SettingFault("mimo.model", mimo.model, f"has capitals, which are refused: write `{mimo.model.lower()}`")
    elif mimo.seller is Seller.XIAOMI and (replacement := replacement_of(mimo.model)):
        yield SettingFault("mimo.model", mimo.model, f"is served no more by Xiaomi: use `{replacement}`")
    elif prefix and "/" not in mimo.model:
        yield SettingFault(
            "mimo.model", mimo.model, f"has no vendor in front, as `{mimo.seller}` wants it: `{prefix}{mimo.model}`"
        )
    elif mimo.token_price is None:
        yield SettingFault(
            "mimo.model",
            mimo.model,
            "has no known price, so `mimo.usd_per_day` cannot be kept: set `mimo.price.input_usd` and "
            "`mimo.price.output_usd`",
        )
