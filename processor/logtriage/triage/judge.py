"""Judge one record: engine, evidence between masks, policy, verdict."""

from __future__ import annotations

from logtriage.engines.judgement import Engine
from logtriage.schema.record import RecordView
from logtriage.triage.policy import rule
from logtriage.verdicts.pieces import cut, evidence_of, quotable_texts
from logtriage.verdicts.verdict import Verdict


class Judge:
    """Gives verdicts by one engine under the policy. ``ttl_seconds``: how long a verdict holds."""

    def __init__(self, engine: Engine, *, ttl_seconds: float) -> None:
        self._engine = engine
        self._ttl_seconds = ttl_seconds

    def judge(self, record: RecordView, fingerprint: bytes, *, now: float, now_unix_nano: int) -> Verdict:
        """Give the verdict for a record and all that share its fingerprint.

        ``now`` is on the monotonic clock in seconds; ``now_unix_nano`` dates a record that carries no time.
        """
        judgement = self._engine.judge(record)
        texts = quotable_texts(record)
        lowering_pieces = [cut(quote, texts) for quote in judgement.lowering_quotes]
        pieces = evidence_of((*judgement.lowering_quotes, *judgement.quotes), texts)
        ruling = rule(record, judgement, lowering_is_proven=bool(lowering_pieces) and all(lowering_pieces))
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
            first_seen_unix_nano=record.time_unix_nano or now_unix_nano,
            expires_at=now + self._ttl_seconds,
        )
