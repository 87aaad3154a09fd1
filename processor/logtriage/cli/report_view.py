"""Print a verdict for a person: the record with its evidence marked, what it means, what to do, why."""

from __future__ import annotations

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from logtriage.schema.record import RecordView
from logtriage.schema.severity import Severity
from logtriage.verdicts.verdict import Verdict

_COLOURS = {
    Severity.DEBUG: "bright_black",
    Severity.INFO: "blue",
    Severity.WARN: "yellow",
    Severity.ERROR: "red",
    Severity.FATAL: "bold red",
}
_SHOWN_LINES = 12


def severity_badge(severity: Severity | None) -> Text:
    """Give a severity word in its colour."""
    return Text(f"{severity or '-':<5}", style=_COLOURS[severity] if severity else "dim")


def actionable_badge(is_actionable: bool) -> Text:
    """Give `page` or `quiet`."""
    return Text("● page", style="bold red") if is_actionable else Text("  quiet", style="green")


def marked_body(body: str, evidence: tuple[str, ...], max_lines: int = _SHOWN_LINES) -> Text:
    """Give a body cut to so many lines, with the evidence underlined where it stands."""
    lines = body.splitlines()
    text = Text("\n".join(lines[:max_lines]) + ("\n…" if len(lines) > max_lines else ""), overflow="fold")
    for piece in evidence:
        start = text.plain.find(piece)
        if start >= 0:
            text.stylize("underline", start, start + len(piece))
    return text


def print_report(console: Console, where: str, record: RecordView, verdict: Verdict, note: str = "") -> None:
    """Print one record and its verdict. ``note``: where the verdict comes from, if that is not the engine asked for."""
    report = verdict.report
    head = Text.assemble(severity_badge(record.level), " → ", severity_badge(report.severity), "  ")
    head.append_text(Text(report.category.value, style="bold magenta"))
    head.append("  ")
    head.append_text(actionable_badge(report.is_actionable_for_oncall))
    head.append(f"  confidence {report.confidence:.2f}", style="dim")
    for word in (verdict.reason.value if verdict.reason else "", note):
        if word:
            head.append(f"  {word}", style="italic")
    parts: list[Text] = [head]
    if report.suggested_action:
        parts.append(Text(report.suggested_action))
    if report.reasoning_trace:
        parts.append(Text(report.reasoning_trace, style="dim"))
    if not report.evidence:
        parts.append(Text("no evidence quoted", style="dim italic"))
    body = marked_body(record.body.decode("utf-8", "replace"), report.evidence)
    console.print(
        Panel(
            Group(body, Text(), *parts),
            title=Text(f"{where}  {record.resource.source_service}"),
            title_align="left",
            border_style="red" if report.is_actionable_for_oncall else "bright_black",
            subtitle=Text(f"{verdict.fingerprint.hex()}  {verdict.model or verdict.signature or verdict.engine.value}"),
            subtitle_align="right",
        )
    )
