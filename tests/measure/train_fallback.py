"""Train the statistical fallback, tell by cross-validation what it is worth, and write it into the package.

    PYTHONPATH=processor:tests python tests/measure/train_fallback.py [--write]

The question is what becomes of software that no signature knows. So the records are those of the golden set that no
cause in general words, code or class decides once all signatures of one software are left out: to a signature that was
written for them they would be no strangers. Held back by file and by scenario of the capture, so that no record is
ranked by its own neighbours. A word counts that stands in `LEAST_GROUPS` of them, in at least two of the written files:
others are names. The fallback is written only if it beats the engine without it by more than chance gives (a sign test
over the records on which they differ).
"""

from __future__ import annotations

import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import logtriage.engines.local as local
from logtriage.engines.local.fallback import BONUS, RANKED, SCALE, START, words_of
from logtriage.engines.local.finding import Source
from logtriage.engines.local.matcher import SignatureMatcher
from logtriage.engines.local.rules import decide
from logtriage.engines.local.signature import Rank
from logtriage.engines.local.signatures import SIGNATURES
from logtriage.engines.local.text import text_of
from logtriage.engines.local.words import find_word
from logtriage.evaluation.sign_test import sign_test
from logtriage.schema.category import Category
from support.golden import golden_set

FOLDS = 10
LEAST_GROUPS = 3
LEAST_WRITTEN = 2
MAX_CHANCE = 0.01
OUT = Path(local.__file__).parent / "fallback.csv"

Weights = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Row:
    """One golden record. ``leaning``: what the general words say; ``is_stranger``: no name decides it."""

    group: str
    is_written: bool
    words: frozenset[str]
    expected: Category
    leaning: Category | None
    is_stranger: bool


def rows() -> list[Row]:
    """Judge the golden set without context by what holds for all software."""
    matcher = SignatureMatcher([row for row in SIGNATURES if row.rank in (Rank.CAUSE, Rank.SYMPTOM)])
    found = []
    for golden in golden_set():
        view = golden.record.view
        text = text_of(view)
        word = find_word(text.lowered)
        found.append(
            Row(
                group=golden.group,
                is_written=golden.file != "captured",
                words=frozenset(word.decode() for word in words_of(text.original)),
                expected=golden.record.expect.category,
                leaning=word.category if word is not None else None,
                is_stranger=decide(matcher, text, view).source in (Source.UNKNOWN, Source.WORD),
            )
        )
    return found


def trained(table: Iterable[Row]) -> Weights:
    """Give the log-odds of each word in hundredths: how much likelier it stands in a category than anywhere."""
    groups: defaultdict[str, set[tuple[bool, str]]] = defaultdict(set)
    counts: defaultdict[str, Counter[Category]] = defaultdict(Counter)
    sizes: Counter[Category] = Counter()
    strangers: Counter[Category] = Counter()
    for row in table:
        sizes[row.expected] += 1
        strangers[row.expected] += row.is_stranger
        for word in row.words:
            groups[word].add((row.is_written, row.group))
            counts[word][row.expected] += 1
    total = sizes.total()
    weights = {START.decode(): [round(100 * math.log(strangers[category] + 1)) for category in RANKED]}
    for word, count in sorted(counts.items()):
        if len(groups[word]) >= LEAST_GROUPS and sum(is_written for is_written, _ in groups[word]) >= LEAST_WRITTEN:
            anywhere = math.log((count.total() + 0.5) / (total + 1))
            weights[word] = [
                round(100 * (math.log((count[category] + 0.5) / (sizes[category] + 1)) - anywhere))
                for category in RANKED
            ]
    return weights


def ranked(row: Row, weights: Weights) -> Category:
    """Give the category that `fallback.guess` gives with these weights."""
    known = [weights[word] for word in row.words if word in weights]
    scores = [
        start + SCALE * sum(weight[at] for weight in known) + BONUS * (RANKED[at] is row.leaning)
        for at, start in enumerate(weights[START.decode()])
    ]
    return RANKED[max(range(len(RANKED)), key=scores.__getitem__)]


def main() -> int:
    table = rows()
    names = sorted({row.group for row in table})
    random.Random(1).shuffle(names)
    fold = {name: at % FOLDS for at, name in enumerate(names)}
    right: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for at in range(FOLDS):
        weights = trained(row for row in table if fold[row.group] != at)
        for row in (row for row in table if row.is_stranger and fold[row.group] == at):
            was = (row.leaning or Category.CONFIG_ERROR) is row.expected
            now = ranked(row, weights) is row.expected
            right[row.leaning is not None].update(n=1, was=was, now=now, fixed=now > was, broken=now < was)
    for has_word, count in right.items():
        told = "a general word leans" if has_word else "nothing is known"
        was, now = (count[name] / count["n"] for name in ("was", "now"))
        print(f"{told}: {count['n']} records, {was:.3f} right without, {now:.3f} with the fallback (cross-validated)")
    both = right[True] + right[False]
    chance = sign_test(both["fixed"], both["broken"])
    is_worth_it = both["fixed"] > both["broken"] and chance < MAX_CHANCE
    print(f"{both['fixed']} fixed, {both['broken']} broken: by chance alone as far off with p = {chance:.5f}")
    print("it earns its place" if is_worth_it else "it does not earn its place: leave it out")
    weights = trained(table)
    lines = [",".join(["word", *RANKED])] + [",".join([word, *map(str, odds)]) for word, odds in weights.items()]
    text = "\n".join(lines) + "\n"
    print(f"{len(weights) - 1} words, {len(text)} bytes")
    if "--write" in sys.argv[1:]:
        OUT.write_text(text, encoding="utf-8")
        print(f"written: {OUT.name}")
    return 0 if is_worth_it else 1


if __name__ == "__main__":
    sys.exit(main())
