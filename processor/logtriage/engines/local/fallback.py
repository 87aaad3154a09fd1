"""Rank the categories of a text that no name decides, by all of its words together: a guess, and said to be one.

Naive Bayes: the log-odds of each known word, added to what such texts are on the whole. The numbers stand in
``fallback.csv`` (hundredths, one word a line; the line ``*`` is the start); `tests/measure/train_fallback.py` writes it
and tells by cross-validation what it is worth. It ranks eight categories and nothing else: it never says `noise`, and
changes neither severity nor who has to act.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from logtriage.engines.local.finding import Span
from logtriage.engines.local.phrases import Votes
from logtriage.schema.category import Category

RANKED: Final = tuple(category for category in Category if category is not Category.NOISE)
START: Final = b"*"
SCALE: Final = 0.3
"""Words of a text are no independent witnesses: each counts for a third."""
BONUS: Final = 100
"""What the table of general words (`words.py`) adds to the category that it leans to, and each general wording
(`phrases.py`) to its own, in hundredths."""
TELLING: Final = 60
"""From here on a word is worth quoting, in hundredths."""
MAX_BYTES: Final = 4096

NO_VOTES: Final[Mapping[Category, Votes]] = MappingProxyType({})

_NAME: Final = re.compile(
    rb"(?:/[\w.@%+-]{1,80}){2,12}|[\w-]{1,60}(?:\.[\w-]{1,60}){0,6}\.(?:invalid|example|test|internal|local|svc|com|net|org)\b"
)
"""Paths and hosts: what is called so says nothing about what is wrong with it."""
_WORD: Final = re.compile(rb"[A-Z][a-z]{2,18}|[a-z]{3,18}|[A-Z]{3,18}")


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest category, and the word that speaks most for it."""

    category: Category
    span: Span | None


def words_of(original: bytes) -> dict[bytes, Span]:
    """Give the words of a text in lower case, the parts of a joined name apart, each with its first place."""
    found: dict[bytes, Span] = {}
    text = _NAME.sub(lambda match: b" " * len(match.group()), original[:MAX_BYTES])
    for match in _WORD.finditer(text):
        found.setdefault(match.group().lower(), match.span())
    return found


def guess(original: bytes, leaning: Category | None = None, votes: Mapping[Category, Votes] = NO_VOTES) -> Guess:
    """Rank the categories; ``leaning``: what the table of general words says; ``votes``: the general wordings."""
    weights = weights_of_package()
    known = [(weights[word], span) for word, span in words_of(original).items() if word in weights]
    scores = list(weights[START])
    for weight, _ in known:
        for at, odds in enumerate(weight):
            scores[at] += SCALE * odds
    if leaning is not None:
        scores[RANKED.index(leaning)] += BONUS
    for category, vote in votes.items():
        scores[RANKED.index(category)] += BONUS * vote.count
    best = max(range(len(RANKED)), key=scores.__getitem__)
    chosen = votes.get(RANKED[best])
    if chosen is not None:
        return Guess(RANKED[best], chosen.span)
    telling = [(weight[best], span) for weight, span in known if weight[best] >= TELLING and span[1] - span[0] > 3]
    return Guess(RANKED[best], max(telling)[1] if telling else None)


@cache
def weights_of_package() -> Mapping[bytes, tuple[float, ...]]:
    """Read the numbers of the package, once."""
    text = resources.files(__package__).joinpath("fallback.csv").read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines()[1:])
    return {word.encode(): tuple(float(number) for number in numbers) for word, *numbers in rows}
