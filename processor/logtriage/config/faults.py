"""Turn what pydantic found into faults for people: the dotted path, the value, what to do. Secrets are masked."""

from __future__ import annotations

import difflib
import functools
import re
from typing import Any

from pydantic_core import ErrorDetails

from logtriage.config.durations import format_duration
from logtriage.config.environment import Loc, dotted
from logtriage.config.tree import all_nodes, children_of, section_at
from logtriage.errors import SettingFault

MASK = "****"
_SECRET_NAME = re.compile(
    r"header|token(?!s_|s$)|secret|password|passwd|credential|auth|api[-_]?key|cookie", re.IGNORECASE
)
_KEY_MARK = "[key]"
_MAX_SHOWN_CHARACTERS = 100
_BOUNDS = {
    "greater_than_equal": ("ge", "is too small: the least is"),
    "greater_than": ("gt", "is too small: it must be more than"),
    "less_than_equal": ("le", "is too large: the most is"),
    "less_than": ("lt", "is too large: it must be less than"),
}
_PLAIN = {
    "model_type": "should be a section, with keys below it",
    "model_attributes_type": "should be a section, with keys below it",
    "dict_type": "should be a mapping of names to values",
    "tuple_type": "should be a list, for example `[a, b]`",
    "string_type": "should be text: put it in quotes",
    "bool_type": "should be `true` or `false`",
    "int_type": "should be a whole number",
    "float_type": "should be a number",
    "invalid_key": "should be text: put the key in quotes",
}


def fault_of(error: ErrorDetails) -> SettingFault:
    """Write one error of pydantic as a fault."""
    loc = loc_of(error)
    return SettingFault(dotted(loc), _shown(loc, error), _problem(loc, error))


def loc_of(error: ErrorDetails) -> Loc:
    """Give the place of an error, without pydantic's mark for the key of a mapping."""
    return tuple(part for part in error["loc"] if part != _KEY_MARK)


def _shown(loc: Loc, error: ErrorDetails) -> object:
    """Give the value that may be shown: a scalar, short, no secret."""
    value = error["input"]
    if _KEY_MARK in error["loc"] or not isinstance(value, str | int | float | bool):
        return None
    text = str(value).lower() if isinstance(value, bool) else str(_as_written(loc, error, value))
    if "@" in text or any(isinstance(part, str) and _SECRET_NAME.search(part) for part in loc):
        return MASK
    return text if len(text) <= _MAX_SHOWN_CHARACTERS else f"{text[:_MAX_SHOWN_CHARACTERS]}..."


def _as_written(loc: Loc, error: ErrorDetails, value: object) -> object:
    """Write a number that was read from a duration as a duration."""
    is_duration = error["type"] in _BOUNDS and loc in _durations()
    return format_duration(float(value)) if is_duration and isinstance(value, int | float) else value


@functools.cache
def _durations() -> frozenset[Loc]:
    """Give the places of all durations: what is written back as one was read as one."""
    return frozenset(
        node.path
        for node in all_nodes()
        if any(getattr(each, "func", None) is format_duration for each in node.field.metadata)
    )


def _problem(loc: Loc, error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(loc)
    if kind == "value_error":
        return str(context["error"])
    if kind == "enum":
        return f"is not among {_in_code_marks(context['expected'])}"
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"{words} `{_as_written(loc, error, context[name])}`"
    return _PLAIN.get(kind, error["msg"])


def _in_code_marks(expected: Any) -> str:
    return ", ".join(f"`{word}`" for word in re.findall(r"'([^']*)'", str(expected)))


def _unknown_key(loc: Loc) -> str:
    """Name the known key that was probably meant: beside the unknown one, else anywhere."""
    name = str(loc[-1])
    section = section_at(loc[:-1])
    beside = [node.name for node in children_of(section)] if section is not None else []
    for close in difflib.get_close_matches(name.lower().replace("-", "_"), beside, n=1, cutoff=0.6):
        return f"is no known setting: did you mean `{dotted((*loc[:-1], close))}`?"
    elsewhere = [dotted(node.path) for node in all_nodes() if node.name == name]
    below = [path for path in elsewhere if path.startswith(dotted(loc[:-1]) + ".")]
    for candidates in (below, elsewhere):
        if len(candidates) == 1:
            return f"is no known setting here: did you mean `{candidates[0]}`?"
    return f"is no known setting: known here are {', '.join(f'`{known}`' for known in beside)}"
