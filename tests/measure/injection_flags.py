"""Count ordinary lines that the injection signs flag, in the shipped capture and in files of others.

    python tests/measure/injection_flags.py [FOLDER_OR_FILE ...]

Takes files of one JSON object a line with a ``body``, or CSV files with a column ``Content``. Of flagged lines only
the place and the names of the signs are shown, with ``--show`` the line too. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "processor"))

from logtriage.demo.capture import load_capture
from logtriage.engines.mimo.injection import signs_of

_ERROR_LEVELS = {"error", "fatal", "severe", "failure", "critical", "e", "f"}


def lines_of(path: Path) -> Iterator[tuple[str, bool]]:
    """Give the lines of a file, each with whether it was logged as an error."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["Content"], (row.get("Level") or "").lower() in _ERROR_LEVELS
        return
    for line in path.read_text("utf-8").splitlines():
        item = json.loads(line)
        yield item["body"], str(item.get("severity_text", "")).upper() in ("ERROR", "FATAL")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--show", action="store_true", help="print the flagged lines too")
    arguments = parser.parse_args()
    sources: dict[str, list[tuple[str, bool]]] = {
        "capture": [("\n".join([r.body, *r.attributes.values()]), r.severity_number >= 17) for r in load_capture()]
    }
    for path in arguments.paths:
        for file in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
            sources[file.name] = list(lines_of(file))
    figures: dict[str, dict[str, float]] = {}
    for name, lines in sources.items():
        started = time.perf_counter()
        flagged = [(at, signs_of([text]), text, is_error) for at, (text, is_error) in enumerate(lines, 1)]
        took = time.perf_counter() - started
        flagged = [item for item in flagged if item[1]]
        for at, signs, text, _ in flagged:
            print(f"{name}:{at} {' '.join(signs)}{' ' + repr(text[:300]) if arguments.show else ''}")
        figures[name] = {
            "lines": len(lines),
            "flagged": len(flagged),
            "error_lines": sum(is_error for _, is_error in lines),
            "flagged_error_lines": sum(item[3] for item in flagged),
            "milliseconds_a_line": round(1000 * took / len(lines), 3),
        }
    for name, row in figures.items():
        print(f"{name:48} {row}")
    total = {
        key: sum(row[key] for row in figures.values())
        for key in ("lines", "flagged", "error_lines", "flagged_error_lines")
    }
    print(json.dumps({**total, "share": round(total["flagged"] / total["lines"], 5)}))


if __name__ == "__main__":
    main()
