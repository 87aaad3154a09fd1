from __future__ import annotations

from pathlib import Path

import pytest

from logtriage.config.load import load_settings
from logtriage.config.mimo import MimoSettings
from logtriage.config.mimo_facts import MODELS, SELLERS, Seller, replacement_of
from logtriage.config.settings import Settings
from logtriage.errors import SettingFault, SettingsError
from logtriage.schema.provenance import EngineName

KEY = "sk-0123456789"


def faults_of(tmp_path: Path, text: str, env: dict[str, str] | None = None) -> dict[str, SettingFault]:
    path = tmp_path / "logtriage.yaml"
    path.write_text(text)
    try:
        load_settings(path, env or {})
    except SettingsError as error:
        return {fault.path: fault for fault in error.faults}
    return {}


def loaded(tmp_path: Path, text: str, env: dict[str, str] | None = None) -> Settings:
    path = tmp_path / "logtriage.yaml"
    path.write_text(text)
    return load_settings(path, env or {})


def test_without_a_key_local_judges() -> None:
    assert load_settings(None, {}).engine_name is EngineName.LOCAL


def test_a_key_in_the_environment_makes_mimo_judge() -> None:
    settings = load_settings(None, {"MIMO_API_KEY": KEY})

    assert settings.engine_name is EngineName.MIMO
    assert settings.mimo.api_key.get_secret_value() == KEY


def test_a_key_in_the_file_makes_mimo_judge_and_stands_before_the_environment(tmp_path: Path) -> None:
    settings = loaded(tmp_path, f"mimo: {{api_key: {KEY}}}", {"MIMO_API_KEY": "sk-other"})

    assert settings.engine_name is EngineName.MIMO
    assert settings.mimo.api_key.get_secret_value() == KEY


def test_an_empty_variable_is_no_key() -> None:
    assert load_settings(None, {"MIMO_API_KEY": " "}).engine_name is EngineName.LOCAL


def test_local_stays_local_whatever_the_environment_has(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "engine: local", {"MIMO_API_KEY": "tp-0123"})

    assert settings.engine_name is EngineName.LOCAL
    assert not settings.mimo.has_key


def test_a_server_of_ones_own_needs_no_key_and_costs_nothing(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "engine: mimo\nmimo: {seller: vllm, model: XiaomiMiMo/MiMo-V2.5}")

    assert settings.engine_name is EngineName.MIMO
    assert settings.mimo.url == "http://localhost:8000/v1"
    assert settings.mimo.token_price is not None
    assert settings.mimo.token_price.output_usd == 0.0


@pytest.mark.parametrize(
    ("text", "path", "problem"),
    [
        ("mimo: {api_key: tp-0123}", "mimo.api_key", "is a Token Plan key"),
        ("mimo: {api_key: ttp-0123}", "mimo.api_key", "Make a pay-as-you-go key"),
        ("mimo: {api_key: 'sk-01 23'}", "mimo.api_key", "has a space"),
        (
            "mimo: {api_key: K, base_url: 'http://model.example/v1'}",
            "mimo.base_url",
            "set `mimo.allow_plaintext: true`",
        ),
        ("mimo: {api_key: K, base_url: 'https://token-plan-cn.xiaomimimo.com/v1'}", "mimo.base_url", "Token Plan"),
        ("mimo: {base_url: model.example/v1}", "mimo.base_url", "is no URL"),
        ("mimo: {base_url: 'https://u:p@model.example/v1'}", "mimo.base_url", "has a user name"),
        ("mimo: {base_url: 'https://model.example/v1/chat/completions'}", "mimo.base_url", "up to `/v1`"),
        ("mimo: {base_url: 'https://model.example/v1?a=b'}", "mimo.base_url", "has a `?`"),
        ("mimo: {base_url: 'https://api.xiaomimimo.com/anthropic'}", "mimo.base_url", "another protocol"),
        ("mimo: {base_url: 'https://model.example:99999/v1'}", "mimo.base_url", "is no URL"),
        ("mimo: {api_key: K, model: mimo-v2.5}", "mimo.model", "use `mimo-v2.6-flash`"),
        ("mimo: {api_key: K, model: mimo-v2.5-pro}", "mimo.model", "use `mimo-v2.6-pro`"),
        ("mimo: {api_key: K, model: mimo-v2-flash}", "mimo.model", "use `mimo-v2.6-flash`"),
        ("mimo: {api_key: K, model: MiMo-V2.6-Flash}", "mimo.model", "write `mimo-v2.6-flash`"),
        ("mimo: {api_key: K, model: mimo-v9}", "mimo.model", "set `mimo.price.input_usd`"),
        ("mimo: {api_key: K, model: ''}", "mimo.model", "is empty"),
        ("mimo: {api_key: K, seller: openrouter}", "mimo.model", "`xiaomi/mimo-v2.6-flash`"),
        ("mimo: {api_key: K, structured: json_schema}", "mimo.structured", "is not documented by `xiaomi`"),
        ("mimo: {proxy_url: 'proxy:3128'}", "mimo.proxy_url", "write `http://host:port`"),
        ("mimo: {api_key: K, tls: {ca_file: /nowhere.pem}}", "mimo.tls.ca_file", "cannot be read"),
        ("mimo: {api_key: K, tls: {ca_file: /etc/hostname}}", "mimo.tls.ca_file", "has no certificate"),
        ("mimo: {usd_per_day: -0.5}", "mimo.usd_per_day", "is no amount of money"),
        ("mimo: {reserve_share: 1.5}", "mimo.reserve_share", "is no share"),
        ("mimo: {max_attempts: 0}", "mimo.max_attempts", "the least is `1`"),
    ],
)
def test_a_fault_names_its_place_and_what_to_do(tmp_path: Path, text: str, path: str, problem: str) -> None:
    faults = faults_of(tmp_path, text)

    assert path in faults
    assert problem in faults[path].problem


