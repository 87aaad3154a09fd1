"""Write the JSON schema of the settings, for editors: ``config/logtriage.schema.json``."""

from __future__ import annotations

import json
from typing import Any

from logtriage.config.section import Section
from logtriage.config.settings import Settings
from logtriage.config.tree import Node, children_of

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_REFERENCE = {"type": "string", "pattern": r"\$\{env:"}
"""Any value may come from the environment."""
_KEPT_OF_PYDANTIC = ("type", "enum", "pattern", "items", "additionalProperties", "minimum", "maximum", "minLength")


def write_schema() -> str:
    """Give the text of the file."""
    schema = {
        "$schema": _DIALECT,
        "title": "Settings of LogTriage",
        "$defs": {"environment": _REFERENCE},
        **schema_of_section(Settings, (), Settings().model_dump(mode="json")),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def schema_of_section(section: type[Section], path: tuple[str, ...], defaults: dict[str, Any]) -> dict[str, Any]:
    """Give the schema of one section: its keys and no others."""
    pydantic_schema = section.model_json_schema()
    properties: dict[str, Any] = {}
    for node in children_of(section, path):
        default = defaults[node.name]
        if node.section is not None:
            below = schema_of_section(node.section, node.path, default)
            properties[node.name] = {"description": node.description, **below, "type": ["object", "null"]}
        else:
            properties[node.name] = _schema_of_setting(node, pydantic_schema, default)
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _schema_of_setting(node: Node, pydantic_schema: dict[str, Any], default: Any) -> dict[str, Any]:
    wanted = _without_references(pydantic_schema["properties"][node.name], pydantic_schema.get("$defs", {}))
    alternatives = [_trimmed(one) for one in wanted.get("anyOf", [wanted])]
    if not any(one == {"type": "string"} for one in alternatives):
        alternatives.append({"$ref": "#/$defs/environment"})
    kind = alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}
    return {"description": node.description, "default": default, **kind}


def _without_references(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref", "")
    return {**definitions[reference.rpartition("/")[2]], **schema} if reference else schema


def _trimmed(schema: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in schema.items() if name in _KEPT_OF_PYDANTIC}
    if kept.get("type") == "object":
        kept["additionalProperties"] = {"type": "string"}
    return kept
