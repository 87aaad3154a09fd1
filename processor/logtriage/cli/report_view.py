"""Print a verdict for a person: the record with its evidence marked, what it means, what to do, why."""

from __future__ import annotations

from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from logtriage.demo.badges import actionable_badge, severity_badge
from logtriage.schema.record import RecordView
from logtriage.verdicts.verdict import Verdict

_SHOWN_LINES = 12
_SHOWN_CHARACTERS = 800


def marked_body(body: str, evidence: tuple[str, ...], max_lines: int = _SHOWN_LINES) -> Text:
    """Give a body cut to so many lines, the lines with evidence kept, with the evidence underlined where it stands."""
    text = Text("\n".join(_shown_lines(body.split("\n"), evidence, max_lines)), overflow="fold")
    for piece in evidence:
        shown = printable(piece)
        start = text.plain.find(shown)
        if start >= 0:
            text.stylize("underline", start, start + len(shown))
    return text


def printable(text: str) -> str:
    """Show what moves a cursor, colours a terminal or hides text as its escape; tabs and newlines stay."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in "\t\n" else char.encode("unicode_escape").decode() for char in text
    )


def _shown_lines(lines: list[str], evidence: tuple[str, ...], max_lines: int) -> list[str]:
    """Keep the first lines and those that hold evidence; mark the gaps."""
    if len(lines) > max_lines:
        pieces = [piece for whole in evidence for piece in whole.split("\n") if piece]
        telling = [at for at, line in enumerate(lines) if any(piece in line for piece in pieces)][:max_lines]
        kept = set(telling)
        for at in range(len(lines)):
            if len(kept) >= max_lines:
                break
            kept.add(at)
    else:
        kept = set(range(len(lines)))
    shown: list[str] = []
    before = -1
    for at in sorted(kept):
        if at != before + 1:
            shown.append("…")
        shown.append(_cut(printable(lines[at].rstrip("\r")), evidence))
        before = at
    return [*shown, "…"] if before + 1 < len(lines) else shown


def _cut(line: str, evidence: tuple[str, ...]) -> str:
    """Cut a very long line, behind the last evidence in it."""
    ends = [start + len(piece) for piece in map(printable, evidence) if (start := line.find(piece)) >= 0]
    end = max([_SHOWN_CHARACTERS, *ends])
    return line if len(line) <= end else line[:end] + "…"


def print_report(console: Console, where: str, record: RecordView, verdict: Verdict, note: str = "") -> None:
    """Print one record and its verdict. ``note``: where the verdict comes from, if that is not the engine asked for."""
    report = verdict.report
    head = Text.assemble(severity_badge(record.level), " → ", severity_badge(report.severity), "  ")
    head.append_text(Text(report.category.value, style="bold magenta"))
    head.append("  ")
    head.append_text(actionable_badge(report.is_actionable_for_oncall))
    head.append(f"  confidence {report.confidence:.2f}", style="dim")
    if verdict.reason:
        head.append(f"  {verdict.reason}", style="italic")
    parts: list[Text] = [head]
    if note:
        parts.append(Text(note, style="italic"))
    if report.suggested_action:
        parts.append(Text(printable(report.suggested_action)))
    if report.reasoning_trace:
        parts.append(Text(printable(report.reasoning_trace), style="dim"))
    if report.evidence and console.color_system is None:
        parts.append(Text("evidence: " + ", ".join(f"“{printable(piece)}”" for piece in report.evidence)))
    if not report.evidence:
        parts.append(Text("no evidence quoted", style="dim italic"))
    body = marked_body(record.body.decode("utf-8", "replace"), report.evidence)
    console.print(
        Panel(
            Group(body, Text(), *parts),
            title=Text(printable(f"{where}  {record.resource.source_service}")),
            title_align="left",
            border_style="red" if report.is_actionable_for_oncall else "bright_black",
            subtitle=Text(f"{verdict.fingerprint.hex()}  {verdict.model or verdict.signature or verdict.engine.value}"),
            subtitle_align="right",
        )
    )
