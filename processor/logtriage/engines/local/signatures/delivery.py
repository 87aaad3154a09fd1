"""Pipelines, package managers, infrastructure code."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="delivery.dependencies_do_not_resolve",
        patterns=(
            rb"no available releases match the given constraints",
            rb"does not match configured version constraint",
            rb"incompatible provider version",
            rb"\beresolve\b",
            rb"could not find a version that satisfies",
            rb"no matching distribution found for",
            rb"could not resolve dependencies",
            rb"conflicting dependencies",
            rb"lockfile (?:is )?(?:out of date|needs to be updated)",
            rb"no matching version found for",
            rb"npm err! code (?:etarget|e404|ebadengine|notarget)",
            rb"verifying [^\n]{1,120}: checksum mismatch",
            rb"unable to resolve dependency",
            rb"requires (?:python|node|java|ruby|go) (?:>=?|<=?|version)",
            rb"invalid go version",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The versions that the build asks for do not go together or are not there.",
        action="Compare the lock file with the last build that worked; pin what moved.",
        examples=("npm ERR! code ERESOLVE",),
        near_misses=("npm ERR! code ECONNRESET", "checksum verified"),
    ),
    Signature(
        name="delivery.terraform_state",
        patterns=(
            rb"updates to statefulset spec",
            rb"error acquiring the state lock",
            rb"unsupported terraform core version",
            rb"state snapshot was created by terraform",
            rb"upgrade failed: another operation \(install/upgrade/rollback\) is in progress",
            rb"unsupported argument[^\n]{0,60}not expected here",
            rb"provider produced inconsistent (?:result|final plan)",
            rb"has no deployed releases",
            rb"field is immutable",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.75,
        reason="What is deployed and what the tool remembers are out of step, or another run holds the lock.",
        action="See whether another run is at work; if not, release the lock and compare state with what exists.",
        examples=("Error: Error acquiring the state lock",),
        near_misses=("Acquiring state lock. This may take a few moments...", "state file written"),
    ),
    Signature(
        name="delivery.registry_away",
        patterns=(
            rb"could not query provider registry",
            rb"could not connect to registry\.",
            rb"failed to request discovery document",
            rb"failed to fetch (?:https?://)?(?:deb|security|archive|mirror|pypi|registry)[\w./-]{1,100}",
            (
                rb"unable to (?:fetch|download)[^\n]{0,80}(?:registry|mirror|repository)[^\n]{0,80}"
                rb"(?:50[0234]|timed? ?out)"
            ),
            rb"registry [^\n]{1,60} (?:returned|responded with) 5\d\d",
        ),
        unless=(
            rb"constraint",
            rb"no available releases",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="The registry that packages, images or providers come from does not answer.",
        action="See the registry's status page; run again later, or from a mirror.",
        examples=("could not query provider registry for shop/cart: answer 503",),
        near_misses=(
            "registry of voters could not be printed",
            "image pushed to registry.cart",
        ),
    ),
)
