"""Settings of what is kept on disk."""

from __future__ import annotations

from pydantic import Field

from logtriage.config.section import Section


class StateSettings(Section):
    """What is kept over a restart."""

    directory: str = Field(
        "",
        description=(
            "Folder for what is kept over a restart: with `engine: mimo` the budget, held records and dead letters. "
            "One process at a time may use it. Made with mode 0700 if missing. Empty: `$STATE_DIRECTORY` (systemd), "
            "else `$XDG_STATE_HOME/logtriage`, else `~/.local/state/logtriage`; for a user without a home "
            "`/var/lib/logtriage`."
        ),
    )
