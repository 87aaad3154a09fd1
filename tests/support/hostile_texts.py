"""Texts made to cost much: fragments of what patterns look for, repeated, nearly right and broken off."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from logtriage.verdicts.mask_table import MASKS

SIZE = 64 * 1024
_WORDS = sorted({word for entry in MASKS for word in re.findall(rb"[A-Za-z]{2,24}", entry.pattern)})
_STARTS = [
    *(
        b"\n\tat ",
        b"\\n    at ",
        b"\\n\\tat a.",
        b'\n  File "',
        b'\\n  File \\"',
        b'", line ',
        b"\n   0: ",
        b":in `",
        b"\nfrom ",
    ),
    *(
        b"goroutine 1 [",
        b"\n\t/a.go:1",
        b".go:",
        b"stack backtrace:",
        b"... 1 more",
        b"$$a",
        b"$1",
        b"::h0",
        b"\n\\n",
        b"|",
        b"\n",
    ),
    *(
        b"Key (",
        b"Key (a)=(",
        b"Duplicate entry '",
        b"for user ",
        b"INSERT INTO ",
        b"SELECT ",
        b" FROM ",
        b"[parameters: ",
    ),
    *(b'"user":', b'"user":"', b'user="', b'"took_ms":1', b'"a_code":', b'\\"id\\":', b'":', b'"', b"\\", b"'a1"),
    *(
        b"eyJ",
        b"a@",
        b"a://",
        b"://",
        b"1.1.",
        b"a:a:",
        b"::",
        b"2026-03-04",
        b"05:06:07",
        b"Mar 4",
        b"0x",
        b"sha256:",
        b"arn:aws:",
    ),
    *(
        b"/a",
        b"./",
        b"..",
        b"//",
        b"C:\\",
        b"\\a",
        b"a_1",
        b"_-",
        b"a-1",
        b"-1",
        b"1/2",
        b"1,",
        b"[1,",
        b"1 of ",
        b"12 ms",
        b"1m",
    ),
    *(
        b"\x1b[",
        b"[ALERT]",
        b"\xff",
        b"\xc2\xb5",
        b"\x00",
        b"%",
        b"=",
        b"#",
        b"(",
        b")",
        b"<",
        b">",
        b" ",
        b"  ",
        b"\t",
        b"\r",
    ),
]
_ALPHABETS = [
    b"a",
    b"1",
    b"aA1",
    b"0f",
    b"a1-",
    b"a_1",
    b"1.",
    b"1:",
    b"1,",
    b"a.",
    b"/a",
    b"\\n ",
    b"\n ",
    b'"a:',
    b"$a1",
    b" ,;",
]


def hostile_texts(count: int, seed: int) -> Iterator[bytes]:
    """Give that many texts of 64 KiB."""
    source = random.Random(seed)
    for _ in range(count):
        unit = _unit(source)
        text = unit * (SIZE // len(unit) + 1)
        if source.random() < 0.2:
            text = _unit(source) * source.randrange(1, 40) + text
        if source.random() < 0.2:
            cut = source.randrange(8000)
            text = text[:cut] + _unit(source) + text[cut:]
        yield text[:SIZE]


def _unit(source: random.Random) -> bytes:
    kind = source.random()
    if kind < 0.15:
        alphabet = source.choice(_ALPHABETS)
        return bytes(source.choices(alphabet, k=source.randrange(1, 300)))
    parts: list[bytes] = []
    for _ in range(source.randrange(1, 6)):
        part = source.choice((source.choice(_WORDS), source.choice(_STARTS), source.choice(_STARTS)))
        if source.random() < 0.3:
            part *= source.randrange(1, 64)
        if source.random() < 0.2:
            part = part[: source.randrange(1, len(part) + 1)]
        parts.append(part + source.choice((b"", b"", b" ", b"=", b":", b"7", b"a" * source.randrange(80))))
    return b"".join(parts)
