"""What the README says stands as the code has it."""

from __future__ import annotations

import re
from pathlib import Path

from logtriage.schema import attributes
from logtriage.schema.category import Category

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
LATER = {
    attributes.MODE,
    attributes.SHADOW_IS_ACTIONABLE_FOR_ONCALL,
}
"""Attributes that no engine of this release writes."""


def test_the_collector_lines_are_those_that_the_end_to_end_test_runs() -> None:
    assert (ROOT / "config/collector/readme-snippet.yaml").read_text() in README


def test_every_attribute_that_is_written_is_explained() -> None:
    told = set(re.findall(r"`(logtriage\.[a-z_]+)`", README))
    assert set(attributes.ALL_ATTRIBUTES) - LATER <= told
    assert not told & LATER


def test_the_nine_categories_are_explained() -> None:
    table = README[README.index("| category | meaning |") :]
    assert re.findall(r"^\| `([a-z_]+)` \|", table, re.MULTILINE)[:9] == [category.value for category in Category]


def test_every_make_target_and_file_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"`make ([a-z0-9-]+)`|^\$ make ([a-z0-9-]+)", README, re.MULTILINE):
        assert f"\n{target[0] or target[1]}:" in makefile, target
    for name in re.findall(r"`((?:config|docs)/[A-Za-z0-9_./-]+)`", README):
        assert (ROOT / name).exists(), name
