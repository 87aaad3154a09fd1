"""How a test and its children talk: a JSON object a line on standard input, one back on standard output."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Handler = Callable[[dict[str, Any]], Awaitable[Mapping[str, object]]]

_MAX_LINE_BYTES = 1 << 20


async def serve_commands(handle: Handler) -> None:
    """Answer commands one after the other until standard input ends: whoever started us is gone, or wants us to end."""
    reader = asyncio.StreamReader(limit=_MAX_LINE_BYTES)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    say({"ready": True})
    while line := await reader.readline():
        say(await handle(json.loads(line)))


def say(answer: Mapping[str, object]) -> None:
    """Write one answer."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
