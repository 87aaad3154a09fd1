"""Print how large prompts are, which share of them is the cached prefix, and what 1,000 fresh verdicts cost.

    python tests/measure/prompt_size.py [--tokens-per-answer 850] [FILE.jsonl ...]

Without files: the shipped capture. Tokens are estimated from bytes (3.6 bytes of English and log text a token; no
tokenizer of the model is at hand). Prices are the list prices of the model facts. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "processor"))

from logtriage.config.mimo_facts import Seller, model_facts
from logtriage.config.redaction import RedactionSettings
from logtriage.demo.capture import load_capture
from logtriage.engines.mimo.prompt import build_prompt
from logtriage.engines.mimo.redaction import Redactor
from logtriage.schema.line import view_of_line
from logtriage.schema.record import Context, RecordView

BYTES_A_TOKEN = 3.6
MODEL = "mimo-v2.6-flash"


def records(paths: list[Path]) -> list[RecordView]:
    """Give the records of the capture, or of files of one JSON object a line."""
    if not paths:
        return [
            view_of_line(
                item.body,
                severity_text=item.severity_text,
                severity_number=item.severity_number,
                resource=item.resource,
                attributes=item.attributes,
            )
            for item in load_capture()
            if item.severity_number >= 17
        ]
    rows = [json.loads(line) for path in paths for line in path.read_text("utf-8").splitlines()]
    return [view_of_line(row["body"], severity_text=row.get("severity_text") or "") for row in rows]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument(
        "--tokens-per-answer", type=int, default=850, help="thinking (600) and answer (250); no live figure exists"
    )
    arguments = parser.parse_args()
    redactor = Redactor(RedactionSettings())
    system: list[int] = []
    user: list[int] = []
    for record in records(arguments.paths):
        prompt = build_prompt(
            record, Context(), redactor=redactor.session(), canary="LT0123456789abcdef", boundary="0123456789abcdef"
        )
        system.append(len(prompt.messages[0].content.encode()))
        user.append(len(prompt.messages[1].content.encode()))
    total = [first + second for first, second in zip(system, user, strict=True)]
    cuts = statistics.quantiles(total, n=100)
    facts = model_facts(Seller.XIAOMI, MODEL)
    if facts is None:
        raise SystemExit(f"no list price of `{MODEL}` is known")
    price = facts.price
    prefix_tokens = statistics.mean(system) / BYTES_A_TOKEN
    fresh_tokens = statistics.mean(user) / BYTES_A_TOKEN
    output_usd = arguments.tokens_per_answer * price.output_usd / 1000
    figures = {
        "records": len(total),
        "prompt_bytes_p50": round(cuts[49]),
        "prompt_bytes_p90": round(cuts[89]),
        "prompt_bytes_p99": round(cuts[98]),
        "prompt_bytes_max": max(total),
        "user_bytes_p50": round(statistics.median(user)),
        "user_bytes_max": max(user),
        "prefix_bytes": system[0],
        "prefix_share_percent": round(100 * sum(system) / sum(total), 1),
        "prompt_tokens_mean_estimated": round(prefix_tokens + fresh_tokens),
        "usd_per_1000_prefix_cached": round(
            (prefix_tokens * price.cached_input_usd + fresh_tokens * price.input_usd) / 1000 + output_usd, 4
        ),
        "usd_per_1000_nothing_cached": round((prefix_tokens + fresh_tokens) * price.input_usd / 1000 + output_usd, 4),
        "usd_per_1000_of_it_output": round(output_usd, 4),
    }
    for name, value in figures.items():
        print(f"{name:32} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
