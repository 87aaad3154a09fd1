"""Evidence is pieces between masks: verbatim, without a masked value, whole characters, at most five."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from logtriage.schema.record import RecordView, ResourceView
from logtriage.verdicts.masks import mask_named
from logtriage.verdicts.pieces import cut, evidence_of, quotable_texts

ID = "7c2f0b1e-5d2a-4a53-9a1b-0f2f6c9f1a11"


def view(body: bytes, spans: tuple[tuple[int, int], ...] | None = None, **attributes: str) -> RecordView:
    named = {key.replace("_", ".").encode(): value.encode() for key, value in attributes.items()}
    return RecordView(resource=ResourceView(), body=body, verbatim_spans=spans, attributes=named)


def evidence(body: bytes, *quotes: bytes, **attributes: str) -> tuple[bytes, ...]:
    return evidence_of(quotes, quotable_texts(view(body, **attributes)))


def test_a_quote_is_cut_at_the_masks() -> None:
    body = f"cart service lost order {ID} while saving it".encode()
    assert evidence(body, body) == (b"cart service lost order", b"while saving it")


def test_a_span_that_the_masks_keep_does_not_cut() -> None:
    body = b"cart worker ended with exit code 137 at last"
    assert evidence(body, body) == (body,)


def test_a_quote_that_is_not_in_the_record_gives_nothing() -> None:
    assert evidence(b"cart service lost", b"cart service found") == ()
    assert evidence(b"cart service lost", b"") == ()


def test_pieces_under_eight_bytes_are_left_out() -> None:
    assert evidence(b"lost it", b"lost it") == ()
    assert evidence(b"lost it!", b"lost it!") == (b"lost it!",)
    assert evidence(f"lost {ID} cart".encode(), f"lost {ID} cart".encode()) == ()


def test_a_quote_of_attributes_that_the_fingerprint_holds_counts_and_of_others_not() -> None:
    assert evidence(b"x", b"the cart is gone", exception_message="the cart is gone") == (b"the cart is gone",)
    assert evidence(b"x", b"the cart is gone", err="the cart is gone") == (b"the cart is gone",)
    assert evidence(b"x", b"ann is the customer", customer="ann is the customer") == ()


def test_a_piece_inside_another_is_said_once_and_five_at_most_are_said() -> None:
    assert evidence(b"the cart is gone now", b"cart is gone", b"the cart is gone") == (b"the cart is gone",)
    body = b"\n".join(b"reason number %s!" % word for word in (b"a", b"b", b"c", b"d", b"e", b"f"))
    assert len(evidence(body, *body.split(b"\n"))) == 5


def test_a_piece_is_whole_characters_three_hundred_at_most() -> None:
    body = ("ü" * 500).encode()
    assert evidence(body, body) == (("ü" * 300).encode(),)
    assert evidence(body, body[1:41]) == (("ü" * 19).encode(),)
    assert evidence(b"\xff\xfegone for good\xff", b"\xff\xfegone for good\xff") == (b"gone for good",)


def test_keys_and_edges_between_the_leaves_of_a_map_body_are_no_evidence() -> None:
    body = b"reason=cart is gone\nhint=look at the till"
    texts = quotable_texts(view(body, ((7, 19), (25, 41))))
    assert cut(body, texts) == (b"cart is gone", b"look at the till")
    assert cut(b"reason=cart", texts) == ()


def test_a_quote_over_the_cut_of_a_long_body_is_no_evidence() -> None:
    body = b"head of it " * 800 + b"tail of it " * 800
    (text,) = quotable_texts(view(body))
    joint = text.judged.index(b"\n")
    quote = text.judged[joint - 12 : joint + 12]
    assert quote not in body
    assert all(piece in body for piece in cut(quote, (text,)))


@given(st.binary(max_size=120), st.integers(0, 120), st.integers(0, 120), st.sampled_from(("", ID, "10.0.0.7:50123")))
def test_every_piece_of_any_quote_of_any_bytes_is_verbatim_text_without_a_masked_value(
    noise: bytes, low: int, high: int, value: str
) -> None:
    body = b"could not reach the cart " + value.encode() + b" " + noise + b" giving up on it"
    quote = body[min(low, high) : max(low, high)]
    taken = [body[start:end] for name, start, end in mask_named(body) if name in ("uuid", "ipv4", "hex", "integer")]
    for piece in evidence(body, quote):
        assert piece in body
        assert len(piece) >= 8
        piece.decode()
        assert not any(span in piece for span in taken)


@given(
    st.lists(st.sampled_from((ID, "10.0.0.7:50123", "42ms", "user 77", "lost in the till", "x" * 4000)), max_size=12)
)
def test_pieces_of_a_record_stand_in_another_record_of_the_same_masked_text(words: list[str]) -> None:
    a = " ".join(["cart service", *words, "at the very end"])
    b = a.replace(ID, "0" * 8 + ID[8:]).replace("42ms", "9ms").replace("user 77", "user 1").replace("50123", "61000")
    for piece in evidence(a.encode(), *a.encode().split(b" user "), a.encode()):
        assert piece in b.encode()
