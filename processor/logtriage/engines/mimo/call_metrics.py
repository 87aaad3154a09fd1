"""Count and time the questions put to a model, and trace them: never with a word of prompt or answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from opentelemetry.trace import Span, SpanKind, Status, StatusCode, Tracer

from logtriage.config.mimo import MimoSettings
from logtriage.engines.mimo.completion import CallFailure, Completion
from logtriage.telemetry import metrics
from logtriage.telemetry.meter import Meter
from logtriage.telemetry.services import SourceServices

_OPERATION: Final = "chat"


class CallMetrics:
    """Metrics and spans of one endpoint and model, by the names of OpenTelemetry's conventions for generative AI."""

    def __init__(
        self, settings: MimoSettings, *, meter: Meter, tracer: Tracer, source_services: SourceServices
    ) -> None:
        self._settings = settings
        self._meter = meter
        self._tracer = tracer
        self._source_services = source_services

    @contextmanager
    def span(self, *, max_completion_tokens: int) -> Iterator[Span]:
        """Trace one question with all of its HTTP calls."""
        settings = self._settings
        with self._tracer.start_as_current_span(
            f"{_OPERATION} {settings.model}",
            kind=SpanKind.CLIENT,
            attributes={
                "gen_ai.operation.name": _OPERATION,
                "gen_ai.provider.name": self._provider,
                "gen_ai.request.model": settings.model,
                "gen_ai.request.max_tokens": max_completion_tokens,
                "gen_ai.output.type": "json",
                "server.address": settings.host,
                "server.port": settings.port,
            },
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            yield span

    def count_http_call(self, outcome: str) -> None:
        """Count one HTTP call by what came of it."""
        self._meter.add(metrics.MODEL_CALLS, model=self._settings.model, outcome=outcome)

    def finish(self, span: Span, result: Completion | CallFailure, *, service: str, seconds: float) -> None:
        """Record one question, once, however many HTTP calls it took."""
        error = result.outcome if isinstance(result, CallFailure) else ""
        common = {
            "gen_ai.operation.name": _OPERATION,
            "gen_ai.provider.name": self._provider,
            "gen_ai.request.model": self._settings.model,
        }
        if result.calls:
            self._meter.record(metrics.GEN_AI_OPERATION_DURATION, seconds, **common, **{"error.type": error})
        if result.cost_usd:
            label = self._source_services.label_of(service or "unknown_service")
            self._meter.add(metrics.MODEL_COST, result.cost_usd, model=self._settings.model, source_service=label)
        self._count_tokens(result, common)
        _describe(span, result, error)

    def _count_tokens(self, result: Completion | CallFailure, common: dict[str, str]) -> None:
        kinds = {"input": result.input_tokens, "output": result.output_tokens}
        for kind, tokens in kinds.items():
            if tokens:
                self._meter.record(metrics.GEN_AI_TOKEN_USAGE, tokens, **common, **{"gen_ai.token.type": kind})
        if isinstance(result, Completion):
            kinds |= {"cached_input": result.cached_tokens, "reasoning": result.reasoning_tokens}
        for kind, tokens in kinds.items():
            if tokens:
                self._meter.add(metrics.MODEL_TOKENS, tokens, model=self._settings.model, type=kind)

    @property
    def _provider(self) -> str:
        return f"{self._settings.seller.value}_mimo" if self._settings.seller == "xiaomi" else self._settings.seller


def _describe(span: Span, result: Completion | CallFailure, error: str) -> None:
    span.set_attribute("gen_ai.usage.input_tokens", result.input_tokens)
    span.set_attribute("gen_ai.usage.output_tokens", result.output_tokens)
    span.set_attribute("logtriage.model.calls", result.calls)
    if isinstance(result, Completion):
        span.set_attribute("gen_ai.response.finish_reasons", [result.finish_reason])
        span.set_attribute("gen_ai.usage.cache_read.input_tokens", result.cached_tokens)
        span.set_attribute("gen_ai.usage.reasoning.output_tokens", result.reasoning_tokens)
        if result.model:
            span.set_attribute("gen_ai.response.model", result.model)
        if result.response_id:
            span.set_attribute("gen_ai.response.id", result.response_id)
        return
    span.set_attribute("error.type", error)
    if result.http_status:
        span.set_attribute("http.response.status_code", result.http_status)
    span.set_status(Status(StatusCode.ERROR))
