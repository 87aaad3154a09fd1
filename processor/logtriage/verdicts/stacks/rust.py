"""Frames of Rust: a number, a path with a hash, and a line with the place."""

from __future__ import annotations

import re

from logtriage.verdicts.stacks.frame import Follows, Frame, cleaned

HEAD = b"tack backtrace:"
"""Of the standard library with a small letter, of error crates with a capital."""
PLACE = re.compile(rb"(?:[ \t]|\\{1,3}t){1,40}at [^\n]{1,400}:[0-9]{1,7}(?::[0-9]{1,7})?\s?\Z")
_FRAME = re.compile(
    rb"((?:[ \t]|\\{1,3}t){0,16}[0-9]{1,4}: {1,8}(?:0x[0-9a-f]{1,16} - )?)"
    rb"([A-Za-z_<][A-Za-z0-9_:<>&$.,{}#\[\]*'() -]{1,300})\Z"
)
_GENERATED = re.compile(rb"::h[0-9a-f]{16}\Z|#[0-9]{1,4}(?=\})")

_LIBRARIES = (
    # unwinding and the start of a thread
    *(
        b"rust_begin_unwind",
        b"rust_panic",
        b"__rust",
        b"_rust",
        b"<unknown>",
        b"_start",
        b"start_thread",
        b"__libc",
        b"clone",
    ),
    *(b"std::", b"core::", b"alloc::", b"<core::", b"<std::", b"<alloc::", b"backtrace::", b"main", b"__pthread"),
    # run-times, frameworks and what carries errors
    *(
        b"tokio::",
        b"futures",
        b"hyper::",
        b"axum::",
        b"actix",
        b"tower",
        b"rayon",
        b"tonic::",
        b"<tokio::",
        b"<hyper::",
    ),
    *(
        b"<futures",
        b"<axum::",
        b"<tower",
        b"anyhow::",
        b"<anyhow::",
        b"eyre::",
        b"color_eyre::",
        b"<T as core::",
        b"<F as core::",
    ),
)


def read(line: bytes) -> Frame | None:
    """Read a frame; its number, its hash and the place behind it are cut."""
    found = _FRAME.match(line)
    if found is None:
        return None
    name, cuts = cleaned(line, *found.span(2), _GENERATED)
    return Frame(
        name=name, is_in_app=not name.startswith(_LIBRARIES), cuts=(found.span(1), *cuts), follows=Follows.PLACE
    )
