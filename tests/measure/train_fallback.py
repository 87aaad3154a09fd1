"""Would a statistical fallback over words help where no name decides? Train, cross-validate, and tell.

    PYTHONPATH=processor:tests python tests/measure/train_fallback.py

A multinomial naive Bayes over the words of the masked text, trained on the golden set, ranks the categories of the
records that no signature and no decisive code or class decides; alone, or with a bonus for what the engine says today
(its table of general words, else `config_error`). Held back by file and by scenario of the capture, so that no record
is ranked by its own neighbours. Words of one group only are names and left out. Nothing is written: a fallback enters
the package only if its best setting beats the engine by more than chance gives (a sign test over the records on which
they differ), and it does not.
"""

from __future__ import annotations

import math
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from logtriage.engines.local.engine import LocalEngine
from logtriage.engines.local.finding import Source
from logtriage.engines.local.rules import decide
from logtriage.engines.local.text import text_of
from logtriage.evaluation.sign_test import sign_test
from logtriage.schema.category import Category
from logtriage.verdicts.fingerprint import fingerprint_of
from support.golden import golden_set

FOLDS = 10
SETTINGS = tuple(product((3, 6), (0.15, 0.3, 0.6, 1.0), (0.0, 2.0, 4.0)))
"""Least number of groups of a word; weight of the words; bonus for what the engine says."""
UNDECIDED = {Source.UNKNOWN, Source.WORD, Source.VAGUE}
WORD = re.compile(r"<[^<>\s]{1,30}>|[A-Z]?[a-z]{2,18}|[A-Z]{3,18}")
RANKED = tuple(category for category in Category if category is not Category.NOISE)


@dataclass(frozen=True, slots=True)
class Row:
    """One golden record: its words, what is right, what the engine says and whether a name decides it."""

    group: str
    words: frozenset[str]
    expected: Category
    said: Category
    is_undecided: bool


def rows() -> list[Row]:
    """Judge the golden set without its context."""
    engine = LocalEngine()
    found = []
    for golden in golden_set():
        view = golden.record.view
        finding = decide(engine.matcher, text_of(view), view)
        words = frozenset(word.lower() for word in WORD.findall(fingerprint_of(view).masked) if word[0] != "<")
        expected = golden.record.expect.category
        found.append(Row(golden.group, words, expected, finding.category, finding.source in UNDECIDED))
    return found


def trained(table: Iterable[Row], least_groups: int) -> dict[str, list[float]]:
    """Give the log-odds of each word by category: how much likelier it stands in one than anywhere."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    counts: defaultdict[str, Counter[Category]] = defaultdict(Counter)
    sizes: Counter[Category] = Counter()
    for row in table:
        sizes[row.expected] += 1
        for word in row.words:
            groups[word].add(row.group)
            counts[word][row.expected] += 1
    total = sum(sizes.values())
    return {
        word: [
            math.log((count[category] + 0.5) / (sizes[category] + 1)) - math.log((count.total() + 0.5) / (total + 1))
            for category in RANKED
        ]
        for word, count in counts.items()
        if len(groups[word]) >= least_groups
    }


def ranked(row: Row, weights: dict[str, list[float]], prior: Counter[Category], scale: float, bonus: float) -> Category:
    """Give the best of the categories; `noise` is none of them: a guess never lowers."""
    known = [weights[word] for word in row.words if word in weights]

    def score(at: int) -> float:
        category = RANKED[at]
        start = math.log(prior[category] + 1) + (bonus if category is row.said else 0.0)
        return start + scale * sum(weight[at] for weight in known)

    return RANKED[max(range(len(RANKED)), key=score)]


def main() -> int:
    table = rows()
    names = sorted({row.group for row in table})
    random.Random(1).shuffle(names)
    fold = {name: at % FOLDS for at, name in enumerate(names)}
    undecided = [row for row in table if row.is_undecided]
    engine_right = sum(row.said is row.expected for row in undecided)
    print(f"{len(undecided)} of {len(table)} golden records are decided by no name")
    print(f"engine: {engine_right} right ({engine_right / len(undecided):.3f})")
    best = (0, 0, "")
    for least, scale, bonus in SETTINGS:
        fixed = broken = 0
        for at in range(FOLDS):
            rest = [row for row in table if fold[row.group] != at]
            weights = trained(rest, least)
            prior = Counter(row.expected for row in rest if row.is_undecided)
            for row in (row for row in undecided if fold[row.group] == at):
                is_right = ranked(row, weights, prior, scale, bonus) is row.expected
                fixed += is_right and row.said is not row.expected
                broken += not is_right and row.said is row.expected
        told = f"words of {least} groups, weight {scale}, bonus {bonus}"
        accuracy = (engine_right + fixed - broken) / len(undecided)
        print(f"fallback ({told}): {accuracy:.3f}, {fixed} fixed, {broken} broken")
        best = max(best, (fixed - broken, fixed, told))
    gain, fixed, told = best
    chance = sign_test(fixed, fixed - gain)
    print(f"best of {len(SETTINGS)}: {told}: {gain:+d} records; by chance alone as far off with p = {chance:.2f}")
    print(
        "it earns its place" if gain > 0 and chance < 0.05 / len(SETTINGS) else "it does not earn its place: left out"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
