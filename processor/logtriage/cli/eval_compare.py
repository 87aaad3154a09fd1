"""``logtriage eval --compare A B``: which records two runs judged otherwise, and which way."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from logtriage.cli.eval import UsageError, read_data_set
from logtriage.cli.exit_codes import ExitCode
from logtriage.evaluation.comparison import compare
from logtriage.evaluation.expectation import Expectation
from logtriage.evaluation.predictions import BadPredictionError, Id, read_predictions
from logtriage.schema.report import TriageReport


def run_compare(args: argparse.Namespace) -> int:
    """Compare, print; exit code 1 if lines of the data set could not be used.

    Raises:
        UsageError: a file cannot be read, or other options are given that need a run.
    """
    for option in ("predictions", "svg", "record", "replay", "engine"):
        if getattr(args, option) is not None:
            raise UsageError(f"`--compare` judges nothing: leave `--{option}` away")
    labels: dict[Id, Expectation] | None = None
    bad_lines: list[dict[str, Any]] = []
    if args.file is not None:
        records, bad_lines = read_data_set(args.file)
        labels = {record.id: record.expect for record in records}
    first, second = args.compare
    told = compare(_read(first), _read(second), labels)
    if args.json:
        print(json.dumps({**told, "bad_lines": bad_lines}, ensure_ascii=False))
    else:
        from rich.console import Console

        from logtriage.evaluation.comparison_view import print_comparison

        print_comparison(Console(), told, first, second)
        sys.stdout.flush()
    return ExitCode.INPUT_HAD_FAULTS if bad_lines else ExitCode.OK


def _read(name: str) -> dict[Id, TriageReport]:
    try:
        with open(name, encoding="utf-8") as lines:
            predictions = read_predictions(lines)
    except OSError as error:
        raise UsageError(f"cannot read `{name}`: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"`{name}`: is no UTF-8") from None
    except BadPredictionError as error:
        raise UsageError(f"`{name}`: {error}") from None
    if not predictions:
        raise UsageError(f"`{name}` has no prediction: `--predictions` of a run writes them")
    return predictions
