"""What every section of the settings shares: frozen, and a key that it does not know is a fault."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, StrictBool, StrictInt, StringConstraints

_METADATA_KEY = re.compile(r"[0-9a-z_.-]{1,128}")
"""gRPC's Header-Name: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md"""
_RESERVED_PREFIX = "grpc-"


class Section(BaseModel):
    """One section of the settings. The description of each field is the text of the docs, the YAML and the schema."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, use_attribute_docstrings=False)


def _checked_metadata_key(key: str) -> str:
    if not _METADATA_KEY.fullmatch(key):
        hint = f", write `{key.lower()}`" if _METADATA_KEY.fullmatch(key.lower()) else ": only a-z, 0-9, `-`, `_`, `.`"
        raise ValueError(f"`{key[:40]}` is no key of gRPC metadata{hint}")
    if key.startswith(_RESERVED_PREFIX):
        raise ValueError(f"`{key[:40]}` is reserved: gRPC itself writes the keys that begin with `grpc-`")
    if key.endswith("-bin"):
        raise ValueError(f"`{key[:40]}` would carry bytes: only keys with text are supported")
    return key


def _checked_header_value(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not all(" " <= character <= "~" for character in text):
        raise ValueError("has characters that a header cannot carry: only printable ASCII is allowed")
    return value


MetadataKey = Annotated[str, AfterValidator(_checked_metadata_key)]
"""A key of gRPC metadata: lower-case ASCII."""
Headers = dict[MetadataKey, Annotated[SecretStr, AfterValidator(_checked_header_value)]]
"""Headers sent with each request; values are secrets and are shown to nobody."""
FilePath = Annotated[str, StringConstraints(strip_whitespace=True)]
"""The path of a file, or empty for none. That the file can be read is checked when the settings are loaded."""
Flag = StrictBool
Count = StrictInt
