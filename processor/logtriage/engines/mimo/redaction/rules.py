"""The redaction table: every row, in the order in which rows win where two of them want the same characters."""

from __future__ import annotations

from logtriage.engines.mimo.redaction.assignments import ASSIGNMENTS
from logtriage.engines.mimo.redaction.cloud_keys import CLOUD_KEYS
from logtriage.engines.mimo.redaction.connections import CONNECTIONS
from logtriage.engines.mimo.redaction.headers import HEADERS
from logtriage.engines.mimo.redaction.key_material import KEY_MATERIAL
from logtriage.engines.mimo.redaction.personal_data import IP_ADDRESSES, PERSONAL_DATA
from logtriage.engines.mimo.redaction.rule import Rule
from logtriage.engines.mimo.redaction.service_tokens import SERVICE_TOKENS

RULES: tuple[Rule, ...] = (
    *KEY_MATERIAL,
    *HEADERS,
    *CLOUD_KEYS,
    *SERVICE_TOKENS,
    *CONNECTIONS,
    *ASSIGNMENTS,
    *PERSONAL_DATA,
)
OPTIONAL_RULES: tuple[Rule, ...] = IP_ADDRESSES
"""Rows that `redaction.ip_addresses` adds."""
