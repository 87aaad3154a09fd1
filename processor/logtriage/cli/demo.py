"""``logtriage demo``: what triage does, on real records, in a minute."""

from __future__ import annotations

import argparse
import json
import sys
import time

from logtriage.cli.exit_codes import ExitCode

_SHOWN_GROUPS = 16


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.description = (
        "Start the service with its embedded engine on free loopback ports, send a capture of real records through it "
        "by the OpenTelemetry SDK, and show what comes out. No network, no key, nothing is left behind."
    )
    parser.add_argument("--all", action="store_true", help="show every fingerprint, not a choice of them")
    parser.add_argument("--json", action="store_true", help="print each record that came out as one JSON object a line")


def run_demo(args: argparse.Namespace) -> int:
    """Run the demo; give the exit code."""
    from logtriage.demo.capture import load_capture
    from logtriage.demo.stage import run_stage

    if not args.json:
        print("Starting LogTriage with its embedded engine and sending the capture …", file=sys.stderr)
    began = time.monotonic()
    triaged = run_stage(load_capture())
    seconds = time.monotonic() - began
    if args.json:
        for record in triaged:
            line = {
                "id": record.captured.id,
                "service_name": record.captured.service_name,
                "body": record.captured.body,
                "before": {
                    "severity_text": record.captured.severity_text,
                    "severity_number": record.captured.severity_number,
                },
                "after": {"severity_text": record.severity_text, "severity_number": record.severity_number},
                "logtriage": record.triage,
            }
            print(json.dumps(line, ensure_ascii=False))
        return ExitCode.OK
    from rich.console import Console

    from logtriage.demo.view import show

    show(triaged, Console(), limit=None if args.all else _SHOWN_GROUPS, seconds=seconds)
    return ExitCode.OK
