"""Bytes that are nearly a request: mutations drawn from a seed, and what must be left of a record on its way."""

from __future__ import annotations

import random

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from logtriage.schema.record import LEVEL_NAMES


def mutated(data: bytes, dice: random.Random) -> bytes:
    """Change a few bytes: flip, set, insert, delete, cut off, repeat a slice, swap two slices."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 2, 4, 8))):
        if not changed:
            return b""
        at = dice.randrange(len(changed))
        size = dice.randrange(1, 20)
        match dice.randrange(7):
            case 0:
                changed[at] ^= 1 << dice.randrange(8)
            case 1:
                changed[at] = dice.choice((0, 1, 0x7F, 0x80, 0xFF, 0x0A, 0x10, 0x12, 0x1A, 0x32, 0x33, 0x34, 0xED))
            case 2:
                changed[at:at] = dice.randbytes(size)
            case 3:
                del changed[at : at + size]
            case 4:
                del changed[at:]
            case 5:
                changed[at:at] = changed[at : at + size]
            case 6:
                other = dice.randrange(len(changed))
                changed[at : at + size], changed[other : other + size] = (
                    changed[other : other + size],
                    changed[at : at + size],
                )
    return bytes(changed)


def what_must_stay(item: LogRecord) -> LogRecord:
    """Give a record without what may change on the way: our attributes, severity, the values of level attributes."""
    left = LogRecord()
    left.CopyFrom(item)
    left.ClearField("severity_number")
    left.ClearField("severity_text")
    del left.attributes[:]
    for attribute in item.attributes:
        if attribute.key.startswith("logtriage."):
            continue
        copy = left.attributes.add()
        copy.CopyFrom(attribute)
        if attribute.key.lower().encode() in LEVEL_NAMES:
            copy.ClearField("value")
    return left
