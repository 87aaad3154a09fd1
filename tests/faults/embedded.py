"""What the embedded engine and the policy make of a record: nothing may leave less urgent without the model."""

from __future__ import annotations

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from faults.annotated import Judged, judged_of
from faults.corpus import Corpus
from faults.ledger import Ledger
from logtriage.engines.local.engine import LocalEngine
from logtriage.schema.severity import Severity
from support.annotating import annotate, annotator

_WITHOUT_MODEL = ("fallback", "skipped")


def too_mild(ledger: Ledger, corpus: Corpus) -> list[tuple[int, Judged]]:
    """Give the records that left without the model's verdict and less urgent than the embedded engine finds them."""
    engine = annotator(engine=LocalEngine())
    found = []
    for record_id, judged in ledger.judged.items():
        if judged.status not in _WITHOUT_MODEL:
            continue
        request = ExportLogsServiceRequest.FromString(annotate(engine, corpus.request(record_id, 1)))
        local = judged_of(request.resource_logs[0].scope_logs[0].log_records[0])
        assert local is not None
        is_quieter = local.is_actionable and not judged.is_actionable
        is_milder = bool(judged.severity) and Severity(judged.severity).is_less_urgent_than(Severity(local.severity))
        if is_quieter or is_milder:
            found.append((record_id, judged))
    return found
