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
SCALE: Final = 0.25
"""Words of a text are no independent witnesses: each counts for a quarter."""
BONUS: Final = 100
"""What the table of general words (`words.py`) adds to the category that it leans to, and each general wording
(`phrases.py`) to its own, in hundredths."""
TELLING: Final = 60
"""From here on a word is worth quoting, in hundredths."""
MAX_BYTES: Final = 4096

NO_VOTES: Final[Mapping[Category, Votes]] = MappingProxyType({})

_PATH: Final = rb"(?:/[\w.@%+-]{1,80}){2,12}"
_HOST_END: Final = rb"\.(?:invalid|example|test|internal|local|svc|com|net|org)\b"
_NAME: Final = re.compile(_PATH + rb"|[\w-]{1,60}+(?:\.[\w-]{1,60}+){0,6}" + _HOST_END)
"""Paths and hosts: what is called so says nothing about what is wrong with it."""
_RUN_OR_PATH: Final = re.compile(
    rb"(?<![\w.@%+/-])(?=[\w.@%+/-]{1,4096}?" + _HOST_END + rb")[\w.@%+/-]{1,4096}|" + _PATH
)
"""Whole runs of what names are written with, in which a host may end: only there are hosts looked for. And paths."""
_WORD: Final = re.compile(rb"[A-Z][a-z]{2,18}|[a-z]{3,18}|[A-Z]{3,18}")


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest category, and the word that speaks most for it."""

    category: Category
    span: Span | None


def words_of(original: bytes) -> dict[bytes, Span]:
    """Give the words of a text in lower case, the parts of a joined name apart, each with its first place."""
    found: dict[bytes, Span] = {}
    for match in _WORD.finditer(_without_names(original)):
        found.setdefault(match.group().lower(), match.span())
    return found


def _without_names(original: bytes) -> bytes:
    """Give the head of a text, blanks in the place of paths and hosts."""
    return _RUN_OR_PATH.sub(lambda run: _NAME.sub(_blanks, run.group()), original[:MAX_BYTES])


def _blanks(name: re.Match[bytes]) -> bytes:
    return b" " * len(name.group())


def guess(original: bytes, leaning: Category | None = None, votes: Mapping[Category, Votes] = NO_VOTES) -> Guess:
    """Rank the categories; ``leaning``: what the table of general words says; ``votes``: the general wordings."""
    weights = weights_of_package()
    text = _without_names(original)
    known = [word for word in dict.fromkeys(map(bytes.lower, _WORD.findall(text))) if word in weights]
    scaled = _scaled_weights()
    scores = [sum(odds, start) for start, *odds in zip(weights[START], *map(scaled.__getitem__, known), strict=True)]
    if leaning is not None:
        scores[RANKED.index(leaning)] += BONUS
    for category, vote in votes.items():
        scores[RANKED.index(category)] += BONUS * vote.count
    best = max(range(len(RANKED)), key=scores.__getitem__)
    chosen = votes.get(RANKED[best])
    if chosen is not None:
        return Guess(RANKED[best], chosen.span)
    telling = {word: weights[word][best] for word in known if weights[word][best] >= TELLING and len(word) > 3}
    if not telling:
        return Guess(RANKED[best], None)
    most = max(telling.values())
    return Guess(RANKED[best], _first_place(text, frozenset(word for word in telling if telling[word] == most)))


def _first_place(text: bytes, words: frozenset[bytes]) -> Span:
    """Give where a word first stands; of several words, that of the last to appear."""
    places: dict[bytes, Span] = {}
    for match in _WORD.finditer(text):
        word = match.group().lower()
        if word in words:
            places.setdefault(word, match.span())
            if len(places) == len(words):
                break
    return max(places.values())


@cache
def weights_of_package() -> Mapping[bytes, tuple[float, ...]]:
    """Read the numbers of the package, once."""
    text = resources.files(__package__).joinpath("fallback.csv").read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines()[1:])
    return {word.encode(): tuple(float(number) for number in numbers) for word, *numbers in rows}


@cache
def _scaled_weights() -> Mapping[bytes, tuple[float, ...]]:
    return {word: tuple(SCALE * odds for odds in weight) for word, weight in weights_of_package().items()}
