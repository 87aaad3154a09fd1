"""The table of figures that the fault tests print."""

from __future__ import annotations

from typing import Any

import pytest

from faults.figures import HEAD, Report, append_to_file, json_of, line_of
from faults.ledger import Account

_ROWS = pytest.StashKey[list[str]]()


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Report:
    """Call it with the name of the fault, the account (or None) and further figures: they are printed at once."""
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")
    capture = request.config.pluginmanager.get_plugin("capturemanager")
    rows = request.config.stash.setdefault(_ROWS, [])

    def write(name: str, account: Account | None = None, **more: Any) -> None:
        line = json_of(name, account, more)
        append_to_file(line)
        with capture.global_and_fixture_disabled():
            if not rows:
                terminal.write_line(f"\n{HEAD}")
            terminal.ensure_newline()
            terminal.write_line(line_of(name, account, more))
        rows.append(line)

    return write


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the rows once more, for programs."""
    rows = config.stash.get(_ROWS, [])
    if rows:
        terminalreporter.section("figures of the fault tests, as JSON")
        for row in rows:
            terminalreporter.write_line(row)
