"""The figures of each fault test: one line for people, one JSON object for programs."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable
from pathlib import Path

from faults.ledger import Account

Report = Callable[..., None]
"""Takes the name of a fault, the account of the run (or None) and further figures by name, and prints them."""

JSON_FILE = "LOGTRIAGE_FAULTS_JSON"
"""Names a file that each row is appended to, one JSON object a line."""

_WIDTHS = {
    "issued": 8,
    "lost": 5,
    "spurious": 9,
    "corrupted": 10,
    "duplicated": 11,
    "held": 7,
    "forwarded": 10,
    "replayed": 9,
}
_NAME_WIDTH = 44

HEAD = "fault".ljust(_NAME_WIDTH) + "".join(name.rjust(width) for name, width in _WIDTHS.items()) + "  more"


def line_of(name: str, account: Account | None, more: dict[str, object]) -> str:
    """Lay a row out for people."""
    values = dataclasses.asdict(account) if account else {}
    cells = "".join(str(values.get(column, "-")).rjust(width) for column, width in _WIDTHS.items())
    rest = ", ".join(f"{key.replace('_', ' ')} {_short(value)}" for key, value in more.items())
    return f"{name:{_NAME_WIDTH}}{cells}  {rest}"


def json_of(name: str, account: Account | None, more: dict[str, object]) -> str:
    """Lay a row out for programs."""
    return json.dumps({"fault": name, **(dataclasses.asdict(account) if account else {}), **more})


def append_to_file(line: str) -> None:
    """Append a JSON row to the file that the environment names, if it names one."""
    path = os.environ.get(JSON_FILE)
    if path:
        with Path(path).open("a") as file:
            file.write(line + "\n")


def percentile(values: list[float], share: float) -> float:
    """Give the value that so large a share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
