"""Load the settings: read, expand, validate, cross-check; every fault is found before any is reported."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from logtriage.config.checks import check_settings
from logtriage.config.environment import Expansion, Loc, dotted, expand_environment
from logtriage.config.faults import fault_of, loc_of
from logtriage.config.mimo_checks import with_key_of_environment
from logtriage.config.settings import Settings
from logtriage.config.yaml_file import read_yaml
from logtriage.errors import SettingFault, SettingsError

WITHOUT_A_FILE = "the built-in settings"


def load_settings(path: Path | None, env: Mapping[str, str]) -> Settings:
    """Give the settings of a file; the built-in ones if ``path`` is None.

    Raises:
        SettingsError: with all faults of the file.
    """
    source = str(path) if path is not None else WITHOUT_A_FILE
    expansion = expand_environment(read_yaml(path) if path is not None else None, env)
    tree = {} if expansion.tree is None else expansion.tree
    if not isinstance(tree, dict):
        raise SettingsError(
            source, [SettingFault(dotted(()), None, "should be a mapping: `receiver:`, `exporter:`, ...")]
        )
    settings, faults = _validated(with_key_of_environment(tree, env), expansion)
    faults = {**faults, **expansion.faults}
    cross = check_settings(settings) if settings is not None else []
    if faults or cross or settings is None:
        raise SettingsError(source, [*faults.values(), *_certain(cross, list(faults.values()))])
    return settings


def _certain(cross: list[SettingFault], known: list[SettingFault]) -> list[SettingFault]:
    """Leave out what was checked against the default of a setting that has a fault itself."""
    paths = [fault.path for fault in known]
    return [fault for fault in cross if not any(path == fault.path or f"`{path}`" in fault.problem for path in paths)]


def _validated(tree: dict[str, Any], expansion: Expansion) -> tuple[Settings | None, dict[Loc, SettingFault]]:
    """Give the settings and the faults; with faults, the settings are those of the rest, None if there is no rest."""
    tree = copy.deepcopy(tree)
    settings, errors = _try(tree)
    as_text = [loc_of(error) for error in errors if error["type"] == "string_type"]
    wanted_texts = [loc for loc in as_text if loc in expansion.texts]
    if wanted_texts:
        for loc in wanted_texts:
            _put(tree, loc, expansion.texts[loc])
        settings, errors = _try(tree)
    faults: dict[Loc, SettingFault] = {}
    while errors:
        before = len(faults)
        for error in errors:
            loc = loc_of(error)
            faults.setdefault(loc, fault_of(error))
            _remove(tree, loc)
        if len(faults) == before:
            break
        settings, errors = _try(tree)
    return settings, faults


def _try(tree: dict[str, Any]) -> tuple[Settings | None, list[ErrorDetails]]:
    try:
        return Settings.model_validate(tree, context={"is_from_file": True}), []
    except ValidationError as error:
        return None, error.errors(include_url=False)


def _parent(tree: Any, loc: Loc) -> Any:
    for part in loc[:-1]:
        try:
            tree = tree[part]
        except (KeyError, IndexError, TypeError):
            return None
    return tree


def _put(tree: Any, loc: Loc, value: object) -> None:
    parent = _parent(tree, loc)
    if isinstance(parent, dict | list):
        parent[loc[-1]] = value  # type: ignore[index]


def _remove(tree: Any, loc: Loc) -> None:
    """Take the value at ``loc`` out; of a list, the whole list."""
    parent = _parent(tree, loc)
    if isinstance(parent, list):
        _remove(tree, loc[:-1])
    elif isinstance(parent, dict):
        parent.pop(loc[-1], None)
