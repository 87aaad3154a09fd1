"""The documented path of a record is made of files that exist, and names every file of the pipeline."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMED = re.findall(r"`(processor/logtriage/[a-z_/]+\.py)`", (ROOT / "docs/path-of-a-record.md").read_text())
PARTS_OF_STEPS = {"__init__", "values", "fields", "level_attributes"}


def test_every_step_names_a_file_that_exists() -> None:
    assert len(NAMED) > 20
    assert [name for name in NAMED if not (ROOT / name).is_file()] == []


def test_every_file_of_the_pipeline_is_a_step_or_part_of_one() -> None:
    files = {path.stem for path in (ROOT / "processor/logtriage/pipeline").glob("*.py")}
    assert files - PARTS_OF_STEPS <= {Path(name).stem for name in NAMED}
