"""Limits, quotas and time of cloud services."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Rank, Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="cloud.throttled",
        patterns=(
            rb"error:ratelimited",
            rb"bandwidth exhausted",
            rb"throttlingexception",
            rb"\bthrottled\b",
            rb"requestlimitexceeded",
            rb"rate exceeded",
            rb"slowdown: ",
            rb"provisionedthroughputexceeded",
            rb"too ?many ?requests",
            rb"ratelimit(?:error|exceeded|reached)",
            rb"rate limit (?:exceeded|reached|hit)",
            rb"rate[- ]limited",
            rb"\bresource_exhausted\b",
            rb"code = resourceexhausted",
            rb"api rate limit",
            rb"toomanyrequestsexception",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.83,
        rank=Rank.CAUSE,
        reason="A service turns calls away because we make too many.",
        action="Find what calls so often, slow it down with backoff, or ask for a higher limit.",
        examples=("ThrottlingException: Rate exceeded",),
        near_misses=("rate limit set to 100/s", "memory exhausted"),
    ),
    Signature(
        name="cloud.quota",
        patterns=(
            rb"quota ?exceeded",
            rb"exceeded your current quota",
            rb"limitexceeded",
            rb"insufficientinstancecapacity",
            rb"vcpulimitexceeded",
            rb"exceeded (?:the |your |its )?(?:\w{1,20} )?(?:quota|limit)",
            rb"insufficient (?:quota|capacity)",
            rb"not enough (?:capacity|quota)",
            rb"(?:quota|limit) (?:has been |was |is )?(?:exceeded|exhausted|used up)",
            rb"insufficient_quota",
            rb"quota '?[\w.-]{1,60}'? exceeded",
        ),
        unless=(rb"retry limit exceeded", rb"exceeded the maximum number of (?:retries|attempts)", rb"retries"),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.8,
        rank=Rank.CAUSE,
        reason="A quota or capacity is used up.",
        action="See what uses the quota; free it or ask for more.",
        examples=("You exceeded your current quota, please check your plan and billing details.",),
        near_misses=("retry limit exceeded", "quota at 41 %"),
    ),
    Signature(
        name="cloud.function_out_of_time",
        patterns=(
            rb"task timed out after [\d.]{1,10} seconds",
            rb"function execution took \d{1,9} ms, finished with status: 'timeout'",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.72,
        reason="A function used up the time that it may run.",
        action="See what it waited for; raise its limit only if the work is meant to take so long.",
        examples=("Task timed out after 3.00 seconds",),
        near_misses=(
            "task finished after 3.00 seconds",
            "request timed out after 3 s",
        ),
    ),
    Signature(
        name="cloud.throttled_and_trying_again",
        patterns=(
            (
                rb"(?:throttl|too ?many ?requests|rate ?(?:limit|exceeded)|slowdown: |\b429\b)[^\n]{0,200}"
                rb"(?:retrying|will retry|retry in|retry after|try(?:ing)? again|backing off"
                rb"|attempt[=: ]{1,2}[1-4]\b)"
            ),
            (
                rb"attempt:? ?(?:#|number )?[1-4]/(?:[5-9]|\d\d)[^\n]{0,160}(?:throttl|too"
                rb" ?many ?requests|rate limit|\b429\b)"
            ),
        ),
        unless=(
            rb"exhaust",
            rb"acme:error",
            rb"giv(?:e|ing) up",
            rb"gave up",
            rb"dropp",
            rb"0 retries",
            rb"no (?:more )?retries",
            rb"lost",
        ),
        category=Category.RESOURCE_EXHAUSTION,
        severity=Severity.WARN,
        is_actionable=False,
        confidence=0.86,
        reason="A service turns calls away because we make too many; the client waits and calls again.",
        action="Nothing for one; if it goes on, slow the calls down or ask for a higher limit.",
        examples=("429 Too Many Requests from ledger, backing off for 4 s",),
        near_misses=(
            "ThrottlingException: Rate exceeded",
            "429 Too Many Requests, retries exhausted",
        ),
    ),
)
