"""The report of all groups of an input, for a script."""

from __future__ import annotations

from typing import Any

from logtriage.evaluation.figures import ratio
from logtriage.evaluation.groups import Group, Groups, MergeCandidate

SAMPLES = 3


def report_of(groups: Groups) -> dict[str, Any]:
    """Give sizes, what varies, and which groups to look at, the largest first."""
    count = len(groups.by_fingerprint)
    return {
        "records": groups.records,
        "groups": count,
        "groups_per_record": ratio(count, groups.records),
        "singles": sum(group.size == 1 for group in groups.by_fingerprint.values()),
        "exact_duplicates": groups.exact_duplicates,
        "exact_duplicate_share": ratio(groups.exact_duplicates, groups.records),
        "by_size": [_group(group, groups.records) for group in groups.by_size],
        "split_candidates": [
            {"fingerprint": group.first.fingerprint, "signs": signs}
            for group in groups.by_size
            if (signs := group.signs_to_split)
        ],
        "merge_candidates": [_merge(candidate) for candidate in groups.merge_candidates()],
    }


def _group(group: Group, records: int) -> dict[str, Any]:
    return {
        "fingerprint": group.first.fingerprint,
        "size": group.size,
        "share": ratio(group.size, records),
        "first_id": group.first_id,
        "masked": {part.name: part.masked.decode("utf-8", "replace") for part in group.first.parts if part.masked},
        "varies": [
            {
                "part": part,
                "placeholder": index + 1,
                "mask": mask,
                "distinct": len(values.seen),
                "samples": values.samples(SAMPLES),
            }
            for (part, index), (mask, values) in group.masked.items()
            if len(values.seen) > 1
        ],
    }


def _merge(candidate: MergeCandidate) -> dict[str, Any]:
    return {
        "part": candidate.place[0],
        "masked": candidate.shown,
        "tokens": [token.decode("utf-8", "replace") for _, token in candidate.members],
        "fingerprints": [group.first.fingerprint for group, _ in candidate.members],
        "sizes": [group.size for group, _ in candidate.members],
    }
