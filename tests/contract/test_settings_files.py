from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from logtriage.cli.config import write_settings_page
from logtriage.config.example import write_example
from logtriage.config.load import load_settings
from logtriage.config.schema import write_schema
from logtriage.config.settings import Settings
from logtriage.config.tree import Node, all_nodes
from support.tables import each_row

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = [node for node in all_nodes() if node.section is None]
NODES = list(all_nodes())


DEFAULTS: Any = Settings().model_dump(mode="json")
SCHEMA: Any = json.loads(write_schema())


def schema_at(path: tuple[str, ...]) -> Any:
    schema = SCHEMA
    for name in path:
        schema = schema["properties"][name]
    return schema


def schemas(schema: object) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
        for below in schema.values():
            yield from schemas(below)
    elif isinstance(schema, list):
        for below in schema:
            yield from schemas(below)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("config/logtriage.yaml", write_example()),
        ("config/logtriage.schema.json", write_schema()),
        ("docs/settings.md", write_settings_page()),
    ],
    ids=["example", "schema", "docs"],
)
def test_the_committed_file_is_what_the_code_writes(file: str, text: str) -> None:
    assert (ROOT / file).read_text(encoding="utf-8") == text


def test_the_example_loads_to_exactly_the_built_in_settings() -> None:
    assert load_settings(ROOT / "config/logtriage.yaml", {}) == Settings()


def test_the_example_sets_every_setting() -> None:
    settings = load_settings(ROOT / "config/logtriage.yaml", {}).model_dump(mode="json", exclude_unset=True)

    for node in SETTINGS:
        value: Any = settings
        for name in node.path[:-1]:
            value = value[name]
        # A null stands for "not set" and is left out by the loader.
        assert node.name in value or node.field.default is None, node.path


@each_row("node", NODES)
def test_every_setting_says_what_it_means_in_one_paragraph(node: Node) -> None:
    assert node.description.endswith((".", "!"))
    assert "\n" not in node.description
    assert "|" not in node.description


@each_row("node", SETTINGS)
def test_the_schema_knows_the_setting_with_its_default(node: Node) -> None:
    value = DEFAULTS
    for name in node.path:
        value = value[name]

    assert schema_at(node.path)["default"] == value


def test_the_schema_lets_values_other_than_text_come_from_the_environment() -> None:
    assert {"$ref": "#/$defs/environment"} in schema_at(("exporter", "timeout"))["anyOf"]
    assert {"$ref": "#/$defs/environment"} in schema_at(("trust_incoming",))["anyOf"]


def test_the_schema_refuses_unknown_keys_in_every_section() -> None:
    sections = [schema for schema in schemas(json.loads(write_schema())) if "properties" in schema]

    assert len(sections) == 1 + len([node for node in all_nodes() if node.section is not None])
    assert all(section["additionalProperties"] is False for section in sections)
