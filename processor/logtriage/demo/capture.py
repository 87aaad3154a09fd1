"""The capture: records of software that was run and broken for it (``tests/capture``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources

CAPTURE_FILE = "capture.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class CapturedRecord:
    """One record as it was captured."""

    id: str
    program: str
    body: str
    severity_text: str
    severity_number: int
    resource: dict[str, str]
    attributes: dict[str, str]

    @property
    def service_name(self) -> str:
        """The service that wrote it."""
        return self.resource.get("service.name", "unknown_service")


def load_capture() -> list[CapturedRecord]:
    """Read the capture that is shipped with the package."""
    lines = resources.files(__package__).joinpath(CAPTURE_FILE).read_text("utf-8").splitlines()
    names = CapturedRecord.__dataclass_fields__
    return [CapturedRecord(**{key: value for key, value in json.loads(line).items() if key in names}) for line in lines]
