"""A whole table of rows in one test: as strict as a test a row, without the cost of thousands of tests."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import pytest

Check = Callable[..., None]


def each_row(names: str | tuple[str, ...], rows: Iterable[Any]) -> Callable[[Check], Check]:
    """Run a test on every row, as ``pytest.mark.parametrize`` does, and fail once, with all failing rows and why."""
    table, columns = list(rows), (names,) if isinstance(names, str) else names
    if not table:
        raise ValueError("a table without a row cannot fail")
    cases = [dict(zip(columns, (row,) if isinstance(names, str) else row, strict=True)) for row in table]

    def decorate(check: Check) -> Check:
        def whole_table(**fixtures: Any) -> None:
            faults = [fault for case in cases if (fault := _fault_of(check, fixtures, case))]
            if faults:
                pytest.fail(f"{len(faults)} of {len(cases)} rows fail:\n" + "\n".join(faults), pytrace=False)

        signature = inspect.signature(check)
        rest = [parameter for name, parameter in signature.parameters.items() if name not in columns]
        whole_table.__signature__ = signature.replace(parameters=rest)  # type: ignore[attr-defined]
        whole_table.__name__, whole_table.__doc__ = check.__name__, check.__doc__
        whole_table.__module__, whole_table.__qualname__ = check.__module__, check.__qualname__
        return whole_table

    return decorate


def _fault_of(check: Check, fixtures: dict[str, Any], case: dict[str, Any]) -> str:
    try:
        check(**fixtures, **case)
    except (Exception, pytest.fail.Exception) as fault:
        row = ", ".join(f"{name}={getattr(value, 'name', None) or repr(value)}" for name, value in case.items())
        why = "\n    ".join((str(fault) or "no more is told").splitlines())
        return f"- {row}\n    {type(fault).__name__}: {why}"
    return ""
