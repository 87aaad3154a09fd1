"""List the named signatures that decide no golden record, and how many do.

    PYTHONPATH=processor:tests python tests/measure/idle_signatures.py [--all]

A signature decides a record if the report rests on it: it is what was found, or the cause that a line beside the record
names. One that decides nothing is to be merged, generalised or removed, or a golden record is missing. `--all` also
lists how many records each decides, and the codes and classes that decide one. The exit code is 1 with fewer than
`WANTED` that decide.
"""

from __future__ import annotations

import sys
from collections import Counter

from logtriage.engines.local import signatures
from logtriage.engines.local.engine import LocalEngine
from logtriage.engines.local.signatures import SIGNATURES
from support.golden import golden_set

WANTED = 220


def file_of() -> dict[str, str]:
    """Give the file of the table that each signature stands in."""
    found: dict[str, str] = {}
    for name, module in vars(signatures).items():
        for signature in getattr(module, "SIGNATURES", ()):
            found.setdefault(signature.name, name)
    return found


def deciding() -> Counter[str]:
    """Count the golden records that each name decides."""
    engine = LocalEngine()
    judged = (engine.judge(golden.record.view, golden.record.context) for golden in golden_set())
    return Counter(judgement.signature.removeprefix("context.") for judgement in judged)


def main() -> int:
    decides = deciding()
    files = file_of()
    names = [signature.name for signature in SIGNATURES]
    idle = [name for name in names if not decides[name]]
    for name in idle:
        print(f"decides no golden record: {name} (signatures/{files.get(name, '?')}.py)")
    if "--all" in sys.argv[1:]:
        for name, count in decides.most_common():
            print(f"{count:5d} {name or '(nothing by name)'}")
    count = len(names) - len(idle)
    print(f"{count} of {len(names)} signatures decide a golden record (wanted: {WANTED}); {len(idle)} are idle")
    return 0 if count >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
