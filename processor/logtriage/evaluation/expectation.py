"""What a labelled record should be judged as: the key ``expect`` of a data set (DESIGN, "Data set format")."""

from __future__ import annotations

from dataclasses import dataclass

from logtriage.schema.category import Category
from logtriage.schema.severity import Severity


class BadLabelError(Exception):
    """The label cannot be used; says which key and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """One label. ``severity`` and ``is_actionable`` are None where the data set does not say."""

    category: Category
    also_acceptable: frozenset[Category] = frozenset()
    severity: Severity | None = None
    is_actionable: bool | None = None

    def accepts(self, category: Category) -> bool:
        """True if the category is right, or as good."""
        return category is self.category or category in self.also_acceptable


def read_expectation(value: object) -> Expectation:
    """Read one label.

    Raises:
        BadLabelError: a key is missing, or its value is none that a report could have.
    """
    if value is None:
        raise BadLabelError("`expect` is missing")
    if not isinstance(value, dict):
        raise BadLabelError("`expect` should be an object")
    if value.get("category") is None:
        raise BadLabelError("`expect.category` is missing")
    also = value.get("also_acceptable") or []
    if not isinstance(also, list):
        raise BadLabelError("`expect.also_acceptable` should be a list")
    is_actionable = value.get("is_actionable_for_oncall")
    if not isinstance(is_actionable, bool | None):
        raise BadLabelError("`expect.is_actionable_for_oncall` should be true or false")
    return Expectation(
        category=_category(value["category"], "expect.category"),
        also_acceptable=frozenset(_category(each, "expect.also_acceptable") for each in also),
        severity=_severity(value.get("severity")),
        is_actionable=is_actionable,
    )


def _category(value: object, where: str) -> Category:
    try:
        return Category(value)  # type: ignore[arg-type]
    except ValueError:
        raise BadLabelError(f"`{where}`: {value!r} is none of the nine categories") from None


def _severity(value: object) -> Severity | None:
    if value is None:
        return None
    try:
        return Severity(value)  # type: ignore[arg-type]
    except ValueError:
        raise BadLabelError(f"`expect.severity`: {value!r} is none of DEBUG, INFO, WARN, ERROR, FATAL") from None
