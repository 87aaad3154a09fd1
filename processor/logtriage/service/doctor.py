"""Examine the settings and what they name: this machine, downstream, the model. Nothing of a log is read or sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from logtriage.config.advice import advice_on
from logtriage.config.load import WITHOUT_A_FILE, load_settings
from logtriage.config.mimo_checks import KEY_VARIABLE
from logtriage.config.settings import Settings
from logtriage.errors import SettingsError
from logtriage.schema.provenance import EngineName
from logtriage.service.doctor_downstream import check_downstream
from logtriage.service.doctor_machine import check_metrics, check_receiver
from logtriage.service.doctor_state import check_disk, check_state_folder
from logtriage.service.finding import Finding, State

_STAND_IN_KEY = "sk-not-set"
_NETWORK_CHECKS = ("downstream", "model")


async def examine(path: Path | None, env: Mapping[str, str], *, is_offline: bool) -> AsyncIterator[Finding]:
    """Yield one finding after the other, as soon as it is there. ``is_offline``: nothing leaves this machine."""
    _quieten()
    settings, is_keyless, found = _settings(path, env)
    yield found
    if settings is None:
        yield Finding(check="the rest", state=State.SKIPPED, found="it needs settings without faults")
        return
    yield check_state_folder(settings)
    yield check_disk(settings)
    yield await check_receiver(settings)
    yield await asyncio.to_thread(check_metrics, settings)
    if is_offline:
        for check in _NETWORK_CHECKS:
            yield Finding(check=check, state=State.SKIPPED, found="`--offline`: nothing is sent")
        return
    yield await check_downstream(settings.exporter)
    async for finding in _examine_model(settings, is_keyless=is_keyless):
        yield finding


async def _examine_model(settings: Settings, *, is_keyless: bool) -> AsyncIterator[Finding]:
    if settings.engine_name is not EngineName.MIMO:
        yield Finding(
            check="model",
            state=State.SKIPPED,
            found="the engine is `local`: no model is asked, no key is needed",
            advice=f"for verdicts by a model set `{KEY_VARIABLE}` (a pay-as-you-go key of Xiaomi's MiMo platform), and "
            "leave `engine` at `auto` or set it to `mimo`; or set `mimo.seller` and `mimo.base_url` to a server of "
            "your own",
        )
        return
    from logtriage.service.doctor_calls import check_calls
    from logtriage.service.doctor_endpoint import check_endpoint, check_key

    yield check_key(settings.mimo)
    worth_calling = False
    async for finding, is_worth_calling in check_endpoint(settings.mimo):
        worth_calling = is_worth_calling
        if is_keyless and finding.check == "model id" and finding.state is State.FAULT:
            finding = Finding(check="model id", state=State.SKIPPED, found="is told to who has a key")
        yield finding
    if is_keyless or not worth_calling:
        why = "they need a key" if is_keyless else "they would fail for the reason above"
        yield Finding(check="model calls", state=State.SKIPPED, found=why)
        return
    async for finding in check_calls(settings):
        yield finding


def _settings(path: Path | None, env: Mapping[str, str]) -> tuple[Settings | None, bool, Finding]:
    """Load the settings; if nothing but the model's key is missing, they are used without it."""
    source = str(path) if path is not None else WITHOUT_A_FILE
    try:
        settings = load_settings(path, env)
    except SettingsError as error:
        fault = Finding(check="settings", state=State.FAULT, found=str(error))
        is_only_the_key = [fault.path for fault in error.faults] == ["mimo.api_key"]
        keyless = _without_a_key(path, env) if is_only_the_key and not env.get(KEY_VARIABLE, "").strip() else None
        return keyless, keyless is not None, fault
    found = f"{source}: no fault; the engine is `{settings.engine_name}`"
    advice = advice_on(settings)
    if advice:
        told = "".join(f"\n  - {each}" for each in advice)
        return settings, False, Finding(check="settings", state=State.WARNING, found=found + told)
    return settings, False, Finding(check="settings", state=State.OK, found=found)


def _without_a_key(path: Path | None, env: Mapping[str, str]) -> Settings | None:
    try:
        settings = load_settings(path, {**env, KEY_VARIABLE: _STAND_IN_KEY})
    except SettingsError:
        return None
    keyless = settings.mimo.model_copy(update={"api_key": type(settings.mimo.api_key)("")})
    return settings.model_copy(update={"mimo": keyless})


def _quieten() -> None:
    """Let findings speak, not log lines of the parts that are tried."""
    logging.getLogger("logtriage").addHandler(logging.NullHandler())
