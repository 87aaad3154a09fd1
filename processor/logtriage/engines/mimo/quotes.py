"""Find the quotes of an answer in what was shown, and cut from them what stands in the record itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from logtriage.engines.mimo.shown import ShownField
from logtriage.schema.attributes import MIN_EVIDENCE_BYTES
from logtriage.schema.record import RecordView
from logtriage.verdicts.pieces import QuotableText, cut, quotable_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundQuotes:
    """``pieces`` stand in the record. ``unfound``: quotes that were shown nowhere. ``elsewhere``: quotes of context."""

    pieces: tuple[bytes, ...]
    unfound: tuple[str, ...]
    elsewhere: int


def find_quotes(quotes: Iterable[str], shown: Iterable[ShownField], record: RecordView) -> FoundQuotes:
    """Look for each quote byte for byte in the fields shown; cut it at masks, placeholders, cuts and lines."""
    fields = sorted(shown, key=lambda field: not field.is_of_record)
    texts = quotable_texts(record)
    pieces: list[bytes] = []
    unfound: list[str] = []
    elsewhere = 0
    for quote in quotes:
        wanted = quote.strip()
        holders = [field for field in fields if wanted and wanted in field.text]
        if not holders:
            unfound.append(quote)
        elif not holders[0].is_of_record:
            elsewhere += 1
        for field in holders:
            found = _pieces(wanted, field, texts) if field.is_of_record else []
            if found:
                pieces += [piece for piece in found if piece not in pieces]
                break
    return FoundQuotes(pieces=tuple(pieces), unfound=tuple(unfound), elsewhere=elsewhere)


def _pieces(quote: str, field: ShownField, texts: tuple[QuotableText, ...]) -> list[bytes]:
    """Give the parts of the first occurrence that stand in the record and leave something between masks."""
    start = field.text.find(quote)
    parts = field.literal_parts(start, start + len(quote))
    lines = [line.strip().encode() for part in parts for line in part.split("\n")]
    return [line for line in lines if len(line) >= MIN_EVIDENCE_BYTES and cut(line, texts)]
