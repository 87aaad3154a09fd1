"""The guess by all words together, where no name decides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logtriage.engines.local.fallback import RANKED, TELLING, guess, weights_of_package, words_of
from logtriage.schema.category import Category


@pytest.mark.parametrize(
    ("text", "category"),
    [
        (b"the licence key was refused for this account", Category.AUTH_AUTHZ),
        (b"heap grew past its limit, pool exhausted", Category.RESOURCE_EXHAUSTION),
        (b"ledger built for another schema, column unknown to this release", Category.DEPLOYMENT_DRIFT),
    ],
)
def test_words_together_lean_to_a_category(text: bytes, category: Category) -> None:
    assert guess(text).category is category


def test_a_text_without_a_known_word_is_what_strangers_are_mostly() -> None:
    start = weights_of_package()[b"*"]

    assert guess(b"7 8 9").category is RANKED[start.index(max(start))]
    assert guess(b"7 8 9").span is None


def test_the_general_words_have_the_greater_say() -> None:
    assert guess(b"gizmo", Category.AUTH_AUTHZ).category is Category.AUTH_AUTHZ


def test_paths_and_hosts_are_no_words_of_a_text() -> None:
    assert set(words_of(b"open /srv/token/password.txt at certificate.example failed")) == {b"open", b"failed"}


def test_the_parts_of_a_joined_name_are_words() -> None:
    assert {b"quota", b"used"} <= set(words_of(b"QuotaUsedUpError"))


@given(st.binary(max_size=200))
def test_any_bytes_get_a_category_that_is_not_noise(text: bytes) -> None:
    found = guess(text)

    assert found.category is not Category.NOISE
    if found.span is not None:
        assert text[slice(*found.span)].isalpha()


def test_the_numbers_stay_small_enough_to_be_read() -> None:
    weights = weights_of_package()

    assert len(weights) < 3000
    assert {len(odds) for odds in weights.values()} == {len(RANKED)}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"jdk.internal.reflect and cart.CartService", {b"reflect", b"and", b"cart", b"service"}),
        (b"(shop.example) (shop.examples)", {b"shop", b"examples"}),
        (b"https://user@mail.shop.test/a/b open", {b"https", b"open"}),
        (b"/srv/data/shop.example/password open", {b"open"}),
        (b"a.b.c.d.e.f.g.h.i.com open", {b"open"}),
        (b"either/or", {b"either"}),
    ],
)
def test_of_a_run_of_characters_only_the_host_and_the_path_are_left_out(text: bytes, words: set[bytes]) -> None:
    assert set(words_of(text)) == words


@given(st.lists(st.sampled_from(sorted(filter(bytes.isalpha, weights_of_package()))), min_size=1, max_size=30))
def test_the_word_that_speaks_most_is_quoted_where_it_first_stands(words: list[bytes]) -> None:
    text = b" ".join(words)
    found = guess(text)

    at = RANKED.index(found.category)
    heaviest = max((weights_of_package()[word][at] for word in words if len(word) > 3), default=0)
    if heaviest < TELLING:
        assert found.span is None
    else:
        assert found.span is not None
        assert found.span in words_of(text).values()
        assert weights_of_package()[text[slice(*found.span)]][at] == heaviest
