"""Python and its frameworks."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="python.module_missing",
        patterns=(
            rb"could not import module",
            rb"modulenotfounderror: no module named",
            rb"importerror: (?:cannot import name|no module named)",
            rb"pkg_resources\.(?:versionconflict|distributionnotfound)",
            rb"importerror: [^\n]{1,80}: undefined symbol",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.85,
        reason="The code imports what the installed packages do not have.",
        action="Compare the installed packages with the lock file of this version; rebuild the image.",
        examples=(
            "ImportError: cannot import name 'Cart' from 'shop.models'",
            "ModuleNotFoundError: No module named 'shop'",
        ),
        near_misses=("AttributeError: module 'shop' has no attribute 'Cart'", "KeyError: 'module'"),
    ),
    Signature(
        name="python.none_or_type",
        patterns=(
            rb"(?:list|string|tuple) index out of range",
            rb"object is not (?:subscriptable|callable|iterable)",
            rb"(?:not enough|too many) values to unpack",
            rb"attempted merging values",
            rb"'nonetype' object ",
            rb"attributeerror: ",
            rb"typeerror: [^\n]{0,80}(?:argument|object|operand|must be|got an unexpected)",
            rb"referenced before assignment",
            rb"nameerror: name '",
            rb"indexerror: ",
            rb"zerodivisionerror: ",
            rb"recursionerror: ",
            rb"dictionary changed size during iteration",
        ),
        unless=(rb"\bphp ",),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.87,
        reason="The code used a value of the wrong kind.",
        action="Hand the stack trace to the owner of the last frame; roll back if it began with a release.",
        examples=("AttributeError: 'NoneType' object has no attribute 'total'", "ZeroDivisionError: division by zero"),
        near_misses=(
            "ValueError: invalid literal for int() with base 10: 'ten'",
            "ModuleNotFoundError: No module named 'total'",
        ),
    ),
    Signature(
        name="python.environment_missing",
        patterns=(
            rb"key not found: \"[a-z0-9]{2,30}_[a-z0-9_]{2,40}\"",
            (
                rb"keyerror: '(?:aws|azure|gcp|google|database|db|redis|kafka|secret|api|app|env|django"
                rb"|flask|mongo|postgres|pg|mysql|s3|smtp|jwt)_[a-z0-9_]{2,40}'"
            ),
            rb"improperlyconfigured",
            rb"the secret_key setting must not be empty",
            (
                rb"(?:environment variable|env var) [\"'`]?\w{2,60}[\"'`]? (?:is )?(?:not set|missing"
                rb"|undefined|required|must be set)"
            ),
            rb"missing (?:required )?(?:environment|env) var(?:iable)?s?",
            rb"required environment variable",
            rb"environment variable[s]? (?:not found|not present|missing)",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.89,
        reason="A setting or environment variable that the program needs is not there.",
        action="Set the variable that the record names in this environment; compare with one that works.",
        examples=(
            "django.core.exceptions.ImproperlyConfigured: Set the CART_URL environment variable",
            "environment variable CART_URL is not set",
        ),
        near_misses=("KeyError: 'sku'", "environment variable CART_URL is set to http://cart"),
    ),
    Signature(
        name="sqlalchemy.pool_limit",
        patterns=(rb"queuepool limit of size \d{1,5} overflow \d{1,5} reached",),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.93,
        reason="All connections of the pool are in use: requests wait and fail.",
        action="Look for sessions that are not closed and slow queries; only then raise the pool.",
        examples=("QueuePool limit of size 5 overflow 10 reached for cart",),
        near_misses=("QueuePool created with size 5", "queue limit of 10 messages set"),
    ),
    Signature(
        name="python.memory",
        patterns=(
            rb"\bmemoryerror\b",
            rb"numpy\.core\._exceptions\._arraymemoryerror",
            rb"unable to allocate [\d.]{1,8} [kmgt]ib for an array",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.92,
        rank=Rank.CRITICAL,
        reason="The process got no more memory.",
        action="Compare the size of the input and the batch with the limit of host, pod or card.",
        examples=("numpy.core._exceptions._ArrayMemoryError: Unable to allocate 2.00 GiB for an array",),
        near_misses=("memory usage 41%", "CUDA error: device-side assert triggered"),
    ),
    Signature(
        name="python.json_or_text",
        patterns=(
            rb"jsondecodeerror",
            rb"expecting value: line \d{1,9} column",
            rb"unicode(?:decode|encode)error",
            rb"codec can't (?:decode|encode)",
            rb"invalid literal for int\(\)",
            rb"could not convert string to float",
            rb"error tokenizing data",
            rb"not well-formed \(invalid token\)",
        ),
        unless=(
            rb"\bsettings?\b",
            rb"\bconfig",
            rb"unrecoverable",
            rb"critical",
            rb"raised unexpected",
            rb"\.ya?ml\b",
            rb"\.toml\b",
            rb"giving up",
            rb"abort(?:ed|ing)",
            rb"rolled back",
            rb"\b(?:all|every) (?:rows?|records?|messages?|partners?)\b",
        ),
        category=Category.DATA_QUALITY,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.82,
        reason="The input is not what it should be: broken JSON, another encoding, text for a number.",
        action=(
            "Look at the input that was rejected and at who sent it; an error page in place of JSON points to the peer."
        ),
        examples=("JSONDecodeError: Expecting value, cart feed",),
        near_misses=("TypeError: Object of type Decimal is not JSON serializable", "KeyError: 'sku'"),
    ),
    Signature(
        name="python.not_serialisable",
        patterns=(rb"is not json serializable", rb"can't pickle ", rb"cannot pickle '"),
        category=Category.CODE_BUG,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The code hands over an object that cannot be written out.",
        action="Hand the stack trace to the owner of the code.",
        examples=("TypeError: Object of type Decimal is not JSON serializable",),
        near_misses=("JSONDecodeError: Expecting value", "pickle data was truncated"),
    ),
    Signature(
        name="python.library_changed",
        patterns=(
            rb"module '[\w.]{1,60}' has no attribute",
            rb"got an unexpected keyword argument",
            rb"has no attribute '__version__'",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.88,
        reason="The code uses a name that the installed version of a library does not have.",
        action="Compare the installed version of the library with the one that the code was written for; pin it.",
        examples=("AttributeError: module 'shop' has no attribute 'Cart'",),
        near_misses=(
            "AttributeError: 'NoneType' object has no attribute 'total'",
            "module 'shop' imported in 2 s",
        ),
    ),
)
