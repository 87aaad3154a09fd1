"""The metrics of asking a model: calls, what they took, who waits for one, what may still be used."""

from __future__ import annotations

from typing import Final

from logtriage.telemetry.metric import Kind, Metric

_GEN_AI_DURATION_BUCKETS: Final = tuple(0.01 * 2**power for power in range(14))
_GEN_AI_TOKEN_BUCKETS: Final = tuple(float(4**power) for power in range(14))
"""Both from the semantic conventions for generative AI."""

MODEL_CALLS: Final = Metric(
    name="logtriage.model.calls",
    unit="{call}",
    description=(
        "HTTP calls to a model by what came of them: `ok`, a finish reason, `http_429` and the like, `timeout`, "
        "`connect`, `cut`, `malformed`, `empty`, `redirect`, `answer_too_large`, `given_up`."
    ),
    kind=Kind.COUNTER,
    labels=("model", "outcome"),
)
MODEL_TOKENS: Final = Metric(
    name="logtriage.model.tokens",
    unit="{token}",
    description=(
        "Tokens that calls to a model used: `input` and `output`; of these `cached_input` and `reasoning`. Calls that "
        "were cut off count as if they had used all they might."
    ),
    kind=Kind.COUNTER,
    labels=("model", "type"),
)
MODEL_COST: Final = Metric(
    name="logtriage.model.cost_usd",
    unit="{USD}",
    description="US dollars that calls to a model cost, by the service whose records were judged.",
    kind=Kind.COUNTER,
    labels=("model", "source_service"),
)
MODEL_BREAKER_OPEN: Final = Metric(
    name="logtriage.model.breaker_open",
    unit="",
    description="1 while a model's endpoint fails and is not called, else 0.",
    kind=Kind.GAUGE,
    labels=("model",),
)
GEN_AI_OPERATION_DURATION: Final = Metric(
    name="gen_ai.client.operation.duration",
    unit="s",
    description=(
        "Time that one question to a model took, all of its tries together; `error.type` is empty if it was answered."
    ),
    kind=Kind.HISTOGRAM,
    labels=("gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "error.type"),
    buckets=_GEN_AI_DURATION_BUCKETS,
)
GEN_AI_TOKEN_USAGE: Final = Metric(
    name="gen_ai.client.token.usage",
    unit="{token}",
    description="Tokens that one question to a model used, by `gen_ai.token.type`: `input` or `output`.",
    kind=Kind.HISTOGRAM,
    labels=("gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.model", "gen_ai.token.type"),
    buckets=_GEN_AI_TOKEN_BUCKETS,
)
SCHEDULER_QUEUE_SIZE: Final = Metric(
    name="logtriage.scheduler.queue_size",
    unit="{fingerprint}",
    description="Fingerprints that wait to be asked about.",
    kind=Kind.GAUGE,
)
SCHEDULER_QUEUE_MEMORY: Final = Metric(
    name="logtriage.scheduler.queue_memory",
    unit="By",
    description="What the fingerprints that wait take, with their records.",
    kind=Kind.GAUGE,
)
SCHEDULER_IN_FLIGHT: Final = Metric(
    name="logtriage.scheduler.in_flight",
    unit="{fingerprint}",
    description="Fingerprints that the model is being asked about.",
    kind=Kind.GAUGE,
)
SCHEDULER_ASKED: Final = Metric(
    name="logtriage.scheduler.asked",
    unit="{fingerprint}",
    description="Fingerprints that the model was asked about: `new`, or `again` where a verdict is known.",
    kind=Kind.COUNTER,
    labels=("kind",),
)
SCHEDULER_UNANSWERED: Final = Metric(
    name="logtriage.scheduler.unanswered",
    unit="{fingerprint}",
    description=(
        "Questions that got no judgement, by reason: refused at once, given up while they waited, or failed. Records "
        "that only repeat a remembered reason are not counted here."
    ),
    kind=Kind.COUNTER,
    labels=("reason",),
)
SCHEDULER_FAULTS: Final = Metric(
    name="logtriage.scheduler.faults",
    unit="{fault}",
    description="Exceptions of ours around a judgement, by where: `engine`, `settle`, `on_done`, `dispatch`, `owner`.",
    kind=Kind.COUNTER,
    labels=("where",),
)
BUDGET_LEFT: Final = Metric(
    name="logtriage.budget.left",
    unit="",
    description="What may be used at once: `requests`, `tokens`, `usd`. Below zero: a debt of calls that took more.",
    kind=Kind.GAUGE,
    labels=("limit",),
)
BUDGET_DRY_IN: Final = Metric(
    name="logtriage.budget.dry_in",
    unit="s",
    description="When the budget is used up if spending goes on as it is; a year if it refills as fast.",
    kind=Kind.GAUGE,
    labels=("limit",),
)

MODEL_METRICS: Final[tuple[Metric, ...]] = (
    MODEL_CALLS,
    MODEL_TOKENS,
    MODEL_COST,
    MODEL_BREAKER_OPEN,
    GEN_AI_OPERATION_DURATION,
    GEN_AI_TOKEN_USAGE,
    SCHEDULER_QUEUE_SIZE,
    SCHEDULER_QUEUE_MEMORY,
    SCHEDULER_IN_FLIGHT,
    SCHEDULER_ASKED,
    SCHEDULER_UNANSWERED,
    SCHEDULER_FAULTS,
    BUDGET_LEFT,
    BUDGET_DRY_IN,
)
