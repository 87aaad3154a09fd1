"""General wordings: votes for a category where no name decides."""

from __future__ import annotations

import re

import pytest

from logtriage.engines.local.engine import LocalEngine
from logtriage.engines.local.expressions import Expressions
from logtriage.engines.local.needles import needles_of
from logtriage.engines.local.phrases import MAX_BYTES, find_phrases
from logtriage.engines.local.phrases_of_programs import PHRASES as OF_PROGRAMS
from logtriage.engines.local.phrases_of_surroundings import PHRASES as OF_SURROUNDINGS
from logtriage.schema.category import Category
from logtriage.schema.record import RecordView, ResourceView
from logtriage.schema.severity import Severity

PATTERNS = [pattern for _, patterns in (*OF_PROGRAMS, *OF_SURROUNDINGS) for pattern in patterns]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        (b"ferry: the captain is not permitted to leave", Category.AUTH_AUTHZ),
        (b"ferry: ramp and quay have incompatible versions", Category.DEPLOYMENT_DRIFT),
        (b"ferry: reached the limit of cars", Category.RESOURCE_EXHAUSTION),
        (b"ferry: the ramp is in an impossible state", Category.CODE_BUG),
        (b"ferry: expected a ticket but got a coin", Category.DATA_QUALITY),
        (b"ferry: no home port has been provided", Category.CONFIG_ERROR),
        (b"ferry: could not reach the harbour office", Category.UPSTREAM_OUTAGE),
        (b"ferry: radio link to the harbour interrupted, timed out", Category.TRANSIENT_NETWORK),
    ],
)
def test_a_general_wording_is_a_vote_for_its_category(text: bytes, category: Category) -> None:
    votes = find_phrases(text)

    assert max(votes, key=lambda each: votes[each].count) is category
    start, end = votes[category].span
    assert text[start:end]


def test_a_text_without_such_words_has_no_votes() -> None:
    assert not find_phrases(b"ferry: the gate is shut")


def test_words_behind_the_head_do_not_count() -> None:
    assert not find_phrases(b"x" * MAX_BYTES + b" could not reach the harbour office")


@pytest.mark.parametrize("text", ["ferry: could not reach the harbour office", "ferry: radio link interrupted"])
def test_a_vote_alone_lowers_nothing(text: str) -> None:
    record = RecordView(resource=ResourceView(), body=text.encode(), level=Severity.ERROR)

    assert LocalEngine().judge(record).report.is_actionable_for_oncall


def test_each_wording_compiles_is_bounded_and_has_a_literal() -> None:
    for pattern in PATTERNS:
        assert Expressions()[pattern].pattern == pattern
        plain = re.sub(rb"\\.|\[(?:\\.|[^\]\\])+\]", b"x", pattern)
        assert not re.search(rb"[*+]|\{\d*,\}", plain), pattern
        assert needles_of(pattern)
