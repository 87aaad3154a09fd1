"""Windows, parts of Kubernetes, games and clouds at home."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="windows.program_crashed",
        patterns=(
            rb"faulting application name",
            rb"terminated unexpectedly\.? {1,3}it has done this",
            rb"rapid fail protection",
            rb"automatically disabled due to a series of failures",
            rb"exception code: 0xc",
            rb"the process was terminated due to an unhandled exception",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.84,
        reason="A program crashed on its own.",
        action="Look at the module and the code that the record names.",
        examples=("Faulting application name: till.exe, version: 1.2.3",),
        near_misses=(
            "Application till.exe started",
            "fault line",
        ),
    ),
    Signature(
        name="windows.file_in_use",
        patterns=(
            rb"because it is being used by another process",
            rb"sharing violation",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.76,
        reason="Another process holds the file.",
        action="Find the process that holds it; often a scanner or an old copy of the program.",
        examples=(
            ("System.IO.IOException: The process cannot access the file because it is being used by another process."),
        ),
        near_misses=(
            "file closed",
            "process started",
        ),
    ),
    Signature(
        name="windows.remark",
        patterns=(
            rb"a fatal alert was (?:generated|received)",
            rb"schannel[^\n]{0,60}(?:alert|36887|36874|36888)",
            rb"login packet used to open the connection is (?:structurally )?invalid",
            rb"time provider ntpclient",
            rb"length specified in network packet payload did not match",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason="A stranger spoke TLS or the protocol wrongly, or a remark of Windows.",
        action="Nothing to do.",
        examples=("A fatal alert was received from the remote endpoint. The TLS alert code is 46.",),
        near_misses=(
            "fatal error in till.exe",
            "TLS ready",
        ),
    ),
    Signature(
        name="windows.service_late",
        patterns=(
            rb"did not respond to the start or control request in a timely fashion",
            rb"a timeout was reached \(\d{1,7} milliseconds\) while waiting for",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.76,
        reason="A service did not start in the time it has.",
        action="See what it waits for at its start.",
        examples=("A timeout was reached (30000 milliseconds) while waiting for the Till service to connect.",),
        near_misses=(
            "service started",
            "timeout set",
        ),
    ),
    Signature(
        name="kubernetes.plugin_setting",
        patterns=(
            rb"failed to connect to typha",
            rb"pod cidr not assigned",
            rb"cni (?:plugin )?(?:config )?(?:not initialized|uninitialized)",
            rb"no (?:instance type|nodepool|provisioner)[^\n]{0,60}(?:satisf|match|compatible)",
            rb"fail(?:ed|ing) (?:calling|to call) webhook[^\n]{0,300}: forbidden",
            rb"the server could not find the requested resource",
            rb"cannot find volume plugin",
            rb"no volume plugin matched",
            rb"not registered driver|driver name [^\n]{1,80} not found",
        ),
        unless=(rb"metrics\.k8s\.io",),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.86,
        reason="A part of the cluster is not set up, or asks for one that is not there.",
        action="Install or set up the part that the record names.",
        examples=("Error adding network: node till-4 pod CIDR not assigned",),
        near_misses=(
            "network added",
            "plugin of the till",
        ),
    ),
    Signature(
        name="game.server_slow",
        patterns=(
            rb"can't keep up! is the server overloaded",
            rb"tick took too long|a single server tick took",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.84,
        reason="The server of a game cannot do its ticks in time.",
        action="Look what fills the ticks; nothing breaks at once.",
        examples=("Can't keep up! Is the server overloaded? Running 9000ms behind",),
        near_misses=(
            "server ready",
            "tick of the clock",
        ),
    ),
    Signature(
        name="nextcloud.remark",
        patterns=(
            rb"trusted domain error",
            rb"trying to access [^\n]{1,80} from untrusted domain",
            rb"lockedexception[^\n]{0,120}is locked",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.82,
        reason="A client came by a name that is not ours, or two clients wrote one file at once.",
        action="Nothing to do.",
        examples=(
            (
                '{"app":"core","message":"Trusted domain error. \\"203.0.113.9\\" tried to access by '
                '\\"shop.invalid\\""}'
            ),
        ),
        near_misses=(
            "domain added",
            "trust lost",
        ),
    ),
)
