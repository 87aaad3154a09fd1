"""Every row of the redaction table takes its examples, the secret in them and no more, and leaves its near-misses."""

from __future__ import annotations

from logtriage.engines.mimo.redaction.rule import Rule
from logtriage.engines.mimo.redaction.rules import OPTIONAL_RULES, RULES
from logtriage.engines.mimo.redaction.scan import Allowed, Scanner
from support.tables import each_row

ALL = RULES + OPTIONAL_RULES


def marked(example: str) -> tuple[str, list[str]]:
    """Give the example without its marks, and what stands between them."""
    return example.replace("«", "").replace("»", ""), [part.split("»")[0] for part in example.split("«")[1:]]


def taken(rules: tuple[Rule, ...], text: str) -> list[str]:
    return [text[start:end] for start, end, _ in Scanner(rules, Allowed()).spans(text)]


@each_row(("rule", "example"), [(r, e) for r in ALL for e in r.examples])
def test_a_row_takes_exactly_the_secret_of_its_example(rule: Rule, example: str) -> None:
    text, secrets = marked(example)
    assert secrets
    assert taken((rule,), text) == secrets


@each_row(("rule", "text"), [(r, t) for r in ALL for t in r.near_misses])
def test_a_row_leaves_its_near_miss(rule: Rule, text: str) -> None:
    assert taken((rule,), text) == []


@each_row(("rule", "example"), [(r, e) for r in RULES for e in r.examples])
def test_the_whole_table_leaves_nothing_of_an_example(rule: Rule, example: str) -> None:
    text, secrets = marked(example)
    left = text
    for start, end, _ in reversed(Scanner(RULES, Allowed()).spans(text)):
        left = left[:start] + left[end:]
    assert not any(secret in left for secret in secrets)


def test_each_row_has_its_own_name_examples_near_misses_and_a_reason() -> None:
    names = [rule.name for rule in ALL]
    assert len(set(names)) == len(names)
    for rule in ALL:
        assert rule.examples, rule.name
        assert rule.near_misses, rule.name
        assert rule.reason, rule.name
        assert all(keyword == keyword.lower() for keyword in rule.keywords), rule.name


def test_no_row_matches_what_was_covered() -> None:
    scanner = Scanner(ALL, Allowed())
    for rule in ALL:
        for example in rule.examples:
            text, secrets = marked(example)
            for secret in secrets:
                text = text.replace(secret, "\0" * len(secret))
            assert all("\0" not in text[start:end] for start, end, _ in scanner.spans(text)), rule.name