def test_a_token_plan_key_of_the_environment_is_refused_and_not_shown(tmp_path: Path) -> None:
    fault = faults_of(tmp_path, "detail: full", {"MIMO_API_KEY": "tp-secret-0123"})["mimo.api_key"]

    assert "Token Plan" in str(fault)
    assert "secret" not in str(fault)


def test_the_credentials_of_a_proxy_are_not_shown(tmp_path: Path) -> None:
    fault = faults_of(tmp_path, "mimo: {proxy_url: 'ftp://user:hunter2@proxy:1'}")["mimo.proxy_url"]

    assert "hunter2" not in str(fault)
    assert "hunter2" not in str(loaded(tmp_path, "mimo: {proxy_url: 'http://user:hunter2@proxy:1'}"))


def test_a_number_of_tokens_is_no_secret_and_is_shown(tmp_path: Path) -> None:
    for name in ("max_completion_tokens", "tokens_per_minute"):
        assert "(value: `0`)" in str(faults_of(tmp_path, f"mimo: {{{name}: 0}}")[f"mimo.{name}"])


def test_plaintext_is_allowed_to_this_machine_and_where_it_is_said(tmp_path: Path) -> None:
    assert not faults_of(tmp_path, "mimo: {api_key: K, base_url: 'http://127.0.0.1:8080/v1'}")
    assert not faults_of(tmp_path, "mimo: {api_key: K, base_url: 'http://m.example/v1', allow_plaintext: true}")


def test_a_successor_of_the_known_models_is_usable_once_its_price_is_set(tmp_path: Path) -> None:
    settings = loaded(tmp_path, "mimo: {api_key: K, model: mimo-v9, price: {input_usd: 1.0, output_usd: 2.0}}")

    assert settings.mimo.token_price is not None
    assert settings.mimo.token_price.cached_input_usd == 1.0


def test_a_price_of_zero_is_a_price() -> None:
    settings = MimoSettings.model_validate({"price": {"cached_input_usd": 0.0}})

    assert settings.token_price is not None
    assert settings.token_price.cached_input_usd == 0.0
    assert settings.token_price.input_usd == 0.14


def test_the_default_model_is_known_alive_and_has_the_seller_s_form_of_json() -> None:
    settings = MimoSettings()

    assert settings.model in MODELS
    assert replacement_of(settings.model) is None
    assert settings.structured in SELLERS[settings.seller].structured
    assert settings.is_plaintext is False


@pytest.mark.parametrize("model", MODELS)
def test_no_known_model_has_ended_and_all_ids_are_lower_case(model: str) -> None:
    assert replacement_of(model) is None
    assert model == model.lower()


@pytest.mark.parametrize("dead", ["mimo-v2.5", "mimo-v2.5-pro", "mimo-v2.5-pro-ultraspeed", "mimo-v2-omni"])
def test_each_replacement_is_a_known_model(dead: str) -> None:
    assert replacement_of(dead) in MODELS


@pytest.mark.parametrize("seller", Seller)
def test_every_seller_has_facts_with_a_certainty_and_a_source(seller: Seller) -> None:
    facts = SELLERS[seller]

    assert facts.certainty in {"A", "B", "C", "V", "D"}
    assert len(facts.source) > 20
    assert MimoSettings(seller=seller).url == facts.base_url
