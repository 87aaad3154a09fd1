"""How a row of the table is made for a key that is known by its prefix."""

from __future__ import annotations

from logtriage.engines.mimo.redaction.rule import Check, Rule

BODY = "q0X1z9A8f5B167d44"
"""17 characters as bodies of keys have them; examples are put together, so that no scanner takes one for real."""
WORD = "[A-Za-z0-9_]"
URL_SAFE = "[A-Za-z0-9_-]"


def known_by_prefix(
    name: str,
    keywords: str | tuple[str, ...],
    pattern: str,
    example: str,
    near_miss: str,
    *,
    placeholder: str = "API_KEY",
    reason: str = "key of this vendor, by its prefix",
    check: Check | None = None,
) -> Rule:
    """Make a row; without marks the whole of ``example`` is the secret."""
    return Rule(
        name=name,
        placeholder=placeholder,
        keywords=(keywords,) if isinstance(keywords, str) else keywords,
        pattern=pattern,
        reason=reason,
        examples=(example if "«" in example else f"upstream refused «{example}» with 401",),
        near_misses=(near_miss,),
        check=check,
    )
