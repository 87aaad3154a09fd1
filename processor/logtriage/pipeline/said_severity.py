"""What a record says of its own severity in the two fields of OTLP, read once for all records that say the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from logtriage.schema.severity import Severity, severity_of_number, severity_of_word

_MAX_KNOWN = 1024
_MAX_KNOWN_TEXT_BYTES = 64


@dataclass(frozen=True, slots=True)
class Said:
    """Every occurrence of number and text, in order, and what they mean.

    ``level``: by the number, or by the text if the number tells nothing; None if neither does. ``says_fatal``: the text
    alone says so; such a record is never lowered. ``told_by_text``: None if the text is no level word.
    """

    numbers: tuple[int, ...]
    texts: tuple[bytes, ...]
    level: Severity | None = field(init=False)
    says_fatal: bool = field(init=False)
    told_by_text: Severity | None = field(init=False)

    def __post_init__(self) -> None:
        """Read the last number and the last text, as every reader does."""
        told = severity_of_word(self.texts[-1].decode("utf-8", "replace")) if self.texts else None
        level = severity_of_number(self.numbers[-1]) if self.numbers else None
        object.__setattr__(self, "told_by_text", told)
        object.__setattr__(self, "says_fatal", told is Severity.FATAL)
        object.__setattr__(self, "level", told if level is None else level)

    def already_is(self, severity: Severity) -> bool:
        """Tell whether both fields say this severity; a text that is no level word says nothing."""
        if len(self.numbers) != 1 or len(self.texts) > 1 or severity_of_number(self.numbers[0]) is not severity:
            return False
        return self.told_by_text is None or self.told_by_text is severity


class SaidSeverities:
    """Remembers what was read. Not thread-safe: it belongs to the event loop."""

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[int, ...], tuple[bytes, ...]], Said] = {}

    def read(self, numbers: tuple[int, ...], texts: tuple[bytes, ...]) -> Said:
        """Read both fields of a record."""
        said = self._known.get((numbers, texts))
        if said is None:
            said = Said(numbers, texts)
            if len(numbers) < 2 and len(texts) < 2 and sum(map(len, texts)) <= _MAX_KNOWN_TEXT_BYTES:
                if len(self._known) >= _MAX_KNOWN:
                    self._known.clear()
                self._known[numbers, texts] = said
        return said
