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
            rb"newe?r? (?:version|release) of [\w.@/-]{1,40}(?: is| \(|:| available)",
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
        name="remark.kernel_file_absent",
        patterns=(
            rb"/(?:proc|sys)/[\w./-]{1,160}[\'\"]?[^\n]{0,30}(?:no such file|errno 2\b|enoent)",
            rb"/(?:proc|sys)/[\w./-]{1,160}: (?:no such file|not found)",
        ),
        unless=(rb"exiting|fatal|abort|panic|oci runtime|failed to (?:start|create|mount)",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.84,
        reason="The program looks whether this kernel has a feature; it has not, and the program goes on without.",
        action="Nothing to do.",
        examples=("ERROR: cannot read '/proc/net/ferry_stats' (errno 2, No such file or directory)",),
        near_misses=(
            "ERROR: cannot read '/srv/net/ferry_stats' (errno 2, No such file or directory)",
            "/proc/self/oom_score_adj written",
        ),
    ),
    Signature(
        name="remark.defaults_taken",
        patterns=(
            (
                rb"(?:running|continuing|proceeding|starting|going on) with (?:the )?(?:internal |built-?in "
                rb"|own )?defaults?\b"
            ),
            (
                rb"(?:using|falling back to|will use|loading) (?:the )?(?:internal|built-?in|stock"
                rb"|hard-?coded) (?:defaults?|config\w{0,8}|values?)"
            ),
            rb"check\(\) failed - disabling job",
            rb"not readable or not exist",
            rb"alarm[_ ](?:is[_ ])?(?:de-?activated|cleared|resolved)",
            rb"watch failed[^\n]{0,400}context canceled",
            rb"no nss support for mdns",
            rb"failed to open /etc/resolv\.conf: invalid argument",
            rb"chroot\.c: open\(\) failed",
        ),
        unless=(rb"exiting|fatal|abort|panic",),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="A part that is not there or not set was looked for; the program goes on with its own values.",
        action="Nothing to do.",
        examples=("ferry: cannot read /etc/ferry.conf, running with internal defaults",),
        near_misses=(
            "ferry: cannot read /etc/ferry.conf, exiting",
            "ferry: default captain is ill",
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
