"""The same body with another status, exit code, error type or exception never shares a fingerprint."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from logtriage.verdicts.fingerprint import CODE_ATTRIBUTES, fingerprint_of_line

BODIES = st.one_of(
    st.sampled_from(("request failed", "user 7 was refused after 12ms", '{"msg":"lost","took_ms":3}', "")),
    st.text(max_size=80),
)
CODES = st.one_of(
    st.integers(0, 999_999_999),
    st.sampled_from(("UNAVAILABLE", "NOT_FOUND", "timeout", "", "23505", "7c2f0b1e5d2a4a53")),
)
WORDS = st.text(alphabet="ghijklmnopqrstuvwxyz", min_size=1, max_size=12)
"""Without the letters of hex numbers: made-up words of those could be identifiers."""


@given(BODIES, st.sampled_from([name.decode() for name in CODE_ATTRIBUTES]), CODES, CODES)
def test_another_value_of_an_attribute_that_carries_a_code_is_another_fingerprint(
    body: str, name: str, a: object, b: object
) -> None:
    assume(str(a) != str(b))
    first = fingerprint_of_line(body, attributes={name: a})
    assert first.hex != fingerprint_of_line(body, attributes={name: b}).hex
    assert first.hex != fingerprint_of_line(body).hex


@given(BODIES, st.sampled_from(("exception.message", "exception.type", "error", "reason")), WORDS, WORDS)
def test_another_exception_or_cause_is_another_fingerprint(body: str, name: str, a: str, b: str) -> None:
    assume(a != b)
    first, second = (fingerprint_of_line(body, attributes={name: f"the {word} was turned down"}) for word in (a, b))
    assert first.hex != second.hex


@given(BODIES, st.integers(100, 599), st.integers(100, 599))
def test_another_status_in_the_body_is_another_fingerprint(body: str, a: int, b: int) -> None:
    assume(a != b)
    for form in (
        "{} answered 'status={}",
        "{} responded with status {}",
        '{} {{"status":{}}}',
        '{} "GET / HTTP/1.1" {} 12',
    ):
        assert fingerprint_of_line(form.format(body, a)).hex != fingerprint_of_line(form.format(body, b)).hex
