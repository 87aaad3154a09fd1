"""Evidence as pieces between masks.

A quote of the record that was judged may hold values of that record alone. Cut at the masks, what is left stands in
every record of the fingerprint: the masked body is part of the key. Before a stored verdict is used each piece is
looked for in the record all the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from logtriage.schema.attributes import MAX_EVIDENCE_CHARACTERS, MAX_EVIDENCE_PIECES, MIN_EVIDENCE_BYTES
from logtriage.schema.record import RecordView, judged_text
from logtriage.verdicts.masks import literal_spans

_QUOTED_ATTRIBUTES = (b"exception.message", b"exception.stacktrace", b"exception.type", b"error.type")
"""Attributes that the fingerprint holds, masked: only from these (and the body) may evidence be cut."""


def evidence_texts(record: RecordView) -> tuple[bytes, ...]:
    """Give the texts that evidence may quote: the body as judged, and the attributes that the fingerprint holds."""
    attributes = record.attributes
    texts = [judged_text(record.body)]
    texts += [judged_text(attributes[name]) for name in _QUOTED_ATTRIBUTES if attributes.get(name)]
    return tuple(texts)


def cut(quote: bytes, texts: Iterable[bytes]) -> tuple[bytes, ...]:
    """Cut one quote at the masks of the text it stands in; pieces of at least 8 bytes and valid UTF-8, in order.

    Empty if the quote stands in none of the texts, or nothing of it is left between masks.
    """
    for text in texts:
        start = text.find(quote)
        if start < 0 or not quote:
            continue
        end = start + len(quote)
        pieces: list[bytes] = []
        for low, high in literal_spans(text):
            piece = _trim(text[max(low, start) : min(high, end)])
            if len(piece) >= MIN_EVIDENCE_BYTES:
                pieces.append(piece)
        if pieces:
            return tuple(pieces)
    return ()


def evidence_of(quotes: Iterable[bytes], texts: tuple[bytes, ...]) -> tuple[bytes, ...]:
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
