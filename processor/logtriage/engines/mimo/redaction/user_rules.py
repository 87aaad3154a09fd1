"""Rows for the key names and patterns of the settings."""

from __future__ import annotations

import re

from logtriage.config.redaction import RedactionSettings
from logtriage.engines.mimo.redaction.checks import is_no_value
from logtriage.engines.mimo.redaction.rule import Rule
from logtriage.engines.mimo.redaction.value_shapes import assigned, in_element, in_flag, in_named_value


def rules_of(settings: RedactionSettings) -> tuple[Rule, ...]:
    """Build the rows of ``redaction.patterns`` and ``redaction.keys``."""
    patterns = tuple(
        Rule(
            name=f"pattern:{pattern.name}",
            placeholder=pattern.name.upper(),
            keywords=(),
            pattern=f"(?-x:{pattern.pattern})",
            reason="redaction.patterns",
            examples=(),
            near_misses=(),
        )
        for pattern in settings.patterns
    )
    return patterns + _rules_of_keys(tuple(settings.keys))


def _rules_of_keys(keys: tuple[str, ...]) -> tuple[Rule, ...]:
    if not keys:
        return ()
    words = " | ".join(rf"(?<![a-z0-9]){re.escape(key.lower())}" for key in keys)
    shapes = (("value", assigned), ("element", in_element), ("named", in_named_value), ("flag", in_flag))
    return tuple(
        Rule(
            name=f"keys:{name}",
            placeholder="SECRET",
            keywords=tuple(key.lower() for key in keys),
            pattern=shape(words),
            check=lambda text, _match, start, end: not is_no_value(text[start:end]),
            reads_lower=True,
            reason="redaction.keys",
            examples=(),
            near_misses=(),
        )
        for name, shape in shapes
    )
