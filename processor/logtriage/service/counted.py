"""Say how many there are."""

from __future__ import annotations


def counted(number: int, thing: str) -> str:
    """Show a number and its thing, in the plural where there is not one."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
