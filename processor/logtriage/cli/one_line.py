"""Show a text of a record in one line of a terminal."""

from __future__ import annotations


def one_line(text: str) -> str:
    """Show what moves a cursor, colours a terminal or hides text as its escape; tabs and newlines, too."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
