"""Run the scenarios, read the logs that the programs wrote, and write the demo's capture.

    python tests/capture/record.py OUT.jsonl [--only 01-postgres ...] [--keep FOLDER] [--folder golden] [--whole]

Records are selected, never edited: the body is the bytes of the program's own lines without the last newline. What is
selected, in this order:

1. Records that are UTF-8, at most `LONGEST_BODY` bytes, do not name the machine they were recorded on, and are not what
   the service's format says to skip (usage hints, register dumps).
2. Of records of one service that differ only in words with digits, the first `SAME_SHAPE` (one below ERROR).
3. Of one service so many records below ERROR, from ERROR on, and without a severity as `MOST` says: those whose text
   without digits has the lowest hash, so that the same ones are chosen whatever order and number a run has.

With `--whole` only the first rule holds, so that every record has its neighbours.
"""

import argparse
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from formats import FORMATS, PROGRAMS, Program, level_of

HERE = Path(__file__).parent
SAME_SHAPE = 2
# Records of one service below ERROR, from ERROR on, without a severity; more where a service fails in more ways.
MOST = {"quiet": 6, "loud": 6, "bare": 3}
MOST_OF = {
    "orders-db": {"loud": 40},
    "cart-cache": {"quiet": 12},
    "checkout": {"loud": 17},
    "web-gateway": {"loud": 14},
    "billing": {"loud": 14},
    "inventory": {"loud": 12},
    "notifications": {"loud": 12},
    "price-feed": {"bare": 12},
    "backup-job": {"bare": 8},
    "release-job": {"bare": 6},
    "webhooks": {"bare": 7},
    "bastion": {"bare": 7},
}
QUIET = {"DEBUG", "INFO", "WARN"}
LONGEST_BODY = 6000
SCENARIO_SECONDS = 90
PATH = os.environ.get("PATH", "") + ":/usr/local/go/bin:/usr/sbin:/sbin"
# Versions of our own small programs, said where a deployment would say them.
OWN_VERSIONS = {
    "billing": "2.14.3",
    "checkout": "4.2.0",
    "inventory": "1.9.0",
    "inventory-worker": "1.9.0",
    "invoices": "0.9.4",
}

Record = dict[str, Any]


def scenarios(only: list[str], folder: str = "scenarios") -> list[Path]:
    """List the scenario scripts of a folder beside this file, all or those named in `only`."""
    found = sorted(path for path in (HERE / folder).iterdir() if path.suffix in {".sh", ".py"})
    unknown = set(only) - {path.stem for path in found}
    if unknown:
        raise SystemExit(f"no such scenario: {', '.join(sorted(unknown))}")
    return [path for path in found if not only or path.stem in only]


def check_needs(scenario: Path) -> None:
    """Stop with the name of the package if something is missing that the scenario's `# needs:` line names.

    The line has `COMMAND=PACKAGE`, `import:MODULE=PACKAGE` for a module of the system's Python, `node:MODULE=PACKAGE`.
    """
    line = next(line for line in scenario.read_text().splitlines() if line.startswith("# needs: "))
    for need, package in (item.split("=") for item in line.removeprefix("# needs: ").split()):
        kind, _, name = need.rpartition(":")
        match kind:
            case "import":
                there = (
                    subprocess.run(
                        ["/usr/bin/python3", "-c", f"import {name}"], capture_output=True, check=False
                    ).returncode
                    == 0
                )
            case "node":
                root = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=False).stdout.strip()
                there = Path(root, name).is_dir()
            case _:
                there = shutil.which(name, path=PATH) is not None
        if not there:
            raise SystemExit(f"scenario {scenario.stem} needs `{name}`; install the package `{package}`")


def run_scenario(scenario: Path, folder: Path) -> None:
    """Run one scenario in its own namespaces; its logs are in `folder` afterwards."""
    check_needs(scenario)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [str(HERE / "isolate.sh"), str(folder), str(scenario)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SCENARIO_SECONDS, check=False)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace")[-2000:]
        raise SystemExit(f"scenario {scenario.stem} ended with status {done.returncode}:\n{said}")


def version_of(program: Program) -> str:
    """Return the version the program prints, such as `15.18`."""
    try:
        done = subprocess.run(program.version, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)
    except FileNotFoundError:
        raise SystemExit(f"`{program.version[0]}` is missing; install the Debian package `{program.package}`") from None
    said = (done.stdout + done.stderr).decode(errors="replace")
    match = re.search(r"\d+\.\d+(?:\.\d+)?(?:p\d+)?", said)
    return match[0] if match else ""


def split_records(text: str, head: str) -> list[str]:
    """Split a log into records: a line that `head` matches begins one, the lines after it belong to it."""
    starts = [match.start() for match in re.finditer(rf"^(?:{head})", text, re.MULTILINE)]
    return [text[start:end].rstrip("\n") for start, end in pairwise([*starts, len(text)])]


def names_this_machine(body: str) -> bool:
    """Say whether a record names the machine it was recorded on: its folders, its host name, its kernel."""
    host = re.escape(socket.gethostname())
    words = rf"/work|/root|\.pyenv|{re.escape(os.uname().release)}|(?<![\w-]){host}"
    return re.search(rf"(?:{words})(?![\w-])", body) is not None


