"""Masking with a memory gives the bytes that the plain alternation gives, whatever was masked before.

Each text is masked until the memory serves it, and again with other digits, which have the same shape.
"""

from __future__ import annotations

import json
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logtriage.demo.capture import load_capture
from logtriage.verdicts.mask_table import MASKS
from logtriage.verdicts.masker import Masker
from logtriage.verdicts.masks import mask
from support.tables import each_row
from unit.mask_examples import EXAMPLES, KNOWN_FAULTS, NEAR_MISSES, STAYS
from unit.stack_examples import OTHER, SAME

ROWS = [
    *(row[0].encode() for rows in EXAMPLES.values() for row in rows),
    *(text.encode() for rows in NEAR_MISSES.values() for text in rows),
    *(text.encode() for text in STAYS),
    *(text.encode() for text, _, _ in KNOWN_FAULTS),
]
NAMED = sorted({word for entry in MASKS for word in re.findall(rb"[A-Za-z]{1,16}", entry.pattern)})
"""Every run of letters that a pattern names."""
WORDS = [
    *b"Key (a)=(7)|Key (|\xc2\xb5s".split(b"|"),
    *rb"refused checkout at a.b x ABCDE STATE E M the userid jobId error_code status_code eyJhbGciOiJub25l ::1".split(),
    *rb"com.acme.Cart.lock(Cart.java:61) (node:net:1611:16) 0x1f -7d9f6b5c8-x2x4z web-7d9f6b5c8-x2x4z".split(),
    *rb"10.2.3.4:5432 a7c1cfb92c18c206 A7C1CFB92C18C206 deadbeefdeadbeef 7c2f0b1e-5d2a-4a53-9a1b-0f2f6c9f1a11".split(),
    *rb"2026-03-04 05:06:07 05:06:07.123 2026 12 7 0 00 123456 1234567890123 97 /a/b7 C:\a7 https://h/p?q=7".split(),
    *rb'"user":" "took_ms": "code": user=" "id":7 FROM\sx\sid=7 \" v1.2 expected want 0.97'.split(),
    *b"SKU-2 ORDER-12345 used req 7f3a WinError 10061 Request-Id: LSN build user 'a'".split(),
    *b"attempts retries left remaining durationMs responseCode errors 512Mi limit of max 1,2,3 [1,2] 1m12s ::1".split(),
    *b"attempt_1445144423722_0020 r7ab3k9x2 till-0 bglio559 ./a7 'zz9' ip-10-0-1-17 :41022 0/0/-1/-1/3".split(),
    *(
        b"for user ann",
        b"Duplicate entry 'a 7' for key",
        b"DELETE FROM x WHERE id = 7",
        b'", "msg": "',
        b'\\"user\\":\\"a\\"',
    ),
    *b"Z 0xC0000005 E0304 1/3 ann@x.org Key [ALERT] (7) [12] *9".split(),
]
MARKS = [*(bytes((byte,)) for byte in b":=#([])/,;.-_%@*<>'{}|!?+\\\x1b\xff"), b"", b"", b"", b"", b"::", b"\r"]
GAPS = [
    *(b" ",) * 8,
    b'":',
    b'":"',
    b'","',
    b'="',
    b" = ",
    b": ",
    b", ",
    *(b'"', b"\n", b'", ', b'": "', b"  ", b"\n\tat ", b"\t", b" \n", b"\n    ", b"\x0b"),
]


def other_digits(text: bytes, source: random.Random) -> bytes:
    return re.sub(rb"[0-9]", lambda _: b"%d" % source.randrange(10), text)


def assert_masked_as_by_the_alternation(masker: Masker, text: bytes, source: random.Random) -> None:
    for variant in (text, text, text, other_digits(text, source), other_digits(text, source)):
        assert masker.mask(variant) == mask(variant), variant


@each_row("text", ROWS)
def test_examples_and_near_misses_of_the_table_are_masked_alike_alone_and_in_company(text: bytes) -> None:
    source, masker = random.Random(1), Masker()
    for variant in (text, b"refused " + text + b" gone", b'{"a":"' + text + b'","b":7}', b"x\n" + text + b"\n\tat y."):
        assert_masked_as_by_the_alternation(masker, variant, source)


def test_the_capture_is_masked_alike() -> None:
    source, masker = random.Random(2), Masker()
    for record in load_capture():
        for text in (record.body, *record.attributes.values()):
            assert_masked_as_by_the_alternation(masker, text.encode(), source)


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 8))])
def test_two_thousand_joins_of_what_patterns_name_are_masked_alike(seed: int) -> None:
    source, masker = random.Random(seed), Masker()
    vocabulary = [*NAMED, *WORDS, *WORDS]

    def word() -> bytes:
        chosen = source.choice((*source.choices(vocabulary, k=8), b"%x" % source.getrandbits(64)))
        cased = source.choice((chosen, chosen, chosen, chosen.upper(), chosen.title()))
        tail = source.choice((b"", b"", source.choice(vocabulary)))
        return source.choice(MARKS) + cased + source.choice(MARKS) + tail

    for _ in range(2_000):
        text = b"".join(word() + source.choice(GAPS) for _ in range(source.randrange(1, 9)))
        assert_masked_as_by_the_alternation(masker, text[: source.choice((None, None, -1))], source)


@pytest.mark.parametrize("seed", range(4))
def test_examples_run_together_are_masked_alike(seed: int) -> None:
    source, masker = random.Random(seed), Masker()
    for _ in range(1_000):
        parts = [source.choice(ROWS) for _ in range(source.randrange(2, 4))]
        cut = [part[source.randrange(3) : len(part) - source.randrange(3)] for part in parts]
        assert_masked_as_by_the_alternation(masker, source.choice(GAPS).join(cut), source)


TRACE_LINES = [line for traces in (*SAME.values(), *OTHER.values()) for trace in traces for line in trace.split("\n")]


@pytest.mark.parametrize("seed", range(4))
def test_lines_of_traces_in_any_company_are_masked_alike(seed: int) -> None:
    source, masker = random.Random(seed), Masker()
    for _ in range(300):
        lines = [
            source.choice((source.choice(TRACE_LINES), source.choice(ROWS).decode("utf-8", "replace")))
            for _ in range(12)
        ]
        text = source.choice(("\n", "\n", "\r\n", "\\n", "\n\n")).join(lines)
        if source.random() < 0.4:
            text = json.dumps({"msg": "lost", "stack": text, "user": "ann"})
        assert_masked_as_by_the_alternation(masker, text.encode(), source)


SHARED = Masker()


PIECES = st.one_of(
    st.sampled_from([*NAMED, *WORDS, *MARKS, *GAPS]),
    st.binary(max_size=6),
    st.from_regex(rb"[0-9]{1,9}", fullmatch=True),
)


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_any_text_is_masked_alike_by_a_masker_that_has_seen_others(text: bytes) -> None:
    assert_masked_as_by_the_alternation(SHARED, text, random.Random(len(text)))
