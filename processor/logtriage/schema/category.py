"""The nine categories. Locked: no setting can add one; ``proto/logtriage/v1/triage.proto`` says the same."""

from __future__ import annotations

from enum import StrEnum


class Category(StrEnum):
    """What kind of trouble an error record tells of."""

    TRANSIENT_NETWORK = "transient_network"
    """A network blip: reset, DNS jitter, a retry that succeeded."""
    UPSTREAM_OUTAGE = "upstream_outage"
    """A dependency outside, or the hardware below, is unavailable; cannot be fixed here."""
    CONFIG_ERROR = "config_error"
    """Wrong environment variable, YAML, flag, missing key."""
    RESOURCE_EXHAUSTION = "resource_exhaustion"
    """Out of memory, disk, descriptors, threads, pool, own quota."""
    CODE_BUG = "code_bug"
    """Null pointer, type error, logic error."""
    DEPLOYMENT_DRIFT = "deployment_drift"
    """Version mismatch, outdated binary, code and schema out of step."""
    DATA_QUALITY = "data_quality"
    """Malformed input, schema violation, encoding."""
    AUTH_AUTHZ = "auth_authz"
    """Expired token, permission denied, mTLS failure."""
    NOISE = "noise"
    """Known harmless: severity becomes DEBUG, never actionable."""
