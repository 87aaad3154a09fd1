"""Rows for the key names and patterns of the settings."""

from __future__ import annotations

import re

from logtriage.config.redaction import RedactionSettings
from logtriage.engines.mimo.redaction.assignment_checks import is_set
from logtriage.engines.mimo.redaction.rule import Rule
from logtriage.engines.mimo.redaction.value_shapes import behind


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
    return patterns + tuple(_rule_of_key(key.lower()) for key in settings.keys)


def _rule_of_key(key: str) -> Rule:
    head = re.escape(key)
    return Rule(
        name=f"key:{key}",
        placeholder="SECRET",
        keywords=(key,),
        pattern=behind(head, rf"(?<![a-z0-9]{head})"),
        check=is_set,
        reads_lower=True,
        reason="redaction.keys",
        examples=(),
        near_misses=(),
    )
