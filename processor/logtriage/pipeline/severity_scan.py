"""Read the severity number of a record without parsing it.

Records come in two orders. Ascending field numbers (SDKs): ``09 <8 bytes time> 10 <severity>`` or ``10 <severity>`` at
the head. Descending (the Collector since v0.134 fills its buffer from the end): ``10 <severity> 59 <8 bytes observed
time> 09 <8 bytes time>`` at the tail, either time absent if 0. Any other shape is read through a declared field.

A record that forges such a tail, or writes the severity twice, can misstate its own severity only; what is selected is
parsed and looked at again.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter

_TIME = 0x09
_SEVERITY = 0x10
_OBSERVED = 0x59

_AMBIGUOUS_FIRSTS = frozenset((0x1A, 0x2A))
"""Severity text or body first: descending without attributes, or ascending without a time, with an id at the tail."""

_NOT_DESCENDING = _AMBIGUOUS_FIRSTS | {_TIME, _SEVERITY}

_first = itemgetter(0)
_ascending_shape = itemgetter(9, 10)
_descending_shape = itemgetter(-9, -18, -20, -19)

UNKNOWN = -1
"""The shape does not tell: the declared field must be read."""


def scan(record: bytes) -> tuple[int, int, bool]:
    """Read one record: ``(severity, offset, is_descending)``.

    ``offset`` is where the severity's byte stands, counted from the start. Severity is `UNKNOWN` (offset 0) unless the
    record has one of the shapes above and a severity of one byte.
    """
    size = len(record)
    if size >= 11 and record[0] == _TIME:
        if record[9] == _SEVERITY and record[10] < 0x80:
            return record[10], 10, False
        return UNKNOWN, 0, False
    if size >= 2 and record[0] == _SEVERITY:
        return (record[1], 1, False) if record[1] < 0x80 else (UNKNOWN, 0, False)
    if size >= 20 and record[0] not in _AMBIGUOUS_FIRSTS:
        if record[-9] == _TIME:
            at = size - (19 if record[-18] == _OBSERVED else 10)
        elif record[-9] == _OBSERVED:
            at = size - 10
        else:
            return UNKNOWN, 0, True
        if record[at - 1] == _SEVERITY and record[at] < 0x80:
            return record[at], at, True
    return UNKNOWN, 0, True


def indexes_to_look_at(records: Sequence[bytes], min_severity_number: int) -> list[int]:
    """Give the indexes of the records whose severity is at least ``min_severity_number``, 0, or not told by the shape.

    One pass in C over each scope's records where they share an order, as those of one sender do.
    """
    try:
        firsts = set(map(_first, records))
        if firsts == {_TIME}:
            shapes: list[tuple[int, ...]] = list(map(_ascending_shape, records))
            passing = {shape for shape in set(shapes) if shape[0] == _SEVERITY and 0 < shape[1] < min_severity_number}
        elif firsts.isdisjoint(_NOT_DESCENDING):
            shapes = list(map(_descending_shape, records))
            passing = {
                shape
                for shape in set(shapes)
                if shape[0] == _TIME
                and shape[1] == _OBSERVED
                and shape[2] == _SEVERITY
                and 0 < shape[3] < min_severity_number
            }
        else:
            return [i for i, record in enumerate(records) if not 0 < scan(record)[0] < min_severity_number]
    except IndexError:  # a record too short for the shape
        return [i for i, record in enumerate(records) if not 0 < scan(record)[0] < min_severity_number]
    return [i for i, shape in enumerate(shapes) if shape not in passing]
