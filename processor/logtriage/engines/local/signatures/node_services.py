"""Servers and packages written for Node.js."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="node.ended_by_error_event",
        patterns=(
            rb"unhandled 'error' event",
            rb"emitted 'error' event on",
            rb"\buncaught exception:? ?\n[^\n]{0,60}error: (?:read|write) e",
            rb"uncaughtexception[^\n]{0,40}(?:econnreset|epipe|etimedout)",
        ),
        unless=(
            rb"eaddrinuse",
            rb"eacces",
            rb"econnrefused",
            rb"enotfound",
            rb"ioredis\] unhandled",
            rb"enoent",
        ),
        category=Category.CODE_BUG,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.84,
        reason="An error event that nobody listens to ended the process.",
        action="Handle the event where the connection or stream is made; see that the process was started again.",
        examples=("throw er; // Unhandled 'error' event\nError: read ECONNRESET\n    at TLSWrap.onStreamRead",),
        near_misses=(
            "[ioredis] Unhandled error event: Error: connect ETIMEDOUT",
            "Error: listen EADDRINUSE: address already in use :::3000\nEmitted 'error' event on Server instance",
        ),
    ),
    Signature(
        name="node.entry_file_missing",
        patterns=(
            rb"require stack: \[\]",
            rb"requirestack: \[\]",
            rb"can't open file '[^'\n]{1,160}': \[errno 2\]",
            rb"unable to access jarfile",
            rb"could not find or load main class",
            rb"could not open input file: ",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.86,
        reason="The file that the process was told to start is not in the image.",
        action="Check the start command and that the build put its output where the command looks.",
        examples=("Error: Could not find or load main class shop.Cart",),
        near_misses=(
            "Error: Cannot find module 'express'\nRequire stack:\n- /srv/cart/index.js",
            "main class of service: gold",
        ),
    ),
    Signature(
        name="web.caller_aborted",
        patterns=(
            rb"abortincoming",
            rb"aborterror: (?:this|the) operation was aborted",
            rb"this operation was aborted",
            rb"user (?:pressed cancel|cancelled|canceled|\+cancel)",
            rb"user\+cancel",
            rb"operation was cancell?ed by the user",
            rb"error scraping metrics[^\n]{0,200}context canceled",
            rb"missing key for job \d",
            rb"dns record for [^\n]{1,100} not yet propagated",
            rb"propagation check failed",
            rb"\bneed? to revoke[^\n]{0,60}does not exist|failed to revoke lease[^\n]{0,300}does not exist",
        ),
        unless=(
            rb"expires?[_ ]in",
            rb"timeout",
            rb"timed out",
        ),
        category=Category.NOISE,
        severity=Severity.DEBUG,
        is_actionable=False,
        confidence=0.8,
        reason="The caller, or we ourselves, broke a call off on purpose.",
        action="Nothing to do.",
        examples=("AbortError: The operation was aborted, prefetch of /cart",),
        near_misses=(
            "aborting the release of cart",
            "user cart cannot be found",
        ),
    ),
)
