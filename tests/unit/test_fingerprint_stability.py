"""Nothing changes a fingerprint: no order, no replica, no restart, no hash seed, no memory of what came before."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from logtriage.demo.capture import load_capture
from logtriage.verdicts import fingerprint
from logtriage.verdicts.fingerprint import digest_of, fingerprint_of_line
from logtriage.verdicts.masker import Masker

PAIRS = Path(__file__).parents[1] / "golden" / "pairs.jsonl"


def corpus() -> list[dict[str, Any]]:
    """Give the records of the pairs and of the capture, as arguments of `fingerprint_of_line`."""
    records: list[dict[str, Any]] = []
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        records += (side if isinstance(side, dict) else {"body": side} for side in (pair["a"], pair["b"]))
    records += ({"body": record.body, "attributes": dict(record.attributes)} for record in load_capture())
    return records


def fingerprints_of(records: Iterable[dict[str, Any]]) -> list[str]:
    return [fingerprint_of_line(**record).hex for record in records]


PROGRAM = """
import json, sys
from logtriage.verdicts.fingerprint import fingerprint_of_line
records = json.load(sys.stdin)
order = sorted(records, key=lambda item: hash(item[0]))
print(json.dumps(sorted((number, fingerprint_of_line(**record).hex) for number, record in order)))
"""


@pytest.mark.parametrize("seed", ["0", "1", "4711", "random"])
def test_another_process_with_another_seed_and_order_gives_the_same_fingerprints(seed: str) -> None:
    records = corpus()
    numbered = [[str(number), record] for number, record in enumerate(records)]
    given = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(numbered),
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(fingerprint.__file__).parents[2])},
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    theirs = {int(number): value for number, value in json.loads(given)}
    assert theirs == dict(enumerate(fingerprints_of(records)))


@pytest.mark.parametrize("seed", range(4))
def test_what_a_replica_saw_before_changes_nothing(seed: int) -> None:
    records = corpus()
    bodies = [record["body"].encode() for record in records]
    alone = [digest_of(resource_key=b"r", level=None, body=body) for body in bodies]
    order = list(range(len(bodies))) * 3
    random.Random(seed).shuffle(order)
    masker = Masker()
    for number in order:
        assert digest_of(resource_key=b"r", level=None, body=bodies[number], mask=masker.mask) == alone[number]


def test_the_corpus_is_large_and_of_many_kinds() -> None:
    records = corpus()
    assert len(records) >= 700
    assert len(set(fingerprints_of(records))) >= 300
