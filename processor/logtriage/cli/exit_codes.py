"""What the exit status of a command means."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit status of every ``logtriage`` command. A signal gives 128 and its number, as a shell has it."""

    OK = 0
    INPUT_HAD_FAULTS = 1
    USAGE_OR_SETTINGS = 2
    CANNOT_START = 3
    INTERRUPTED = 130
    TERMINATED = 143

    @property
    def meaning(self) -> str:
        """What it tells a script."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.OK: "done; of `serve`: stopped as asked, by SIGTERM or Ctrl-C; of `doctor`: no fault, warnings at most",
    ExitCode.INPUT_HAD_FAULTS: "the input had faults, which were reported, and the rest of it was processed; "
    "of `doctor`: a check found a fault; of `deadletter`: one is damaged, unknown, or was not taken",
    ExitCode.USAGE_OR_SETTINGS: "wrong use of the command, a file that cannot be read or is empty where records are "
    "needed, or settings with faults: nothing was done",
    ExitCode.CANNOT_START: "the service could not start, for example because its address is in use",
    ExitCode.INTERRUPTED: "ended by Ctrl-C (SIGINT); `eval` has printed and written what was judged until then; of "
    "`serve`: a second Ctrl-C, it did not wait for what was under way",
    ExitCode.TERMINATED: "ended by SIGTERM; of `serve`: a second one, it did not wait for what was under way",
}
