"""Write the tables of all settings for people: the middle of ``docs/settings.md``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from logtriage.config.example import write_value
from logtriage.config.section import Section
from logtriage.config.settings import Settings
from logtriage.config.tree import children_of


def write_reference() -> str:
    """Give the tables, one a section, as Markdown."""
    return "\n".join(_tables_of(Settings, (), Settings().model_dump(mode="json"), "")) + "\n"


def _tables_of(section: type[Section], path: tuple[str, ...], defaults: dict[str, Any], about: str) -> Iterator[str]:
    nodes = list(children_of(section, path))
    settings = [node for node in nodes if node.section is None]
    if settings:
        yield f"### `{'.'.join(path)}`" if path else "### Top level"
        yield ""
        if about:
            yield from (about, "")
        yield "| setting | default | meaning |"
        yield "|---|---|---|"
        for node in settings:
            yield f"| `{node.name}` | `{write_value(defaults[node.name])}` | {node.description} |"
        yield ""
    for node in nodes:
        if node.section is not None:
            yield from _tables_of(node.section, node.path, defaults[node.name], node.description)
