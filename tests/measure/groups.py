"""Count the groups that the fingerprint makes of public records at WARN and above, against their true templates.

    python tests/measure/groups.py FOLDER

``FOLDER`` holds ``*.csv`` with the columns ``Content``, ``EventId`` and ``Level`` (a structured log file for each
system). Each group is one asked verdict: groups over templates says how many more than needed. Records of one system
share a service and a severity, so that the text alone decides. ``--show SYSTEM`` prints the groups of templates that
were split. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "processor"))

from logtriage.verdicts.fingerprint import Fingerprint, fingerprint_of_line

_LEVELS = frozenset(("WARN", "WARNING", "ERROR", "SEVERE", "FATAL", "FAILURE", "CRITICAL", "W", "E", "F"))


def rows_of(path: Path) -> list[tuple[str, str]]:
    """Give content and template of the records at WARN and above."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return [
            (row["Content"], row["EventId"])
            for row in csv.DictReader(file)
            if (row.get("Level") or "").upper() in _LEVELS
        ]


def fingerprints_of(rows: list[tuple[str, str]], system: str) -> list[Fingerprint]:
    """Fingerprint the contents as records of one service and one severity."""
    return [fingerprint_of_line(text, severity_text="ERROR", resource={"service.name": system}) for text, _ in rows]


def main() -> int:
    """Measure a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", default="", metavar="SYSTEM")
    args = parser.parse_args()
    total = {"records": 0, "templates": 0, "exact": 0, "groups": 0, "records_in_mixed_groups": 0}
    print(f"{'system':<12} {'records':>8} {'templates':>10} {'exact':>8} {'groups':>8} {'mixed':>6}")
    for path in sorted(args.folder.glob("*.csv")):
        rows = rows_of(path)
        if not rows:
            continue
        system = path.name.split("_")[0]
        fingerprints = fingerprints_of(rows, system)
        templates: dict[str, dict[str, str]] = defaultdict(dict)
        members: dict[str, list[str]] = defaultdict(list)
        for (_, template), fingerprint in zip(rows, fingerprints, strict=True):
            templates[template][fingerprint.hex] = fingerprint.masked
            members[fingerprint.hex].append(template)
        figures = {
            "records": len(rows),
            "templates": len(templates),
            "exact": len({text for text, _ in rows}),
            "groups": len(members),
            "records_in_mixed_groups": sum(len(names) for names in members.values() if len(set(names)) > 1),
        }
        print(f"{system:<12} {' '.join(f'{figure:>8}' for figure in figures.values())}")
        for name, figure in figures.items():
            total[name] += figure
        if system == args.show:
            for template, groups in templates.items():
                if len(groups) > 1:
                    print(template, *groups.values(), sep="\n    ")
    print(f"{'sum':<12} {' '.join(f'{figure:>8}' for figure in total.values())}")
    print(json.dumps({**total, "groups_over_templates": round(total["groups"] / max(total["templates"], 1), 3)}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
