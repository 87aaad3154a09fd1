"""Whatever the text: no planted secret is left, spans tell the truth, and what is redacted stays as it is."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from logtriage.config.redaction import RedactionSettings
from logtriage.engines.mimo.redaction import Redactor
from logtriage.engines.mimo.redaction.rules import RULES
from measure.redaction import leaks
from measure.redaction_corpus import KEY_FRAMES, Corpus, key_value_secret, structured

REDACTOR = Redactor(RedactionSettings())
KINDS = tuple(kind for kind in structured(Corpus(0)) if kind not in ("private key", "slack webhook"))
SNIPPETS = tuple(
    example.replace("«", "").replace("»", "") for rule in RULES for example in (*rule.examples, *rule.near_misses)
)

texts = st.lists(
    st.one_of(
        st.sampled_from(SNIPPETS),
        st.sampled_from([keyword for rule in RULES for keyword in rule.keywords]),
        st.sampled_from(
            (
                "<EMAIL_1>",
                "<PASSWORD_2>",
                "<TEXT_1>",
                "\0",
                "=",
                ": ",
                '"',
                "'",
                "\\",
                "\n",
                "@",
                ">",
                "</",
                ",",
                ";",
                "&",
            )
        ),
        st.text(max_size=8),
        st.text(st.characters(min_codepoint=0xD7F0, max_codepoint=0xE00F, exclude_categories=()), max_size=3),
    ),
    max_size=8,
).map("".join)
prose = st.text(st.sampled_from("abcdefgh öß\n.,"), max_size=40)


@given(texts)
@example("password=<PASSWORD_1>x")
def test_spans_are_disjoint_in_order_and_replacing_them_gives_the_text(text: str) -> None:
    result = REDACTOR.session().redact(text)
    rebuilt, position = "", 0
    for start, end, placeholder in result.spans:
        assert position <= start < end <= len(text)
        rebuilt += text[position:start] + placeholder
        position = end
    assert rebuilt + text[position:] == result.text


@given(texts)
def test_what_is_redacted_stays_as_it_is(text: str) -> None:
    once = REDACTOR.session().redact(text).text
    assert REDACTOR.session().redact(once).text == once


@given(st.sampled_from(KINDS), st.integers(0, 2**32), prose, prose)
def test_no_secret_with_a_form_is_left_in_any_text(kind: str, seed: int, before: str, after: str) -> None:
    secret = structured(Corpus(seed))[kind]()
    text = f"{before} {secret} {after}"
    assert not leaks(REDACTOR.session().redact(text).text, (secret,))


@given(st.sampled_from(KEY_FRAMES), st.integers(0, 2**32), prose, prose)
def test_no_secret_behind_its_key_is_left_in_any_text(
    frame: tuple[str, str, str], seed: int, before: str, after: str
) -> None:
    secret = key_value_secret(Corpus(seed), frame[1])
    text = f"{before}\n{frame[2].format(secret)}\n{after}"
    left = REDACTOR.session().redact(text).text
    shown_anyway = frame[2].format("")
    assert not any(leaks(left, (part,)) for part in (secret,) if not leaks(shown_anyway, (part,)))


@given(st.lists(st.sampled_from(("a@example.com", "b@example.com", "<EMAIL_1>", "<EMAIL_2>")), min_size=1, max_size=8))
def test_two_texts_have_the_same_placeholder_only_if_they_are_the_same(parts: list[str]) -> None:
    session = REDACTOR.session()
    shown = [session.redact(part).text for part in parts]
    for i, part in enumerate(parts):
        for j, other in enumerate(parts):
            assert (shown[i] == shown[j]) == (part == other)
