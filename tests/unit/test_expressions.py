"""Expressions compiled when first asked for."""

from __future__ import annotations

import re

import pytest

from logtriage.engines.local.expressions import Expressions


def test_an_expression_is_compiled_once() -> None:
    expressions = Expressions()

    assert expressions[rb"gate \d"] is expressions[rb"gate \d"]
    assert expressions[rb"gate \d"].search(b"the gate 7")


def test_nothing_is_compiled_before_it_is_asked_for() -> None:
    assert not Expressions()


def test_an_expression_that_is_not_valid_is_told_when_it_is_asked_for() -> None:
    with pytest.raises(re.error):
        Expressions()[rb"gate (\d"]
