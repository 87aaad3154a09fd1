"""Say what a fingerprint is made of: its parts by name, and in each masked text which span was masked by which entry.

For people who want to know why two records share a verdict, or do not. Nothing on the path of a record uses it.
"""

from __future__ import annotations

from dataclasses import dataclass

from logtriage.schema.record import RecordView
from logtriage.verdicts.fingerprint import fingerprint_of, is_in_fingerprint, level_in_fingerprint, parts_of
from logtriage.verdicts.masks import mask, named_replacements


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedSpan:
    """``text[start:end]`` of a part was taken by the entry ``mask`` and stands as ``shown`` in the masked text.

    ``is_kept``: the entry names what must stay; ``shown`` is the span itself, whatever other entries would make of it.
    """

    start: int
    end: int
    mask: str
    shown: bytes

    @property
    def is_kept(self) -> bool:
        """True if the span is looked at and left as it is."""
        return self.mask.startswith("keep:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the key.

    ``name``: ``tenant``, ``service.namespace``, ``service.name``, ``deployment.environment.name``, ``level``,
    ``event_name``, ``body``, or the attribute's own name. ``text``: as it stands in the record (of a long one what is
    looked at). ``masked``: what goes into the key; for a part that is never masked the text itself.
    """

    name: str
    text: bytes
    masked: bytes
    spans: tuple[MaskedSpan, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A fingerprint and its parts; two records share it exactly if ``name`` and ``masked`` of all parts are equal."""

    fingerprint: str
    parts: tuple[Part, ...]


def explain(record: RecordView) -> Explained:
    """Take a fingerprint apart."""
    raw, marked = (
        parts_of(
            resource_key=b"",
            level=level_in_fingerprint(record),
            body=record.body,
            event_name=record.event_name,
            attributes={name: value for name, value in record.attributes.items() if is_in_fingerprint(name)},
            mask=seen,
        )
        for seen in (lambda text: text, lambda _: _MARK)
    )
    parts = [
        Part(name=name, text=value, masked=value)
        for name, value in (
            ("tenant", record.tenant),
            ("service.namespace", record.resource.service_namespace),
            ("service.name", record.resource.service_name or record.resource.workload),
            ("deployment.environment.name", record.resource.environment),
        )
    ]
    for name, text, mark in zip(raw[2::2], raw[3::2], marked[3::2], strict=True):
        label = name.decode("utf-8", "replace")
        if mark is not _MARK:
            parts.append(Part(name=label, text=text, masked=text))
            continue
        parts.append(Part(name=label, text=text, masked=mask(text), spans=_spans(text)))
    return Explained(fingerprint=fingerprint_of(record).hex, parts=tuple(parts))


_MARK = b"<masked part>"


def _spans(text: bytes) -> tuple[MaskedSpan, ...]:
    return tuple(
        MaskedSpan(start=start, end=end, mask=name, shown=shown) for name, start, end, shown in named_replacements(text)
    )
