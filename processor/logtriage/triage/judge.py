"""From a judgement to a verdict: evidence between masks, then the policy."""

from __future__ import annotations

from logtriage.engines.judgement import Engine, Judgement
from logtriage.schema.record import NO_CONTEXT, Context, RecordView
from logtriage.triage.policy import rule
from logtriage.triage.protected import protected_condition
from logtriage.verdicts.pieces import cut, evidence_of, quotable_texts
from logtriage.verdicts.verdict import Verdict


class Judge:
    """Gives verdicts under the policy. ``engine`` is the embedded one; ``ttl_seconds``: how long a verdict holds."""

    def __init__(self, engine: Engine, *, ttl_seconds: float) -> None:
        self._engine = engine
        self._ttl_seconds = ttl_seconds

    def judge(
        self,
        record: RecordView,
        fingerprint: bytes,
        *,
        now: float,
        first_seen: int,
        context: Context = NO_CONTEXT,
    ) -> Verdict:
        """Judge a record by the embedded engine, for all that share its fingerprint.

        ``now`` is on the monotonic clock in seconds, ``first_seen`` in Unix nanoseconds.
        """
        judgement = self._engine.judge(record, context)
        return self.verdict_of(judgement, record, fingerprint, now=now, first_seen=first_seen)

    def verdict_of_model(
        self,
        judgement: Judgement,
        record: RecordView,
        fingerprint: bytes,
        *,
        now: float,
        first_seen: int,
        context: Context = NO_CONTEXT,
    ) -> Verdict:
        """Make a verdict of a model's judgement, with the embedded engine as second opinion."""
        second_opinion = self._engine.judge(record, context)
        return self.verdict_of(
            judgement, record, fingerprint, now=now, first_seen=first_seen, second_opinion=second_opinion
        )

    def verdict_of(
        self,
        judgement: Judgement,
        record: RecordView,
        fingerprint: bytes,
        *,
        now: float,
        first_seen: int,
        second_opinion: Judgement | None = None,
    ) -> Verdict:
        """Cut the evidence, apply the policy. ``first_seen``: time of the first record, Unix nanoseconds."""
        texts = quotable_texts(record)
        lowering_pieces = [cut(quote, texts) for quote in judgement.lowering_quotes]
        pieces = evidence_of((*judgement.lowering_quotes, *judgement.quotes), texts)
        ruling = rule(
            record,
            judgement,
            lowering_is_proven=(bool(lowering_pieces) and all(lowering_pieces)) or bool(judgement.context_quotes),
            second_opinion=second_opinion,
        )
        report = ruling.report.model_copy(update={"evidence": tuple(piece.decode() for piece in pieces)})
        return Verdict(
            fingerprint=fingerprint,
            report=report,
            pieces=pieces,
            lowering_pieces=tuple(piece for group in lowering_pieces for piece in group) if ruling.lowers else (),
            lowers=ruling.lowers,
            reason=ruling.reason,
            engine=judgement.engine,
            engine_version=judgement.engine_version,
            signature=judgement.signature,
            first_seen_unix_nano=first_seen,
            expires_at=now + self._ttl_seconds,
            is_protected=record.says_fatal or protected_condition(record) is not None,
            model=judgement.model,
            prompt_version=judgement.prompt_version,
            rests_on_context=bool(judgement.context_quotes),
        )
