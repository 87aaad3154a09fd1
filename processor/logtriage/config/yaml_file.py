"""Read a YAML file into a tree. A key that stands twice is a fault, and no message shows the text of a line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from logtriage.errors import SettingFault, SettingsError


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader, which would silently take the last of two equal keys."""


def _mapping_without_duplicates(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        if isinstance(key_node, yaml.ScalarNode):
            if key_node.value in seen and key_node.tag != "tag:yaml.org,2002:merge":
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key `{key_node.value[:60]}` stands twice", key_node.start_mark
                )
            seen.add(key_node.value)
    loader.flatten_mapping(node)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping_without_duplicates)


def read_yaml(path: Path) -> Any:
    """Give the tree in the file; None if it is empty.

    Raises:
        SettingsError: the file cannot be read, or is no YAML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SettingsError(str(path), [_file_fault(f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError as error:
        raise SettingsError(str(path), [_file_fault(f"is not UTF-8 at byte {error.start}")]) from None
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise SettingsError(str(path), [_file_fault(f"is no YAML{where}: {error.problem}")]) from None
    except (yaml.YAMLError, ValueError, RecursionError):
        raise SettingsError(
            str(path), [_file_fault("is no YAML: it has characters or values that YAML refuses")]
        ) from None


def _file_fault(problem: str) -> SettingFault:
    return SettingFault("(the whole file)", None, problem)
