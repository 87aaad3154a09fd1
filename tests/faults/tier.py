"""How large a run is: the sizes of CI (`make faults`), or those of `make long`, each changed by the environment."""

from __future__ import annotations

import os

IS_LONG = os.environ.get("LOGTRIAGE_FAULTS") == "long"


def size(name: str, *, ci: float, long: float) -> float:
    """Give a size: `LOGTRIAGE_FAULTS_<NAME>` if that is set, else the tier's own."""
    given = os.environ.get(f"LOGTRIAGE_FAULTS_{name}")
    if given is not None:
        return float(given)
    return long if IS_LONG else ci


def bound(seconds: float) -> float:
    """Give a bound on a time, widened by `LOGTRIAGE_FAULTS_SLACK` (1) for a machine that others use as well."""
    return seconds * float(os.environ.get("LOGTRIAGE_FAULTS_SLACK", "1"))


def count(name: str, *, ci: int, long: int) -> int:
    """Give a size that is a whole number."""
    return int(size(name, ci=ci, long=long))
