"""Measure redaction: recall by kind, clean lines touched, time a line, hostile texts.

    python tests/measure/redaction.py [--seed N] [--misses] [--file LINES]

Figures go to standard output as text for people; the last line is one JSON object. ``--misses`` shows generated lines
that were missed or touched; ``--file`` counts how many lines of a text file are touched (and shows none of them).
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "processor"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from logtriage.config.redaction import RedactionSettings
from logtriage.engines.mimo.redaction import Redactor
from measure.redaction_clean import clean
from measure.redaction_corpus import Planted, planted
from measure.redaction_hostile import MIB, hostile_texts

LEAK_CHARACTERS = 6


def leaks(text: str, secrets: tuple[str, ...]) -> bool:
    """Tell whether six characters in a row of a secret are left."""
    return any(
        secret[i : i + LEAK_CHARACTERS] in text
        for secret in secrets
        for i in range(max(1, len(secret) - LEAK_CHARACTERS + 1))
    )


def is_missed(redactor: Redactor, item: Planted) -> bool:
    """Tell whether anything of a planted secret is left; the words around a private key do not count as secret."""
    secrets = item.secrets
    if item.kind == "private key":
        newline = "\\n" if "\\n" in secrets[0] else "\n"
        secrets = tuple(line for line in secrets[0].split(newline) if "PRIVATE KEY" not in line and len(line) > 5)
    return leaks(redactor.session().redact(item.line).text, secrets)


def microseconds(redactor: Redactor, lines: list[str]) -> float:
    """Give the time for 300 characters, over lines filled up to that length; CPU, the best of five runs."""
    whole = "\n".join(lines)
    pieces = [whole[i : i + 300] for i in range(0, len(whole) - 300, 300)][:1500]
    runs = []
    for _ in range(5):
        started = time.process_time()
        for piece in pieces:
            redactor.session().redact(piece)
        runs.append((time.process_time() - started) / len(pieces) * 1e6)
    return min(runs)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20260801)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    redactor = Redactor(RedactionSettings())
    if options.file:
        lines = options.file.read_text(encoding="utf-8", errors="replace").splitlines()
        touched = sum(bool(redactor.session().redact(line).spans) for line in lines)
        print(f"{touched} of {len(lines)} lines touched")
        print(json.dumps({"lines": len(lines), "touched": touched}))
        return

    items = list(planted(options.seed))
    missed = [item for item in items if is_missed(redactor, item)]
    totals, misses = Counter(item.kind for item in items), Counter(item.kind for item in missed)
    for kind, total in totals.items():
        print(f"{kind:<22} {total - misses[kind]:>3} of {total}" + ("   <--" if misses[kind] else ""))
    figures: dict[str, float] = {"secrets": len(items), "kinds": len(totals)}
    for name, is_structured in (("structured", True), ("key_value", False)):
        group = [item for item in items if item.is_structured is is_structured]
        found = len(group) - sum(item.is_structured is is_structured for item in missed)
        figures[f"recall_{name}"] = round(found / len(group), 4)
        print(f"recall {name}: {found} of {len(group)} = {found / len(group):.2%}")

    lines = list(clean(options.seed + 1))
    touched_lines = [(kind, line) for kind, line in lines if redactor.session().redact(line).spans]
    figures |= {"clean_lines": len(lines), "touched_share": round(len(touched_lines) / len(lines), 5)}
    print(f"clean lines touched: {len(touched_lines)} of {len(lines)} = {len(touched_lines) / len(lines):.2%}")
    if options.misses:
        for item in missed:
            print("MISSED", item.kind, repr(item.line), "->", repr(redactor.session().redact(item.line).text))
        for kind, line in dict(touched_lines).items():
            print("TOUCHED", kind, repr(line), "->", repr(redactor.session().redact(line).text))

    figures["us_clean_300"] = round(microseconds(redactor, [line for _, line in lines]), 1)
    figures["us_planted_300"] = round(microseconds(redactor, [item.line for item in items]), 1)
    print(
        f"300 characters: {figures['us_clean_300']} us of clean lines, {figures['us_planted_300']} us full of secrets"
    )
    seconds = []
    for name, text in hostile_texts(MIB):
        started = time.process_time()
        redactor.session().redact(text)
        seconds.append((time.process_time() - started, name))
    seconds.sort(reverse=True)
    figures["hostile_mib_seconds"] = round(seconds[0][0], 2)
    for took, name in seconds[:5]:
        print(f"hostile 1 MiB: {took:.2f} s CPU of {name!r}")
    print(f"hostile 1 MiB: median {statistics.median(took for took, _ in seconds):.2f} s of {len(seconds)} texts")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
