"""Tell the name of a file that is not there from a line of a log."""

from __future__ import annotations

import difflib
import os
import re

_LINE_NUMBER = re.compile(r":\d{1,9}$")
_OF_LOGS = (".gz", ".json", ".jsonl", ".log", ".ndjson", ".out", ".txt")
_MAX_CHARACTERS = 1000
_LIKENESS = 0.8


def file_meant_by(text: str) -> str | None:
    """Say what is wrong if a text looks like a file name, with the file that was probably meant; None for a line.

    A name has no white space here, and ends as files of logs do, lies in a folder that is there, or is nearly the name
    of a file.
    """
    if not text or len(text) > _MAX_CHARACTERS or any(char.isspace() or not char.isprintable() for char in text):
        return None
    name = _LINE_NUMBER.sub("", text)
    if os.path.isdir(name):
        return f"`{name}` is a folder, not a file"
    folder, last = os.path.split(name)
    near = difflib.get_close_matches(last, _files_in(folder or "."), n=1, cutoff=_LIKENESS) if last else []
    if near:
        return f"there is no file `{name}`, but there is `{os.path.join(folder, near[0])}`"
    if name.lower().endswith(_OF_LOGS) or (folder not in ("", "/") and os.path.isdir(folder)):
        return f"there is no file `{name}`"
    return None


def _files_in(folder: str) -> list[str]:
    try:
        return [entry.name for entry in os.scandir(folder) if entry.is_file()]
    except (OSError, ValueError):
        return []
