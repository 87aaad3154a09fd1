"""``logtriage config check | schema | example | docs``."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from logtriage.cli.exit_codes import ExitCode
from logtriage.service.counted import counted

_DOCS_HEAD = """\
# Settings

This page is written by `logtriage config docs`; a test holds it equal to the code.

LogTriage runs without a file. With one (`logtriage serve --config FILE`), the file needs only what differs from the
defaults, which all stand in `config/logtriage.yaml`. The notation is the Collector's:

- Durations carry a unit: `5s`, `1m30s`, `200ms`. A bare number is refused.
- `${env:NAME}` and `${env:NAME:-default}` in a value are replaced from the environment. A variable that is not set and
  has no default is a fault. `$$` is a dollar sign.
- A key that is not known is a fault, with the nearest known one. A key without a value keeps its default.
- `logtriage config check FILE` reports all faults at once, each with its path and value, and warns of settings that
  work against each other. `logtriage doctor` checks what needs the machine: addresses, the disk, downstream, the model.
- Editors complete and check the file with `config/logtriage.schema.json`.

## All settings

"""
_DOCS_CODES = """\
## Exit codes

| code | meaning |
|---|---|
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands of ``config``."""
    commands = parser.add_subparsers(dest="config_command", required=True, metavar="COMMAND")
    about = "check a settings file: report all of its faults, and warn of settings that work against each other"
    check = commands.add_parser("check", help=about, description=about)
    check.add_argument("file", type=Path, metavar="FILE", help="the settings file")
    commands.add_parser("schema", help="print the JSON schema of the settings, for editors")
    commands.add_parser("example", help="print a settings file with every default and what it means")
    commands.add_parser("docs", help="print the page about the settings (Markdown)")


def run_config(args: argparse.Namespace) -> int:
    """Run one of the subcommands."""
    match args.config_command:
        case "check":
            return _check(args.file)
        case "schema":
            from logtriage.config.schema import write_schema

            sys.stdout.write(write_schema())
        case "example":
            from logtriage.config.example import write_example

            sys.stdout.write(write_example())
        case _:
            sys.stdout.write(write_settings_page())
    return ExitCode.OK


def write_settings_page() -> str:
    """Give the text of ``docs/settings.md``."""
    from logtriage.config.reference import write_reference

    codes = "".join(f"| {code.value} | {code.meaning} |\n" for code in ExitCode)
    return _DOCS_HEAD + write_reference() + "\n" + _DOCS_CODES + codes


def _check(file: Path) -> int:
    from logtriage.config.advice import advice_on
    from logtriage.config.load import load_settings
    from logtriage.errors import SettingsError

    try:
        settings = load_settings(file, os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return ExitCode.USAGE_OR_SETTINGS
    advice = advice_on(settings)
    for each in advice:
        print(f"warning: {each}", file=sys.stderr)
    print(f"{file}: OK" + (f", {counted(len(advice), 'warning')}" if advice else ""))
    return ExitCode.OK
