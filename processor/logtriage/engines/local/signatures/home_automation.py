"""Home automation: devices that answer late, and settings."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="home.device_late",
        patterns=(
            rb"(?:timeout|error) (?:fetching|requesting) [^\n]{1,80} data",
            rb"failed to ping [\'\"]?0x",
            rb"no network route",
            rb"mac_?no_?ack",
            rb"data request failed with error",
            rb"mac_?channel_?access_?failure",
            rb"platform \w{1,40} not ready yet",
            rb"config entry [^\n]{1,80} (?:not ready yet|for \w{1,40} integration not ready)",
            rb"can.t connect to esphome api",
            (
                rb"(?:device|entity|node|sensor|bulb|lamp|plug|hub|bridge|inverter|camera"
                rb"|thermostat) [^\n]{1,80} (?:is offline|did not respond|not responding|went offline|is"
                rb" unavailable|failed to respond|timed out)"
            ),
            (
                rb"(?:failed to|could not|unable to|cannot) (?:read|poll|update|refresh|reach|query"
                rb"|fetch) [^\n]{0,40}(?:device|sensor|inverter|meter|camera|thermostat|lamp|plug|modbus)\b"
            ),
            rb"modbus[^\n]{0,60}(?:timed out|timeout|no response|connection lost|crc)",
            rb"deliveryerror",
            rb"(?:ping|publish) \'[^\'\n]{1,30}\' (?:to )?[^\n]{1,80}failed",
        ),
        unless=(
            rb"invalid config",
            rb"unauthori[sz]ed",
            rb"configuration",
            rb"syntax error",
        ),
        category=Category.TRANSIENT_NETWORK,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.82,
        reason="One device of a house or plant did not answer; it is asked again at the next round.",
        action="Nothing to do now; look into it if it becomes frequent.",
        examples=("ERROR helpers.update_coordinator: Timeout fetching roof inverter data",),
        near_misses=(
            "Invalid config for sensor platform: expected a dictionary",
            "ERROR the modbus settings file is missing",
        ),
    ),
    Signature(
        name="home.slow_remark",
        patterns=(
            rb"is taking over \d{1,3} seconds",
            rb"took longer than the scheduled update interval",
            rb"we found a custom integration",
            rb"does not (?:generate unique ids|have a unique id)",
            rb"is not a supported (?:unit|device) class",
            rb"unit of measurement [^\n]{1,60} which is not a valid unit",
            rb"blocking call to \w{2,40}",
            rb"already (?:exists|in use) - ignoring ",
            rb"detected that (?:custom )?integration",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.86,
        reason="A remark of a home automation on something slow or old; it goes on.",
        action="Nothing to do.",
        examples=("Setup of sensor platform weather is taking over 10 seconds.",),
        near_misses=(
            "Setup failed for weather: Unable to import component",
            "the scheduled update failed",
        ),
    ),
    Signature(
        name="home.settings",
        patterns=(
            rb"invalid config for ",
            rb"setup failed for (?:custom integration )?[\'\"]?\w{1,40}",
            rb"(?:integration|platform|component) [\'\"]?[\w.]{1,40}[\'\"]? not found",
            rb"template variable (?:error|warning): ",
            rb"referenced (?:entities|devices|areas) [^\n]{1,120} are missing",
            rb"unable to find (?:service|referenced) ",
            rb"error (?:while )?opening serial ?port",
            rb"no matching adapter found",
            rb"could not open serial port",
        ),
        unless=(rb"requirements? ",),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="The settings of the home automation name something that is not there or not valid.",
        action="Correct the setting that the record names.",
        examples=("Invalid config for [mqtt]: expected int for dictionary value",),
        near_misses=(
            "Timeout fetching roof inverter data",
            "configuration loaded",
        ),
    ),
)
