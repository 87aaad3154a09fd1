"""What codes of databases mean: SQLSTATE, and the numbers of MySQL, Oracle and MongoDB."""

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
_REJECTED: Final = Meaning(category=C.DATA_QUALITY, severity=S.WARN, is_actionable=False)

SQLSTATE: Final[dict[str, Meaning]] = {
    "08": _OUTAGE,
    "0a": _DRIFT,
    "21": _BUG,
    "22": _REJECTED,
    "23": _REJECTED,
    "25": _BUG,
    "28": _AUTH,
    "2b": _CONFIG,
    "3d": _CONFIG,
    "3f": _DRIFT,
    "40": _BLIP,
    "42": _BUG,
    "42501": _AUTH,
    "42601": _BUG,
    "42703": _DRIFT,
    "42883": _DRIFT,
    "42p01": _DRIFT,
    "42p07": _DRIFT,
    "42701": _DRIFT,
    "42s02": _DRIFT,
    "42s22": _DRIFT,
    "53": Meaning(category=C.RESOURCE_EXHAUSTION, severity=S.FATAL),
    "53300": _FULL,
    "54": _FULL,
    "55": _BUG,
    "55p03": _FULL,
    "57": _OUTAGE,
    "57014": _FULL,
    "57p03": _BLIP,
    "58": Meaning(category=C.UPSTREAM_OUTAGE, severity=S.FATAL),
    "xx": Meaning(category=C.DATA_QUALITY, severity=S.FATAL),
    "40p01": Meaning(category=C.CODE_BUG),
    "08004": _FULL,
}
"""SQLSTATE by code, else by class (ISO 9075; PostgreSQL appendix A)."""

DATABASE_NUMBERS: Final[dict[str, Meaning]] = {
    "mysql.1040": _FULL,
    "mysql.1044": _AUTH,
    "mysql.1045": _AUTH,
    "mysql.1049": _CONFIG,
    "mysql.1054": _DRIFT,
    "mysql.1062": _REJECTED,
    "mysql.1064": _BUG,
    "mysql.1114": _FULL,
    "mysql.1129": _FULL,
    "mysql.1130": _AUTH,
    "mysql.1142": _AUTH,
    "mysql.1146": _DRIFT,
    "mysql.1153": _CONFIG,
    "mysql.1203": _FULL,
    "mysql.1205": _FULL,
    "mysql.1213": _BUG,
    "mysql.1264": _REJECTED,
    "mysql.1290": _CONFIG,
    "mysql.1366": _REJECTED,
    "mysql.1406": _REJECTED,
    "mysql.1452": _REJECTED,
    "mysql.2002": _OUTAGE,
    "mysql.2003": _OUTAGE,
    "mysql.2006": _BLIP,
    "mysql.2013": _BLIP,
    "ora.00001": _REJECTED,
    "ora.00018": _FULL,
    "ora.00020": _FULL,
    "ora.00060": _BUG,
    "ora.00904": _DRIFT,
    "ora.00942": _DRIFT,
    "ora.01017": _AUTH,
    "ora.01031": _AUTH,
    "ora.01555": _FULL,
    "ora.01652": _FULL,
    "ora.01653": _FULL,
    "ora.03113": _OUTAGE,
    "ora.03114": _OUTAGE,
    "ora.04031": _FULL,
    "ora.12154": _CONFIG,
    "ora.12514": _CONFIG,
    "ora.12541": _OUTAGE,
    "ora.28000": _AUTH,
    "ora.28001": _AUTH,
    "mongo.11000": _REJECTED,
    "mongo.13": _AUTH,
    "mongo.18": _AUTH,
    "mongo.10107": _BLIP,
    "mongo.112": _BLIP,
    "mongo.121": _REJECTED,
}
"""Numbers of one database, with its name in front."""
