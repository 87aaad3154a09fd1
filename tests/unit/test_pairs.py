"""The pairs of records in ``tests/golden/pairs.jsonl`` split and merge as wanted, but for those that are named here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from logtriage.verdicts.fingerprint import fingerprint_of_line
from support.tables import each_row

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "golden" / "pairs.jsonl").read_text(encoding="utf-8").splitlines()
]
KNOWN_FAULTS = {
    153: "whether two digests are the same is not told: only numbers are compared",
    190: "`process 911`: three digits behind process could be an exit code",
    255: '`"attempt":2` in JSON: the limit may stand behind another key',
    428: "an etag of short parts looks like a code",
    632: "short numbers joined by hyphens may be a code",
    669: "four digits behind a key of several parts may be a code, five are none",
    454: "seconds at the end of an access log, not of three places",
}


def fingerprint_of_side(side: str | dict[str, Any]) -> str:
    return fingerprint_of_line(**({"body": side} if isinstance(side, str) else side)).hex


@each_row("pair", PAIRS)
def test_a_pair_splits_or_merges_as_wanted(pair: dict[str, Any]) -> None:
    is_as_wanted = (fingerprint_of_side(pair["a"]) == fingerprint_of_side(pair["b"])) == (pair["want"] == "merge")
    assert is_as_wanted == (pair["id"] not in KNOWN_FAULTS), "a pair went wrong, or a known fault is mended"


def test_the_pairs_are_many_of_both_kinds() -> None:
    wants = [pair["want"] for pair in PAIRS]
    assert wants.count("split") >= 250
    assert wants.count("merge") >= 150
    assert len({pair["id"] for pair in PAIRS}) == len(PAIRS)
