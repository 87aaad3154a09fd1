from __future__ import annotations

import pytest

from logtriage.config.environment import expand_environment

ENV = {
    "HOST": "collector",
    "PORT": "4317",
    "TOKEN": "007",
    "YES": "true",
    "EMPTY": "",
    "LIST": "[1, 2]",
    "MONEY": "a$b",
}


@pytest.mark.parametrize(
    ("value", "expanded"),
    [
        ("${env:HOST}:${env:PORT}", "collector:4317"),
        ("${env:PORT}", 4317),
        ("${env:YES}", True),
        ("${env:MISSING:-8}", 8),
        ("${env:MISSING:-}", ""),
        ("${env:EMPTY:-default}", ""),
        ("${env:EMPTY}", ""),
        ("${env:LIST}", "[1, 2]"),
        ("port ${env:PORT}", "port 4317"),
        ("${env:MONEY}", "a$b"),
        ("$${env:HOST}", "${env:HOST}"),
        ("costs 5$ and $$6", "costs 5$ and $6"),
        ("$$$$", "$$"),
        (5, 5),
        (["${env:HOST}", {"a": "${env:PORT}"}], ["collector", {"a": 4317}]),
    ],
)
def test_a_reference_is_replaced_from_the_environment(value: object, expanded: object) -> None:
    expansion = expand_environment({"key": value}, ENV)

    assert expansion.tree == {"key": expanded}
    assert expansion.faults == {}


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("${env:MISSING}", "`MISSING`, which is not set"),
        ("${HOST}", "has the reference `${HOST}`"),
        ("${file:/etc/passwd}", "has the reference `${file:/etc/passwd}`"),
        ("${env:1X}", "which is no name of a variable"),
        ("${env:HOST", "that is not closed"),
        ("${env:A:-${env:HOST}}", "one inside another"),
    ],
)
def test_a_reference_that_cannot_be_replaced_is_a_fault_at_its_place(value: str, problem: str) -> None:
    expansion = expand_environment({"exporter": {"headers": {"x": value}}}, ENV)

    (fault,) = expansion.faults.values()
    assert fault.path == "exporter.headers.x"
    assert problem in fault.problem


def test_the_text_of_a_typed_value_is_kept_for_where_text_is_wanted() -> None:
    expansion = expand_environment({"headers": {"token": "${env:TOKEN}"}}, ENV)

    assert expansion.texts == {("headers", "token"): "007"}


def test_keys_are_not_expanded() -> None:
    assert expand_environment({"${env:HOST}": 1}, ENV).tree == {"${env:HOST}": 1}


def test_a_key_without_a_value_is_left_out() -> None:
    assert expand_environment({"exporter": None, "engine": "auto"}, {}).tree == {"engine": "auto"}


def test_a_tree_that_contains_itself_is_a_fault() -> None:
    tree: dict[str, object] = {}
    tree["receiver"] = tree

    expansion = expand_environment(tree, {})

    assert [fault.path for fault in expansion.faults.values()] == ["receiver"]
