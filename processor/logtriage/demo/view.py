"""Show what triage did: records before and after, totals by category, and who would have been woken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from logtriage.demo.badges import actionable_badge, severity_badge
from logtriage.demo.stage import TriagedRecord
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity, severity_of_number, severity_of_word

_PAGING_LEVELS = (Severity.ERROR, Severity.FATAL)
_WIDEST_BAR = 30
_WIDTH_BESIDE_BAR = 60


@dataclass(frozen=True, slots=True)
class _Group:
    """Records of one fingerprint."""

    first: TriagedRecord
    count: int


def show(records: list[TriagedRecord], console: Console, *, limit: int | None, seconds: float) -> None:
    """Print the whole demo. ``limit``: how many groups are shown side by side; None for all."""
    selected = [record for record in records if record.is_selected]
    groups = _groups_of(selected)
    shown = _interesting(groups, limit)
    console.print()
    console.print(
        Text.assemble(
            ("LogTriage demo  ", "bold"),
            f"{len(records)} records of {len({record.captured.program for record in records})} programs, sent by the "
            f"OpenTelemetry SDK through the service and received behind it in {seconds:.1f} s",
        )
    )
    console.print(
        f"{len(records) - len(selected)} passed as they came; {len(selected)} error records were judged, "
        f"{len(groups)} fingerprints.\n",
        style="dim",
    )
    for group in shown:
        console.print(_side_by_side(group, console.width))
    if len(shown) < len(groups):
        console.print(f"  … and {len(groups) - len(shown)} more: `logtriage demo --all`\n", style="dim")
    console.print(_totals(selected, groups, max(min(_WIDEST_BAR, console.width - _WIDTH_BESIDE_BAR), 5)))
    console.print(_pages(records, selected))


def _groups_of(records: Iterable[TriagedRecord]) -> list[_Group]:
    members: dict[object, list[TriagedRecord]] = {}
    for record in records:
        members.setdefault(record.triage["fingerprint"], []).append(record)
    return [_Group(group[0], len(group)) for group in members.values()]


def _interesting(groups: list[_Group], limit: int | None) -> list[_Group]:
    """Choose groups in turn from each category, quiet and paging ones, of services not shown yet if there are any."""
    if limit is None or limit >= len(groups):
        return groups
    lanes: dict[tuple[object, bool], list[_Group]] = {}
    for group in groups:
        lanes.setdefault((group.first.triage.get("category"), group.first.is_actionable), []).append(group)
    chosen: list[_Group] = []
    shown: Counter[str] = Counter()
    while len(chosen) < limit:
        for lane in lanes.values():
            if lane and len(chosen) < limit:
                best = min(lane, key=lambda group: (shown[group.first.captured.service_name], -_weight(group)))
                lane.remove(best)
                chosen.append(best)
                shown[best.first.captured.service_name] += 1
    return sorted(chosen, key=groups.index)


def _weight(group: _Group) -> float:
    """Prefer what the engine knows well."""
    return _number(group.first.triage.get("confidence"))


def _side_by_side(group: _Group, width: int) -> Panel:
    record = group.first
    before = _level_before(record)
    after = Severity(str(record.triage["severity"])) if "severity" in record.triage else before
    table = Table.grid(padding=(0, 2), expand=True)
    table.add_column(ratio=1)
    table.add_column(ratio=1)
    left = Text.assemble(severity_badge(before), "  ", (record.captured.service_name, "bold"))
    if group.count > 1:
        left.append(f"  ×{group.count}", style="cyan")
    verdict = Text.assemble(
        severity_badge(after), " ", (str(record.triage.get("category", "none")), "bold magenta"), " "
    )
    verdict.append_text(actionable_badge(record.is_actionable))
    verdict.append(f" {_number(record.triage.get('confidence')):.2f}", style="dim")
    if record.triage.get("reason"):
        verdict.append(f" {record.triage['reason']}", style="italic")
    details = [verdict, Text(str(record.triage.get("suggested_action", "")), style="default")]
    evidence = record.triage.get("evidence")
    if isinstance(evidence, list):
        details += [Text(f"“{_one_line(str(piece), 110)}”", style="dim italic") for piece in evidence[:2]]
    table.add_row(
        Group(left, _marked(record, max(width // 2 - 6, 30) * 4)),
        Group(*details),
    )
    return Panel(table, border_style="red" if record.is_actionable else "bright_black", padding=(0, 1))


def _marked(record: TriagedRecord, limit: int) -> Text:
    """Give the body, cut to a few lines, with the evidence marked where it stands."""
    lines = record.captured.body.splitlines()
    body = "\n".join(lines[:4])
    text = Text(body[:limit] + ("…" if len(lines) > 4 or len(body) > limit else ""), overflow="fold")
    evidence = record.triage.get("evidence")
    for piece in evidence if isinstance(evidence, list) else ():
        start = text.plain.find(str(piece))
        if start >= 0:
            text.stylize("underline", start, start + len(str(piece)))
    return text


def _totals(selected: list[TriagedRecord], groups: list[_Group], widest_bar: int) -> Padding:
    table = Table(
        title="By category", title_justify="left", title_style="bold", box=None, padding=(0, 1), pad_edge=False
    )
    for name in ("category", "records", "fingerprints", "page", "quiet", ""):
        table.add_column(name, justify="left" if name in ("category", "") else "right", no_wrap=True)
    by_category = Counter(str(record.triage.get("category", "none")) for record in selected)
    fingerprints = Counter(str(group.first.triage.get("category", "none")) for group in groups)
    paging = Counter(str(record.triage.get("category", "none")) for record in selected if record.is_actionable)
    largest = max(by_category.values(), default=1)
    for category in (*Category, "none"):
        count = by_category[str(category)]
        if not count:
            continue
        red = round(widest_bar * paging[str(category)] / largest)
        bar = Text.assemble(("█" * red, "red"), ("█" * (round(widest_bar * count / largest) - red), "green"))
        table.add_row(
            str(category),
            str(count),
            str(fingerprints[str(category)]),
            str(paging[str(category)]),
            str(count - paging[str(category)]),
            bar,
        )
    return Padding(table, (1, 0))


def _pages(records: list[TriagedRecord], selected: list[TriagedRecord]) -> Group:
    """Compare a rule on the level with a rule on `is_actionable_for_oncall`."""
    before = Counter(record.captured.service_name for record in selected if _level_before(record) in _PAGING_LEVELS)
    without_level = sum(_level_before(record) is None for record in selected)
    unknown = sum("evidence" not in record.triage for record in selected)
    after = Counter(record.captured.service_name for record in selected if record.is_actionable)
    quiet = sorted({record.captured.service_name for record in selected} - set(after))
    moved = Counter(
        (record.triage.get("original_severity_text") or "no level", str(record.triage.get("severity")))
        for record in records
        if "original_severity_number" in record.triage
    )
    lines = [
        Text.assemble(
            ("What would have paged\n", "bold"),
            "  a rule on level ≥ ERROR                      ",
            f"{sum(before.values()):>4} records of {len(before)} services\n",
            "  a rule on logtriage.is_actionable_for_oncall ",
            (f" {sum(after.values()):>3} records of {len(after)} services", "bold"),
        )
    ]
    if without_level:
        lines.append(
            Text(f"  no level of their own, so no rule on it finds them: {without_level} records", style="dim")
        )
    if unknown:
        lines.append(
            Text(f"  nothing known stands in them, and unknown is not harmless: {unknown} records", style="dim"),
        )
    if quiet:
        lines.append(Text(f"  nobody is woken for: {', '.join(quiet)}", style="green"))
    if moved:
        changes = ", ".join(f"{old} → {new} ×{count}" for (old, new), count in moved.most_common())
        lines.append(Text(f"  severities changed: {changes}", style="dim"))
    return Group(*lines, Text())


def _level_before(record: TriagedRecord) -> Severity | None:
    """Give the level that a rule of the backend would see; None if the record came without one."""
    return severity_of_number(record.captured.severity_number) or severity_of_word(record.captured.severity_text)


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0


def _one_line(text: str, limit: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
