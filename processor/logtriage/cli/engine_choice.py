"""Settings for a command that lets its user choose the engine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from logtriage.config.checks import check_settings
from logtriage.config.load import WITHOUT_A_FILE, load_settings
from logtriage.config.mimo_checks import with_key_of_environment
from logtriage.config.settings import Settings
from logtriage.errors import SettingsError


def settings_for(path: Path | None, env: Mapping[str, str], *, engine: str | None, is_asked: bool = True) -> Settings:
    """Load the settings, with the engine that the user chose in place of the file's.

    For `local`, faults of the section ``mimo`` do not count; ``is_asked=False`` (nothing will be sent) lets a missing
    key pass.

    Raises:
        SettingsError: with all faults.
    """
    try:
        settings = load_settings(path, env)
    except SettingsError as error:
        if engine == "local" and all(_is_of_mimo(fault.path) for fault in error.faults):
            return Settings.model_validate({"engine": "local"})
        if not is_asked and [fault.path for fault in error.faults] == ["mimo.api_key"]:
            return load_settings(path, {**env, "MIMO_API_KEY": "sk-not-set"})
        raise
    if engine is None or engine == settings.engine.value:
        return settings
    tree = with_key_of_environment({**settings.model_dump(exclude_unset=True), "engine": engine}, env)
    chosen = Settings.model_validate(tree)
    faults = check_settings(chosen) if is_asked else []
    if faults:
        raise SettingsError(str(path) if path is not None else WITHOUT_A_FILE, faults)
    return chosen


def _is_of_mimo(path: str) -> bool:
    return path == "mimo" or path.startswith("mimo.")
