"""What numeric and named codes of protocols mean: HTTP, gRPC, errno."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.finding import Meaning
from logtriage.schema.category import Category as C
from logtriage.schema.severity import Severity as S

_AUTH: Final = Meaning(category=C.AUTH_AUTHZ)
_BUG: Final = Meaning(category=C.CODE_BUG)
_CONFIG: Final = Meaning(category=C.CONFIG_ERROR)
_DATA: Final = Meaning(category=C.DATA_QUALITY)
_DRIFT: Final = Meaning(category=C.DEPLOYMENT_DRIFT)
_FULL: Final = Meaning(category=C.RESOURCE_EXHAUSTION)
_OUTAGE: Final = Meaning(category=C.UPSTREAM_OUTAGE)
_BLIP: Final = Meaning(category=C.TRANSIENT_NETWORK, severity=S.WARN, is_actionable=False)
_REJECTED: Final = Meaning(category=C.DATA_QUALITY, severity=S.WARN, is_actionable=False)

HTTP: Final[dict[int, Meaning]] = {
    400: _REJECTED,
    401: _AUTH,
    402: _FULL,
    403: _AUTH,
    404: _CONFIG,
    405: _CONFIG,
    406: _DATA,
    407: _AUTH,
    408: _BLIP,
    409: _REJECTED,
    410: _CONFIG,
    411: _DATA,
    413: _REJECTED,
    414: _REJECTED,
    415: _REJECTED,
    421: _CONFIG,
    422: _REJECTED,
    426: _DRIFT,
    429: _FULL,
    431: _REJECTED,
    495: _AUTH,
    496: _AUTH,
    499: _BLIP,
    500: Meaning(category=C.CODE_BUG, is_decisive=False),
    501: _DRIFT,
    502: _OUTAGE,
    503: _OUTAGE,
    504: _OUTAGE,
    505: _DRIFT,
    507: _FULL,
    511: _AUTH,
    520: _OUTAGE,
    521: _OUTAGE,
    522: _OUTAGE,
    523: _OUTAGE,
    524: _OUTAGE,
    525: _AUTH,
    526: _AUTH,
    529: _OUTAGE,
    530: _OUTAGE,
}
"""RFC 9110 section 15 and the numbers that nginx and Cloudflare add. 500 of a peer says little about why."""

GRPC: Final[dict[str, Meaning]] = {
    "cancelled": _BLIP,
    "unknown": Meaning(category=C.CODE_BUG, is_decisive=False),
    "invalidargument": _REJECTED,
    "deadlineexceeded": Meaning(category=C.UPSTREAM_OUTAGE),
    "notfound": _CONFIG,
    "alreadyexists": _REJECTED,
    "permissiondenied": _AUTH,
    "resourceexhausted": _FULL,
    "failedprecondition": _CONFIG,
    "aborted": _BLIP,
    "outofrange": _DATA,
    "unimplemented": _DRIFT,
    "internal": Meaning(category=C.CODE_BUG, is_decisive=False),
    "unavailable": _OUTAGE,
    "dataloss": Meaning(category=C.DATA_QUALITY, severity=S.FATAL),
    "unauthenticated": _AUTH,
}
"""gRPC status codes by name without underscores."""

GRPC_NUMBERS: Final[tuple[str, ...]] = ("ok", *GRPC)
"""The name of each number: the order of the specification."""

ERRNO: Final[dict[str, Meaning]] = {
    "eperm": _AUTH,
    "enoent": Meaning(category=C.CONFIG_ERROR, is_decisive=False),
    "eio": Meaning(category=C.UPSTREAM_OUTAGE, severity=S.FATAL),
    "enxio": _CONFIG,
    "enoexec": _DRIFT,
    "ebadf": _BUG,
    "enomem": Meaning(category=C.RESOURCE_EXHAUSTION, severity=S.FATAL),
    "eacces": _AUTH,
    "efault": _BUG,
    "ebusy": _FULL,
    "eexist": Meaning(category=C.CONFIG_ERROR, is_decisive=False),
    "enotdir": _CONFIG,
    "eisdir": _CONFIG,
    "einval": Meaning(category=C.CODE_BUG, is_decisive=False),
    "enfile": _FULL,
    "emfile": _FULL,
    "efbig": _FULL,
    "enospc": Meaning(category=C.RESOURCE_EXHAUSTION, severity=S.FATAL),
    "erofs": Meaning(category=C.UPSTREAM_OUTAGE, severity=S.FATAL),
    "emlink": _FULL,
    "epipe": _BLIP,
    "enametoolong": _DATA,
    "enosys": _DRIFT,
    "eilseq": _DATA,
    "eaddrinuse": _CONFIG,
    "eaddrnotavail": _CONFIG,
    "enetdown": _OUTAGE,
    "enetunreach": Meaning(category=C.TRANSIENT_NETWORK),
    "enetreset": _BLIP,
    "econnaborted": _BLIP,
    "econnreset": _BLIP,
    "enobufs": _FULL,
    "enotconn": _BLIP,
    "etimedout": _BLIP,
    "esockettimedout": _BLIP,
    "econnrefused": _OUTAGE,
    "ehostdown": _OUTAGE,
    "ehostunreach": Meaning(category=C.TRANSIENT_NETWORK),
    "estale": _OUTAGE,
    "edquot": _FULL,
    "eai_again": _BLIP,
    "enotfound": _CONFIG,
}
"""errno by name, and the resolver's names that Node prints beside them."""

ERRNO_NUMBERS: Final[dict[int, str]] = {
    1: "eperm",
    2: "enoent",
    5: "eio",
    8: "enoexec",
    9: "ebadf",
    12: "enomem",
    13: "eacces",
    14: "efault",
    16: "ebusy",
    17: "eexist",
    20: "enotdir",
    21: "eisdir",
    22: "einval",
    23: "enfile",
    24: "emfile",
    27: "efbig",
    28: "enospc",
    30: "erofs",
    32: "epipe",
    36: "enametoolong",
    38: "enosys",
    84: "eilseq",
    98: "eaddrinuse",
    99: "eaddrnotavail",
    100: "enetdown",
    101: "enetunreach",
    103: "econnaborted",
    104: "econnreset",
    105: "enobufs",
    107: "enotconn",
    110: "etimedout",
    111: "econnrefused",
    112: "ehostdown",
    113: "ehostunreach",
    116: "estale",
    122: "edquot",
}
"""Linux numbers (``asm-generic/errno.h``)."""
