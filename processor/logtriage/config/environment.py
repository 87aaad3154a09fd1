"""Expand ``${env:NAME}`` and ``${env:NAME:-default}`` in the values of a YAML tree, as the Collector does.

A value that is nothing but one expansion is typed by YAML's rules (``${env:SIZE}`` with ``16`` is a number); where
text is wanted after all, `Expansion.texts` has what stood in the environment. ``$$`` is a dollar sign. Keys are not
expanded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from logtriage.errors import SettingFault

Loc = tuple[str | int, ...]
"""Where a value stands: keys and list indexes from the root."""

_REFERENCE = re.compile(r"\$\$|\$\{([^{}]*)\}|\$\{")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_HOW_TO_WRITE = "write `${env:NAME}` or `${env:NAME:-default}`, and `$$` for a dollar sign"
_MAX_DEPTH = 32


@dataclass(slots=True)
class Expansion:
    """A tree with its references replaced."""

    tree: Any = None
    texts: dict[Loc, str] = field(default_factory=dict)
    """The text of each value that was one expansion and that YAML's rules made something else than text."""
    faults: dict[Loc, SettingFault] = field(default_factory=dict)


def expand_environment(tree: Any, env: Mapping[str, str]) -> Expansion:
    """Replace the references in all values of ``tree``; a value with a fault becomes None.

    Keys without a value are left out, so that an empty section means its defaults.
    """
    expansion = Expansion()
    expansion.tree = _expand(tree, (), env, expansion)
    return expansion


def dotted(loc: Loc) -> str:
    """Write a place as people do: ``receiver.metadata.forward[0]``."""
    path = ""
    for part in loc:
        if isinstance(part, int):
            path += f"[{part}]"
        else:
            path += f".{part}" if path else part
    return path or "(the whole file)"


def _expand(value: Any, loc: Loc, env: Mapping[str, str], expansion: Expansion) -> Any:
    if len(loc) > _MAX_DEPTH:
        expansion.faults[loc[:1]] = SettingFault(dotted(loc[:1]), None, "is nested too deep, or contains itself")
        return None
    if isinstance(value, dict):
        expanded = {
            key: _expand(below, (*loc, str(key)), env, expansion) for key, below in value.items() if below is not None
        }
        return {key: below for key, below in expanded.items() if below is not None}
    if isinstance(value, list):
        return [_expand(below, (*loc, index), env, expansion) for index, below in enumerate(value)]
    if not isinstance(value, str) or "$" not in value:
        return value
    try:
        text = _REFERENCE.sub(lambda match: _replacement(match, env), value)
    except _ReferenceError as error:
        expansion.faults[loc] = SettingFault(dotted(loc), None, str(error))
        return None
    match = _REFERENCE.fullmatch(value)
    return _typed(text, loc, expansion) if match and match[1] is not None else text


class _ReferenceError(Exception):
    """A reference cannot be replaced; says why without the rest of the value, which may be a secret."""


def _replacement(match: re.Match[str], env: Mapping[str, str]) -> str:
    if match[0] == "$$":
        return "$"
    if match[1] is None:
        raise _ReferenceError(f"has a `${{` that is not closed, or one inside another: {_HOW_TO_WRITE}")
    scheme, _, rest = match[1].partition(":")
    name, has_default, default = rest.partition(":-")
    if scheme != "env":
        raise _ReferenceError(f"has the reference `${{{match[1][:60]}}}`: {_HOW_TO_WRITE}")
    if not _NAME.fullmatch(name):
        raise _ReferenceError(f"refers to `{name[:60]}`, which is no name of a variable: {_HOW_TO_WRITE}")
    if name in env:
        return env[name]
    if has_default:
        return default
    raise _ReferenceError(
        f"refers to the environment variable `{name}`, which is not set: set it, or write `${{env:{name}:-default}}`"
    )


def _typed(text: str, loc: Loc, expansion: Expansion) -> Any:
    """Read ``text`` as YAML; what is no scalar, or empty, stays text."""
    try:
        value = yaml.safe_load(text)
    except yaml.YAMLError:
        return text
    if isinstance(value, str) or not isinstance(value, bool | int | float):
        return text
    expansion.texts[loc] = text
    return value
