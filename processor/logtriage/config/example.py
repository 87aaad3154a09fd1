"""Write the YAML with every default, each under its description: ``config/logtriage.yaml``."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from typing import Any

from logtriage.config.section import Section
from logtriage.config.settings import Settings
from logtriage.config.tree import children_of

_WIDTH = 110
_HEAD = """\
# LogTriage: every setting with its default. Written by `logtriage config example`; a test holds it equal to the code.
# A file needs only what differs. Values may refer to the environment: ${env:NAME} or ${env:NAME:-default}, $$ is a
# dollar sign. Check a file with `logtriage config check FILE`.
"""


def write_example() -> str:
    """Give the text of the file."""
    defaults = Settings().model_dump(mode="json")
    return _HEAD + "\n".join(_lines_of(Settings, (), defaults)) + "\n"


def _lines_of(section: type[Section], path: tuple[str, ...], defaults: dict[str, Any]) -> Iterator[str]:
    indent = "  " * len(path)
    for node in children_of(section, path):
        if not path:
            yield ""
        for line in textwrap.wrap(node.description, _WIDTH - len(indent), break_on_hyphens=False):
            yield f"{indent}# {line}"
        if node.section is not None:
            yield f"{indent}{node.name}:"
            yield from _lines_of(node.section, node.path, defaults[node.name])
        else:
            yield f"{indent}{node.name}: {write_value(defaults[node.name])}"


def write_value(value: object) -> str:
    """Write a default as YAML has it. Texts of our defaults need quotes only if they are empty."""
    return value if isinstance(value, str) and value else json.dumps(value)
