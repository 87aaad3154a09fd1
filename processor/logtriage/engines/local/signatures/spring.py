"""Spring: its start, its beans, its schema tools, the requests that it refuses."""

from __future__ import annotations

from typing import Final

from logtriage.engines.local.signature import Signature
from logtriage.schema.category import Category
from logtriage.schema.severity import Severity

SIGNATURES: Final[tuple[Signature, ...]] = (
    Signature(
        name="spring.missing_bean",
        patterns=(
            rb"failed to determine a suitable driver class",
            rb"no qualifying bean of type",
            rb"required a bean of type",
            rb"could not resolve placeholder",
            rb"failed to configure a datasource",
            rb"could not be registered\. a bean with that name",
            rb"the dependencies of some of the beans in the application context form a cycle",
            rb"failed to bind properties under",
            rb"web server failed to start\. port \d{1,5} was already in use",
            rb"cannot load driver class",
        ),
        category=Category.CONFIG_ERROR,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.88,
        reason="The application cannot start with the settings and beans that it has.",
        action="Set the property or provide the bean that the record names; compare with the environment that works.",
        examples=("Could not resolve placeholder 'billing.url' in value \"${billing.url}\"",),
        near_misses=(
            "Failed to initialize JPA EntityManagerFactory: Unable to build Hibernate SessionFactory",
            "Started CartApplication in 4.2 seconds",
        ),
    ),
    Signature(
        name="spring.schema_mismatch",
        patterns=(
            rb"schema-validation: (?:missing|wrong)",
            rb"migration checksum mismatch",
            rb"validate failed: migrations have failed validation",
            rb"detected (?:failed|resolved) migration",
            rb"found non-empty schema\(s\)",
            rb"validation failed[^\n]{0,40}change sets? (?:have|has|check)",
            rb"schema \"[^\"\n]{1,60}\" has version \d",
        ),
        category=Category.DEPLOYMENT_DRIFT,
        severity=Severity.FATAL,
        is_actionable=True,
        confidence=0.9,
        reason="The schema of the database is not the one that this version of the code expects.",
        action="Run or repair the migrations, or roll back to the version that fits the schema.",
        examples=("Schema-validation: missing column [tier] in table [users]",),
        near_misses=("Successfully validated 12 migrations", "Validation failed for object='order'. Error count: 1"),
    ),
    Signature(
        name="spring.circuit_open",
        patterns=(
            rb"circuit ?breaker '[^'\n]{1,60}' is open",
            rb"callnotpermittedexception",
            rb"(?:hystrix )?circuit short-circuited and is open",
            rb"circuit breaker (?:is |has )?(?:open|tripped)",
        ),
        category=Category.UPSTREAM_OUTAGE,
        severity=Severity.ERROR,
        is_actionable=True,
        confidence=0.85,
        reason="So many calls to a dependency failed that no more are made for a while.",
        action="Look at the dependency that the breaker guards; calls go on by themselves when it answers.",
        examples=("CircuitBreaker 'billing' is OPEN and does not permit further calls",),
        near_misses=(
            "CircuitBreaker 'billing' changed state from HALF_OPEN to CLOSED",
            "circuit board temperature normal",
        ),
    ),
)
