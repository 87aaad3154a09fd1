"""Walk the tree of settings: what the example, the schema, the docs and the messages are made from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic.fields import FieldInfo

from logtriage.config.section import Section
from logtriage.config.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One key of the settings: a section, or a setting (then ``section`` is None)."""

    path: tuple[str, ...]
    field: FieldInfo
    section: type[Section] | None

    @property
    def name(self) -> str:
        """The key itself."""
        return self.path[-1]

    @property
    def description(self) -> str:
        """What the key means, one paragraph."""
        return self.field.description or ""


def children_of(section: type[Section], path: tuple[str, ...] = ()) -> Iterator[Node]:
    """Give the keys of a section, in the order in which they are declared."""
    for name, field in section.model_fields.items():
        yield Node(path=(*path, name), field=field, section=_section_of(field))


def all_nodes(section: type[Section] = Settings, path: tuple[str, ...] = ()) -> Iterator[Node]:
    """Give every key, each section before what it holds."""
    for node in children_of(section, path):
        yield node
        if node.section is not None:
            yield from all_nodes(node.section, node.path)


def section_at(path: tuple[str | int, ...]) -> type[Section] | None:
    """Give the section at ``path``; None if there is a setting, or nothing."""
    section: type[Section] | None = Settings
    for name in path:
        field = section.model_fields.get(str(name)) if section is not None else None
        section = _section_of(field) if field is not None else None
    return section


def _section_of(field: FieldInfo) -> type[Section] | None:
    below = field.annotation
    return below if isinstance(below, type) and issubclass(below, Section) else None
