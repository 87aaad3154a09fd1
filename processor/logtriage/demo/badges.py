"""Severity and actionability as coloured words, for all that is shown in a terminal."""

from __future__ import annotations

from rich.text import Text

from logtriage.schema.severity import Severity

_COLOURS = {
    Severity.DEBUG: "bright_black",
    Severity.INFO: "blue",
    Severity.WARN: "yellow",
    Severity.ERROR: "red",
    Severity.FATAL: "bold red",
}


def severity_badge(severity: Severity | None) -> Text:
    """Give a severity word in its colour."""
    return Text(f"{severity or '-':<5}", style=_COLOURS[severity] if severity else "dim")


def actionable_badge(is_actionable: bool) -> Text:
    """Give `page` or `quiet`."""
    return Text("● page", style="bold red") if is_actionable else Text("○ quiet", style="green")
