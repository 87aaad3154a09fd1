"""A record's own level attribute: backends read it before the severity fields of OTLP.

Names (``reference``: Loki's level fields and Datadog's status remapper) in any letter case. Only a value that is a
level word is a level: ``status: 500`` and ``status: failed`` are data.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from logtriage.schema.severity import Severity

if TYPE_CHECKING:
    from logtriage.pipeline.telling_attributes import Telling


def stale_levels(attributes: Iterable[Telling], severity: Severity) -> tuple[dict[tuple[bytes, bytes], bytes], bytes]:
    """Give the new value of each level attribute that says another severity, and the first one's old value.

    ``{(key, old value): new value}``: a key may stand twice. Raises nothing; ``({}, b"")`` if no attribute is stale.
    """
    stale: dict[tuple[bytes, bytes], bytes] = {}
    original = b""
    for attribute in attributes:
        if attribute.level is None or attribute.level is severity:
            continue
        word = attribute.value.string_value
        if not stale:
            original = word
        stale[attribute.key, word] = _in_the_case_of(word, severity)
    return stale, original


def _in_the_case_of(word: bytes, severity: Severity) -> bytes:
    """Write the severity as the application writes its levels: people's queries are case-sensitive."""
    if word.islower():
        return severity.lower().encode()
    if word.istitle():
        return severity.capitalize().encode()
    return severity.encode()
