"""How often a finding is right: from what decided it and its raw confidence to a probability, measured once.

``logit p = offset[source] + slope * logit(raw confidence)``, the slope not negative: of two findings of one source the
surer one stays the surer. The numbers stand in ``calibration.json``; `tests/measure/train_calibration.py` fits them on
the golden set and tells by cross-validation how honest they are. Fit again after a change of the table of signatures.

What no name decides (`BLIND`) keeps its raw confidence: that is how often it was right on records that nobody had
tuned on. Fitted on the golden set, for which signatures were written, the little that is left over would flatter it.

The raw confidence says which of two signatures goes first (`rules.py`), and that is not changed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Final

from logtriage.engines.local.finding import Finding, Source

FLOOR: Final = 0.02
CEILING: Final = 0.98
BLIND: Final = frozenset({Source.UNKNOWN, Source.WORD, Source.VAGUE})
OTHER: Final = "other"
"""The offset of what was too rare to be fitted."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted numbers. ``offsets``: by `key_of`, and `OTHER`."""

    slope: float
    offsets: Mapping[str, float]

    def confidence_of(self, finding: Finding) -> float:
        """Give the probability that the category is right, in hundredths."""
        if finding.source in BLIND:
            return finding.confidence
        offset = self.offsets.get(key_of(finding), self.offsets[OTHER])
        logit = offset + self.slope * logit_of(finding.confidence)
        return round(min(max(1 / (1 + math.exp(-logit)), FLOOR), CEILING), 2)


def key_of(finding: Finding) -> str:
    """Name the offset of a finding."""
    return f"{finding.source} noise" if finding.is_named_noise else str(finding.source)


def logit_of(confidence: float) -> float:
    """Give the log-odds of a confidence that is neither none nor certain."""
    held = min(max(confidence, FLOOR), CEILING)
    return math.log(held / (1 - held))


def load_calibration() -> Calibration:
    """Read the numbers of the package."""
    text = resources.files(__package__).joinpath("calibration.json").read_text(encoding="utf-8")
    numbers = json.loads(text)
    return Calibration(slope=numbers["slope"], offsets=numbers["offsets"])
