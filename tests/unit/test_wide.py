"""Masks that reach over quotes and any words: row values, names of people, literals of a statement."""

from __future__ import annotations

import pytest

from logtriage.verdicts.masks import mask
from logtriage.verdicts.wide import wide_spans


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Key (sku)=(A-77) already exists", "Key (sku)=(<value>) already exists"),
        ('Key (a, b)=(1, "x") is not present', "Key (a, b)=(<value>) is not present"),
        ("Duplicate entry 'ann lee' for key 'u'", "Duplicate entry '<value>' for key 'u'"),
        ("access denied for user ann from 10.0.0.7", "access denied for user <user> from <ip>"),
        ('login failed for user "ann"', 'login failed for user "<user>"'),
        ("Failed password for invalid user admin from x", "Failed password for invalid user <user> from x"),
        ('user "ann" exceeded her quota', 'user "<user>" exceeded her quota'),
        ("Failed login for root from 10.2.3.4", "Failed login for <user> from <ip>"),
        ("X-Request-Id: 9b2d-44aa-01 refused", "X-Request-Id: <value> refused"),
        (
            "STATEMENT:  INSERT INTO items (id, sku) VALUES (17, 'SKU-2')",
            "STATEMENT:  INSERT INTO items (id, sku) VALUES (<n>, '<value>')",
        ),
        ("SELECT a FROM items WHERE id = 17 LIMIT 5", "SELECT a FROM items WHERE id = <n> LIMIT <n>"),
        ("[parameters: (17, 'ann')]", "[parameters: (<n>, '<value>')]"),
    ],
)
def test_values_of_one_row_or_person_are_masked(text: str, wanted: str) -> None:
    assert mask(text.encode()).decode() == wanted


@pytest.mark.parametrize(
    "text",
    [
        "Key (sku) is missing",
        "denied for user without role",
        "for user to decide",
        "select the best from three",
        "superuser refused",
        "timed out waiting for user authentication",
        "stopped by user request",
        "no password for the till",
        "Session-Id: missing",
    ],
)
def test_near_misses_are_left_alone(text: str) -> None:
    assert wide_spans(text.encode()) == []
    assert mask(text.encode()).decode() == text


def test_a_code_behind_a_statement_stays() -> None:
    a = mask(b"INSERT INTO items VALUES (1) failed: errno = 24")
    assert a == b"INSERT INTO items VALUES (<n>) failed: errno = 24"
    assert mask(b"DELETE FROM items WHERE id = 7: error 1451") == b"DELETE FROM items WHERE id = <n>: error 1451"
