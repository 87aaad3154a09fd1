"""Remarks that any program may print at ERROR: newer releases, what is there already, how it is set up."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="remark.newer_version",
        patterns=(
            rb"newer (?:\w{1,30} )?version (?:\S{1,30} )?(?:is )?(?:now )?available",
            rb"new (?:\w{1,30} )?(?:version|release) (?:\S{1,30} )?(?:is )?(?:now )?available",
            rb"\bupdate (?:is )?available\b",
            rb"there is a (?:new|newer) version",
            rb"you are (?:running|using) an (?:old|outdated) version",
        ),
        unless=(
            rb"failed",
            rb"required?s?\b",
            rb"cannot|unable|not supported|incompatible",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="The program tells of a newer release of itself; it works as it is.",
        action="Nothing to do.",
        examples=("[ERROR] ferry: Newer ferry version available: new=1.4 current=1.3",),
        near_misses=(
            "ERROR ferry: this peer needs a newer version",
            "ERROR ferry: version 1.3 is not supported",
        ),
    ),
    Signature(
        name="remark.already_there",
        patterns=(
            rb"could not (?:save|create|write|add|copy|extract) [^\n]{1,160}because [^\n]{1,100}already exists",
            (
                rb"already (?:exists|there|present|installed|applied|running|enabled|done|up to"
                rb" date)[,;:.]? {0,2}-{0,3} {0,2}(?:so )?(?:skipp|ignor|nothing to|not overwrit|leaving"
                rb"|keeping|will not be)"
            ),
        ),
        unless=(rb"abort|fatal|exiting|fail",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="What was to be made is there already and was left as it is.",
        action="Nothing to do.",
        examples=("WARN could not create folder media because media already exists",),
        near_misses=(
            "ERROR could not create folder media: disk is gone",
            "relation cart already exists",
        ),
    ),
    Signature(
        name="remark.left_without_goodbye",
        patterns=(
            rb"shutdown without a leave",
            rb"no known consul servers",
            rb"insecure logging configuration detected",
            rb"is disabled! please set",
            rb"failed to re-join any previously known node",
            rb"running (?:in|with) (?:development|insecure|debug) mode",
            rb"(?:is )?not recommended (?:for|in) production",
            rb"do not (?:use|enable) (?:this |it )?(?:in production|unless necessary)",
        ),
        unless=(rb"exiting|fatal",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason="A remark of a program at its start or stop on how it is set up; it runs.",
        action="Nothing to do.",
        examples=("[WARN] serf: Shutdown without a Leave",),
        near_misses=(
            "[ERROR] serf: node left the cluster",
            "shutdown failed: disk gone",
        ),
    ),
)
