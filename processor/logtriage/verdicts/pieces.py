"""Evidence as pieces between masks.

A quote of the record that was judged may hold values of that record alone. Cut at the masks, what is left stands in
every record of the fingerprint: the masked body is part of the key. Before a stored verdict is used each piece is
looked for in the record all the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from logtriage.schema.attributes import MAX_EVIDENCE_CHARACTERS, MAX_EVIDENCE_PIECES, MIN_EVIDENCE_BYTES
from logtriage.schema.record import RecordView, judged_head_bytes, judged_text
from logtriage.verdicts.fingerprint import is_in_fingerprint
from logtriage.verdicts.masks import literal_spans


@dataclass(frozen=True, kw_only=True)
class QuotableText:
    """A text that evidence may quote: ``judged`` as engines see it, ``whole`` as it stands in the record.

    ``verbatim``: the spans of ``whole`` that stand in the record as they are; None: all of it.
    """

    judged: bytes
    whole: bytes
    verbatim: tuple[tuple[int, int], ...] | None = None

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The spans of ``judged`` that lie between masks and stand in the record as they are.

        Found when first asked for: masking is dear, and most texts of a record hold no quote.
        """
        spans = literal_spans(self.judged)
        if self.verbatim is not None:
            limit = judged_head_bytes(self.whole)
            spans = [
                (max(low, start), min(high, end))
                for start, end in self.verbatim
                if end <= limit
                for low, high in spans
                if max(low, start) < min(high, end)
            ]
        return tuple(spans)


def quotable_texts(record: RecordView) -> tuple[QuotableText, ...]:
    """Give the texts that evidence may quote: the body, and the attributes that the fingerprint holds, masked."""
    body = QuotableText(judged=judged_text(record.body), whole=record.body, verbatim=record.verbatim_spans)
    values = [value for name, value in record.attributes.items() if value and is_in_fingerprint(name)]
    return (body, *(QuotableText(judged=judged_text(value), whole=value) for value in values))


def cut(quote: bytes, texts: Iterable[QuotableText]) -> tuple[bytes, ...]:
    """Cut one quote at the masks of the text it stands in; pieces of at least 8 bytes and valid UTF-8, in order.

    Empty if the quote stands in none of the texts, or nothing of it is left between masks.
    """
    for text in texts:
        start = text.judged.find(quote)
        if start < 0 or not quote:
            continue
        end = start + len(quote)
        pieces = tuple(
            piece
            for low, high in text.spans
            if max(low, start) < min(high, end)
            for piece in (_trim(text.judged[max(low, start) : min(high, end)]),)
            if len(piece) >= MIN_EVIDENCE_BYTES and piece in text.whole
        )
        if pieces:
            return pieces
    return ()


def evidence_of(quotes: Iterable[bytes], texts: tuple[QuotableText, ...]) -> tuple[bytes, ...]:
    """Cut quotes into at most five distinct pieces, none inside another, the weightiest quote first."""
    chosen: list[bytes] = []
    for quote in quotes:
        for piece in cut(quote, texts):
            if not any(piece in other for other in chosen):
                chosen = [other for other in chosen if other not in piece]
                chosen.append(piece)
    return tuple(chosen[:MAX_EVIDENCE_PIECES])


def _trim(piece: bytes) -> bytes:
    """Shorten to whole characters, to 300 of them, without white space at the ends."""
    text = piece.decode("utf-8", "replace")
    if "\ufffd" in text:
        text = max(text.split("\ufffd"), key=len)
    return text[:MAX_EVIDENCE_CHARACTERS].strip().encode()
