"""Signs that values which share a fingerprint mean different things: codes and words of an outcome inside of a mask."""

from __future__ import annotations

import re
from collections.abc import Sequence

_OUTCOMES = re.compile(
    rb"(?<![A-Za-z])(?:succeeded|successful|success|recovered|failed|failure|refused|denied|rejected|timed[ _-]?out"
    rb"|timeout|expired|aborted|cancelled|canceled|retry|retries|giving[ _-]up|unavailable|not[ _-]found|exhausted|ok"
    rb"|up|down|enabled|disabled|true|false|yes|no|fatal|panic|warn|warning|error|info|debug|critical)(?![A-Za-z])",
    re.IGNORECASE,
)
_SMALL_NUMBER = re.compile(rb"(?:[A-Za-z_.-]{1,24}[:= ])?-?[0-9]{1,3}")
_CODE_NAME = re.compile(
    rb"(?:^|[._-])(?:code|status|errno|exit|reason|result|outcome|state|severity|level|signal|phase)(?:[._-]|$)"
    rb"|[a-z](?:Code|Status|Reason|Result|State|Level)$"
)
_MAX_CODES = 20
"""More distinct values than this are no codes, but numbers that count something."""
_SHOWN = 4


def signs_in_values(values: Sequence[bytes]) -> list[str]:
    """Say what is suspicious in the values that one placeholder stands for."""
    if len(values) < 2:
        return []
    found = []
    words = {match[0].lower() for value in values for match in [_OUTCOMES.search(value)] if match}
    plain = sum(_OUTCOMES.search(value) is None for value in values)
    if len(words) > 1 or (words and plain):
        found.append(f"words of an outcome are masked: {_list(sorted(words))}")
    if len(values) <= _MAX_CODES and all(_SMALL_NUMBER.fullmatch(value) for value in values):
        found.append(f"small numbers are masked, which may be codes: {_list(values)}")
    return found


def signs_in_attribute(name: bytes, values: Sequence[bytes]) -> str:
    """Say if an attribute outside of the fingerprint carries different codes; empty if not."""
    if 1 < len(values) <= _MAX_CODES and _CODE_NAME.search(name):
        return f"carries different codes: {_list(values)}"
    return ""


def _list(values: Sequence[bytes]) -> str:
    shown = ", ".join(value[:40].decode("utf-8", "replace") for value in values[:_SHOWN])
    return shown + (f" and {len(values) - _SHOWN} more" if len(values) > _SHOWN else "")
