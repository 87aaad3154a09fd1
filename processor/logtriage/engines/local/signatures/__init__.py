"""The table of named signatures: one file per field of technology, one row per condition."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.engines.local.signatures import (
    cloud,
    common_causes,
    harmless,
    host,
    identity,
    jvm,
    kubernetes,
    messaging,
    mysql,
    network,
    node,
    postgres,
    python,
    runtimes,
    stores,
    telemetry,
    web_proxies,
)

SIGNATURES: Final[tuple[Signature, ...]] = (
    *host.SIGNATURES,
    *harmless.SIGNATURES,
    *kubernetes.SIGNATURES,
    *postgres.SIGNATURES,
    *mysql.SIGNATURES,
    *stores.SIGNATURES,
    *messaging.SIGNATURES,
    *web_proxies.SIGNATURES,
    *identity.SIGNATURES,
    *jvm.SIGNATURES,
    *python.SIGNATURES,
    *node.SIGNATURES,
    *runtimes.SIGNATURES,
    *cloud.SIGNATURES,
    *telemetry.SIGNATURES,
    *network.SIGNATURES,
    *common_causes.SIGNATURES,
)
"""All rows. The order decides only between matches of equal rank, confidence and length."""
