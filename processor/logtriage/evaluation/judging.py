"""Judge a labelled data set by one engine, as a user would get it: after the policy, with the context of each record.

Whatever stops a run, `Run.judged` has what was judged until then, in the order of the data set. A record on which an
engine fails, which is a bug of ours, is named in `Run.failed` and counts in no figure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from logtriage.errors import place_of
from logtriage.evaluation.judged import Judged, quotes_found
from logtriage.evaluation.labelled_record import LabelledRecord
from logtriage.schema.provenance import Status
from logtriage.service.single import Single, SingleJudge


class Run:
    """One run over ``records``. ``tell``: called with the number of records that are done."""

    def __init__(self, records: Sequence[LabelledRecord], *, tell: Callable[[int], None]) -> None:
        self._records = records
        self._tell = tell
        self._done: dict[int, Judged] = {}
        self.failed: list[tuple[LabelledRecord, str]] = []
        """The records without a report, and where in the code the fault is."""

    @property
    def judged(self) -> list[Judged]:
        """What is judged so far, in the order of the data set."""
        return [self._done[at] for at in sorted(self._done)]

    def by_local(self, judge: SingleJudge) -> None:
        """Judge all by the embedded engine."""
        for at, record in enumerate(self._records):
            try:
                self._keep(at, record, judge.judge_by_local(record.view, record.context))
            except Exception as error:
                self.failed.append((record, place_of(error)))

    async def by_model(self, judge: SingleJudge) -> None:
        """Judge all, as many at a time as the settings allow. ``judge`` is entered already."""
        left = iter(enumerate(self._records))

        async def work() -> None:
            for at, record in left:
                try:
                    self._keep(at, record, await judge.judge(record.view, record.context))
                except Exception as error:
                    self.failed.append((record, place_of(error)))

        async with asyncio.TaskGroup() as group:
            for _ in range(min(judge.max_concurrency, len(self._records))):
                group.create_task(work())

    def _keep(self, at: int, record: LabelledRecord, single: Single) -> None:
        verdict = single.verdict
        is_fallback = single.status is Status.FALLBACK
        self._done[at] = Judged(
            id=record.id,
            where=record.where,
            expect=record.expect,
            report=verdict.report,
            quotes_found=quotes_found(verdict.report, record.view),
            status=single.status,
            detail=(single.detail or str(single.reason or "")) if is_fallback else "",
            decided_by=verdict.signature or verdict.model,
            refused=str(verdict.reason or ""),
        )
        self._tell(len(self._done))
