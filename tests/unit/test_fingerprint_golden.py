"""Fingerprints do not change unnoticed: stored verdicts, human overrides and other replicas go by them.

To write the golden file again after a bump of `MASKS_VERSION`: ``python tests/unit/test_fingerprint_golden.py``.
"""

from __future__ import annotations

import json
from pathlib import Path

from logtriage.verdicts.fingerprint import fingerprint_of_line
from logtriage.verdicts.masks import MASKS_VERSION

GOLDEN = Path(__file__).parents[1] / "golden" / "fingerprints.txt"


def golden_rows() -> tuple[int, list[tuple[str, str]]]:
    """Give the version in the first line, and ``(fingerprint, record as JSON)`` of the others."""
    head, *rows = GOLDEN.read_text(encoding="utf-8").splitlines()
    return int(head.rpartition(" ")[2]), [(row[:16], row[18:]) for row in rows]


def fingerprint_of_row(record: str) -> str:
    """Fingerprint one row: a JSON object of the arguments of `fingerprint_of_line`."""
    arguments = json.loads(record)
    return fingerprint_of_line(arguments.pop("body"), **arguments).hex


def test_no_fingerprint_changes_without_a_new_version_of_the_masks() -> None:
    version, rows = golden_rows()
    changed = [record for fingerprint, record in rows if fingerprint_of_row(record) != fingerprint]
    if version != MASKS_VERSION:
        raise AssertionError(
            f"MASKS_VERSION is {MASKS_VERSION}, the golden file was written for {version}: "
            "write it again with `python tests/unit/test_fingerprint_golden.py`"
        )
    assert not changed, (
        f"{len(changed)} fingerprints changed, but MASKS_VERSION is still {MASKS_VERSION}: bump it in "
        f"verdicts/mask_table.py and write the golden file again. First: {changed[0]}"
    )


def test_the_golden_records_are_many_and_all_apart() -> None:
    _, rows = golden_rows()
    assert len(rows) >= 60
    assert len({fingerprint for fingerprint, _ in rows}) == len(rows)


if __name__ == "__main__":
    _, old = golden_rows()
    lines = [f"{fingerprint_of_row(record)}  {record}" for _, record in old]
    GOLDEN.write_text("\n".join([f"# MASKS_VERSION {MASKS_VERSION}", *lines]) + "\n", encoding="utf-8")
