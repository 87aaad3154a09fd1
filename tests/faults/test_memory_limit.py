"""A limit on memory ends a process that takes more, whatever it is made of, and leaves the others alone."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from faults.memory_limit import MemoryLimit

pytestmark = pytest.mark.faults

PROGRAM = "import sys; sys.stdin.readline(); data = b'x' * ({mib} << 20); print(len(data), flush=True)"


@pytest.mark.parametrize("may_use_cgroup", [True, False])
@pytest.mark.parametrize(("mib", "code"), [(20, 0), (400, -signal.SIGKILL)])
def test_a_process_over_its_limit_is_killed(may_use_cgroup: bool, mib: int, code: int) -> None:
    # Half a second at its peak: the watcher looks every twentieth of that.
    program = PROGRAM.format(mib=mib) + "; import time; time.sleep(0.5)"
    process = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    with MemoryLimit(process.pid, 128, may_use_cgroup=may_use_cgroup) as limit:
        process.communicate(b"\n", timeout=30)
    assert process.returncode == code
    assert may_use_cgroup or limit.kind == "watched"
