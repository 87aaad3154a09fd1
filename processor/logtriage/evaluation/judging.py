"""Judge a labelled data set by one engine, as a user would get it: after the policy, with the context of each record.

Whatever stops a run, `Run.judged` has what was judged until then, in the order of the data set.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

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

    @property
    def judged(self) -> list[Judged]:
        """What is judged so far, in the order of the data set."""
        return [self._done[at] for at in sorted(self._done)]

    @property
    def is_whole(self) -> bool:
        """True if every record was judged."""
        return len(self._done) == len(self._records)

    def by_local(self, judge: SingleJudge) -> None:
        """Judge all by the embedded engine."""
        for at, record in enumerate(self._records):
            self._keep(at, record, judge.judge_by_local(record.view, record.context))

    async def by_model(self, judge: SingleJudge) -> None:
        """Judge all, as many at a time as the settings allow. ``judge`` is entered already."""
        left = iter(enumerate(self._records))

        async def work() -> None:
            for at, record in left:
                self._keep(at, record, await judge.judge(record.view, record.context))

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
