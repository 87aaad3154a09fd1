"""What codes of processes mean: exit codes, signals, curl, HRESULT and NTSTATUS."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.finding import Meaning
from logtriage.schema.category import Category as C
from logtriage.schema.severity import Severity as S

_AUTH: Final = Meaning(category=C.AUTH_AUTHZ)
_BUG: Final = Meaning(category=C.CODE_BUG)
_CONFIG: Final = Meaning(category=C.CONFIG_ERROR)
_DRIFT: Final = Meaning(category=C.DEPLOYMENT_DRIFT)
_FULL: Final = Meaning(category=C.RESOURCE_EXHAUSTION)
_OUTAGE: Final = Meaning(category=C.UPSTREAM_OUTAGE)
_BLIP: Final = Meaning(category=C.TRANSIENT_NETWORK, severity=S.WARN, is_actionable=False)
_STOPPED: Final = Meaning(category=C.NOISE, severity=S.DEBUG, is_actionable=False)

EXIT: Final[dict[int, Meaning]] = {
    126: _CONFIG,
    127: _CONFIG,
    132: _DRIFT,
    134: Meaning(category=C.CODE_BUG, severity=S.FATAL),
    135: _BUG,
    136: _BUG,
    137: Meaning(category=C.RESOURCE_EXHAUSTION, severity=S.FATAL),
    139: Meaning(category=C.CODE_BUG, severity=S.FATAL),
    143: _STOPPED,
    0: _STOPPED,
    1: Meaning(category=C.CODE_BUG, is_decisive=False),
    2: Meaning(category=C.CODE_BUG, is_decisive=False),
    78: _CONFIG,
}
"""Exit codes of a process: 128 plus the signal; 126 and 127 from the shell; 78 is EX_CONFIG of sysexits."""

OTHER_EXIT: Final = Meaning(category=C.CODE_BUG, is_decisive=False)
"""Any other exit code: the program says that it failed, and no more."""

SIGNAL: Final[dict[str, Meaning]] = {
    "4": _DRIFT,
    "6": Meaning(category=C.CODE_BUG, severity=S.FATAL),
    "7": _BUG,
    "8": _BUG,
    "9": _FULL,
    "11": Meaning(category=C.CODE_BUG, severity=S.FATAL),
    "15": _STOPPED,
    "sigill": _DRIFT,
    "sigabrt": Meaning(category=C.CODE_BUG, severity=S.FATAL),
    "sigbus": _BUG,
    "sigfpe": _BUG,
    "sigkill": _FULL,
    "sigsegv": Meaning(category=C.CODE_BUG, severity=S.FATAL),
    "sigterm": _STOPPED,
}
"""Signals that end a process, by number and by name."""

CURL: Final[dict[int, Meaning]] = {
    3: _BUG,
    5: _CONFIG,
    6: _CONFIG,
    7: _OUTAGE,
    16: _BLIP,
    18: _BLIP,
    22: Meaning(category=C.UPSTREAM_OUTAGE, is_decisive=False),
    23: _FULL,
    28: _BLIP,
    35: _AUTH,
    51: _AUTH,
    52: _BLIP,
    55: _BLIP,
    56: _BLIP,
    58: _AUTH,
    60: _AUTH,
    67: _AUTH,
    77: _CONFIG,
    92: _BLIP,
}
"""curl's exit numbers, printed in parentheses."""

WINDOWS: Final[dict[str, Meaning]] = {
    "0x80070005": _AUTH,
    "0x8007000e": _FULL,
    "0x80070070": _FULL,
    "0xc0000005": Meaning(category=C.CODE_BUG, severity=S.FATAL),
    "0xc0000017": _FULL,
    "0xc0000022": _AUTH,
    "0xc0000135": _DRIFT,
    "0xc0000142": _CONFIG,
    "0xc00000fd": Meaning(category=C.CODE_BUG, severity=S.FATAL),
    "0xe0434352": _BUG,
}
"""HRESULT and NTSTATUS."""