def exception_fields(body: str) -> dict[str, str]:
    """Return `exception.type` and `exception.message` of a JSON line that carries them as fields of its own."""
    try:
        line = json.loads(body)
    except ValueError:
        return {}
    err = line.get("err") if isinstance(line, dict) else None
    if not isinstance(err, dict) or "type" not in err:
        return {}
    return {"exception.type": str(err["type"]), "exception.message": str(err.get("message", ""))}


def select(records: list[Record]) -> list[Record]:
    """Apply rules 2 and 3 of the module's docstring to the records of one service, in their order."""
    seen: Counter[str] = Counter()
    groups: dict[str, list[tuple[str, int, Record]]] = {"quiet": [], "loud": [], "bare": []}
    for record in records:
        text = record["severity_text"]
        group = "quiet" if text in QUIET else "loud" if text else "bare"
        shape = hashlib.sha256((text + re.sub(r"[\w+=]*\d[\w+=]*", "0", record["body"])).encode()).hexdigest()
        seen[shape] += 1
        if seen[shape] <= (1 if group == "quiet" else SAME_SHAPE):
            groups[group].append((shape, seen[shape], record))
    service = records[0]["service_name"] if records else ""
    most = {**MOST, **MOST_OF.get(service, {})}
    chosen: set[int] = set()
    for name, candidates in groups.items():
        candidates.sort(key=lambda candidate: candidate[:2])
        chosen |= {id(record) for _, _, record in candidates[: most[name]]}
    return [record for record in records if id(record) in chosen]


def read_log(path: Path, scenario: str, *, whole: bool = False) -> list[Record]:
    """Read one service's log into records, without ids; `whole` leaves out the selection."""
    service = path.stem
    form = FORMATS.get(service)
    if form is None:
        raise SystemExit(f"no format for `{path.name}` of scenario {scenario}: add it to formats.py")
    program = PROGRAMS[form.program]
    version = version_of(program)
    records: list[Record] = []
    # Bytes that are not UTF-8 survive as surrogates, so that such a record is known and left out.
    for body in split_records(path.read_bytes().decode("utf-8", "surrogateescape"), form.head):
        if not body or (form.skip and re.search(form.skip, body)) or any("\ud800" <= c <= "\udfff" for c in body):
            continue
        if len(body.encode()) > LONGEST_BODY or names_this_machine(body):
            continue
        text, number = level_of(form, body)
        resource = {
            "service.name": service,
            "service.namespace": "shop",
            "service.version": OWN_VERSIONS.get(service, version),
            "deployment.environment.name": "demo",
        }
        records.append(
            {
                "program": f"{program.name} {version}",
                "scenario": scenario,
                "body": body,
                "severity_text": text,
                "severity_number": number,
                "service_name": service,
                "resource": resource,
                "attributes": {"log.file.name": path.name, **exception_fields(body)},
            }
        )
    return records if whole else select(records)


def capture(found: list[Path], folder: Path, *, run: bool = True, whole: bool = False) -> list[Record]:
    """Run scenarios and return their records, each with its id.

    Without `run`, read what `folder` has of a former run.
    """
    result: list[Record] = []
    for scenario in found:
        if run:
            run_scenario(scenario, folder / scenario.stem)
        number = 0
        for log in sorted((folder / scenario.stem).glob("*.log")):
            for record in read_log(log, scenario.stem, whole=whole):
                number += 1
                result.append({"id": f"{scenario.stem.split('-', 1)[1]}-{number:04d}", **record})
        print(f"{scenario.stem}: {number} records", file=sys.stderr)
    return result


def table(records: list[Record]) -> str:
    """Lay out how many records each program gave, by severity."""
    columns = ["DEBUG", "INFO", "WARN", "ERROR", "FATAL", ""]
    counts = Counter((record["program"], record["severity_text"]) for record in records)
    lines = [f"{'program':<24}" + "".join(f"{name or 'none':>7}" for name in columns) + f"{'all':>7}"]
    for program in [*sorted({record["program"] for record in records}), None]:
        row = [sum(n for (p, s), n in counts.items() if p == (program or p) and s == name) for name in columns]
        lines.append(f"{program or 'all':<24}" + "".join(f"{n:>7}" for n in row) + f"{sum(row):>7}")
    return "\n".join(lines)


def main() -> None:
    """Write the capture and print what is in it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--only", nargs="+", default=[], metavar="SCENARIO")
    parser.add_argument("--keep", type=Path, help="keep the raw logs in this folder")
    parser.add_argument("--read", type=Path, help="read the raw logs of a former --keep instead of running")
    parser.add_argument("--folder", default="scenarios", help="the folder of scenarios: scenarios (default) or golden")
    parser.add_argument("--whole", action="store_true", help="write every record, without the selection")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.read or options.keep or Path(temporary)
        found = scenarios(options.only, options.folder)
        records = capture(found, folder, run=options.read is None, whole=options.whole)
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    options.out.write_text(text, encoding="utf-8")
    print(table(records))


if __name__ == "__main__":
    main()
