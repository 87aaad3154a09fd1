""".NET."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="dotnet.null_reference",
        patterns=(
            rb"object reference not set to an instance",
            rb"nullreferenceexception",
            rb"collection was modified; enumeration operation",
            rb"a second operation was started on this context",
            rb"cannot access a disposed (?:object|context)",
            rb"sequence contains no (?:elements|matching element)",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.9,
        reason="The code used an object that is not there, or not there any more.",
        action="Hand the stack trace to the owner of the top frame; roll back if it began with a release.",
        examples=("NullReferenceException: Object reference not set in Cart.Total",),
        near_misses=("System.TimeoutException: The operation has timed out.", "set to an instance type"),
    ),
    Signature(
        name="dotnet.assembly",
        patterns=(
            rb"could not load file or assembly",
            rb"you must install or update \.net",
            rb"the framework 'microsoft\.\w{2,30}\.app', version",
            rb"method not found: '",
            rb"unable to load shared library '",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.88,
        reason="The program needs an assembly or runtime that is not installed in that version.",
        action="Compare the runtime and packages of this image with what the program was built for.",
        examples=("Could not load file or assembly 'Cart.Core, Version=2.0.0.0'",),
        near_misses=(
            "Unable to resolve service for type 'ICart' while attempting to activate 'CartController'.",
            "assembly line 4 stopped",
        ),
    ),
    Signature(
        name="dotnet.service_missing",
        patterns=(
            rb"unable to resolve service for type",
            rb"no service for type '[^'\n]{1,120}' has been registered",
            rb"the configuration file 'appsettings[\w.]{0,40}' was not found",
            rb"no database provider has been configured",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="The program was put together without a part that it needs.",
        action="Register the service or add the setting that the record names.",
        examples=("Unable to resolve service for type 'ICart' while attempting to activate 'CartController'.",),
        near_misses=("Could not load file or assembly 'Cart.Core'", "service registered for type 'ICart'"),
    ),
    Signature(
        name="dotnet.pool_exhausted",
        patterns=(
            rb"timeout period elapsed prior to obtaining a connection from the pool",
            rb"threadpool starvation",
            rb"the connection pool has been exhausted",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.92,
        reason="All connections or threads of the pool are in use.",
        action="Look for connections that are not disposed and for blocking calls; only then raise the pool.",
        examples=("ThreadPool starvation in cart",),
        near_misses=(
            "Execution Timeout Expired in Cart.Load",
            "connection returned to the pool",
        ),
    ),
    Signature(
        name="dotnet.antiforgery_or_keys",
        patterns=(
            rb"the antiforgery token could not be decrypted",
            rb"the key \{[\w-]{8,40}\} was not found in the key ring",
            rb"unprotect ticket failed",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.7,
        reason="Replicas do not share their keys: what one signed the other cannot read.",
        action="Keep the data protection keys in one shared, lasting place.",
        examples=("The antiforgery token could not be decrypted.",),
        near_misses=("The provided antiforgery token was meant for a different user", "keyring opened"),
    ),
    Signature(
        name="dotnet.call_ran_out_of_time",
        patterns=(
            rb"configured httpclient\.timeout of \d{1,6} seconds elapsing",
            rb"the operation has timed out",
            rb"rediscommandtimeoutexception",
            rb"redistimeoutexception",
            rb"timed? ?out after \d{1,6} second\(s\)",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        reason="A call to another service or database took longer than its client waits.",
        action="Look at the health and load of what was called, then at the time that the client allows.",
        examples=("call of cart: configured HttpClient.Timeout of 30 seconds elapsing",),
        near_misses=(
            "TaskCanceledException: A task was canceled.",
            "timeout of the HttpClient set to 30 seconds",
        ),
    ),
    Signature(
        name="dotnet.query_ran_out_of_time",
        patterns=(
            rb"execution timeout expired",
            rb"timeout period elapsed prior to completion",
            rb"sqlexception[^\n]{0,40}timeout",
            rb"the wait operation timed out",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.72,
        reason="A statement took longer than its command may: a missing index, a lock, or a loaded database.",
        action="Look at the plan and the locks of the statement; raise the limit only if it is meant to take so long.",
        examples=("SqlException: Execution Timeout Expired in Cart.Load",),
        near_misses=(
            "ThreadPool starvation in cart",
            "statement finished in 3 s",
        ),
    ),
    Signature(
        name="dotnet.object_misused",
        patterns=(
            rb"messagelocklost",
            rb"lock supplied is invalid",
            rb"a possible object cycle was detected",
            rb"the linq expression [^\n]{1,200}could not be translated",
            rb"cannot consume scoped service",
            rb"an item with the same key has already been added",
            rb"paramvalidationerror[^\n]{0,80}\n?[^\n]{0,40}unknown parameter in input",
        ),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.82,
        reason="The code asks a library for what it cannot do.",
        action="Hand the stack trace to the owner of the top frame.",
        examples=("JsonException: A possible object cycle was detected. This can be due to a cycle or to depth.",),
        near_misses=(
            "The JSON value could not be converted",
            "cycle count of the object detected",
        ),
    ),
)
