"""Compare two runs on the same records: what changed, which way, and whether that may be chance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from logtriage.evaluation.expectation import Expectation
from logtriage.evaluation.figures import ratio
from logtriage.evaluation.predictions import Id
from logtriage.evaluation.sign_test import sign_test
from logtriage.schema.report import TriageReport

Reports = Mapping[Id, TriageReport]
Labels = Mapping[Id, Expectation]
WAYS = ("fixed", "broken", "both_right", "both_wrong")


def compare(before: Reports, after: Reports, labels: Labels | None = None) -> dict[str, Any]:
    """Compare the records that both runs have; with labels also which way they changed.

    A record without a label counts among the changed ones and in no figure that needs a label.
    """
    common = [identity for identity in before if identity in after]
    changed = [_change(identity, before, after, labels) for identity in common if _differs(before, after, identity)]
    told: dict[str, Any] = {
        "n": len(common),
        "unchanged": len(common) - len(changed),
        "only_in_a": [identity for identity in before if identity not in after],
        "only_in_b": [identity for identity in after if identity not in before],
        "changed": changed,
        "category_changed": _ids(changed, lambda each: each["category"][0] != each["category"][1]),
        "severity_changed": _ids(changed, lambda each: each["severity"][0] != each["severity"][1]),
        "actionable_gained": _ids(changed, lambda each: each["is_actionable"] == [False, True]),
        "actionable_lost": _ids(changed, lambda each: each["is_actionable"] == [True, False]),
    }
    if labels is not None:
        told["labelled"] = _against_labels(common, before, after, labels)
    return told


def _differs(before: Reports, after: Reports, identity: Id) -> bool:
    a, b = before[identity], after[identity]
    return (a.category, a.severity, a.is_actionable_for_oncall) != (b.category, b.severity, b.is_actionable_for_oncall)


def _change(identity: Id, before: Reports, after: Reports, labels: Labels | None) -> dict[str, Any]:
    a, b = before[identity], after[identity]
    told: dict[str, Any] = {
        "id": identity,
        "category": [str(a.category), str(b.category)],
        "severity": [str(a.severity), str(b.severity)],
        "is_actionable": [a.is_actionable_for_oncall, b.is_actionable_for_oncall],
        "confidence": [a.confidence, b.confidence],
    }
    label = None if labels is None else labels.get(identity)
    if label is not None:
        told["expected"] = str(label.category)
        told["way"] = _way(a, b, label)
        told["paging"] = _paging(a, b, label)
    return told


def _way(a: TriageReport, b: TriageReport, label: Expectation) -> str:
    match a.category is label.category, b.category is label.category:
        case False, True:
            return "fixed"
        case True, False:
            return "broken"
        case True, True:
            return "both_right"
        case _:
            return "both_wrong"


def _paging(a: TriageReport, b: TriageReport, label: Expectation) -> str | None:
    """Tell which way the paging went; None where it stayed, or the label does not say."""
    if label.is_actionable is None or a.is_actionable_for_oncall == b.is_actionable_for_oncall:
        return None
    return "fixed" if b.is_actionable_for_oncall == label.is_actionable else "broken"


def _against_labels(common: Sequence[Id], before: Reports, after: Reports, labels: Labels) -> dict[str, Any]:
    known = [identity for identity in common if identity in labels]
    ways: dict[str, list[Id]] = {way: [] for way in WAYS}
    paging: dict[str, list[Id]] = {"fixed": [], "broken": []}
    for identity in known:
        a, b, label = before[identity], after[identity], labels[identity]
        ways[_way(a, b, label)].append(identity)
        turned = _paging(a, b, label)
        if turned is not None:
            paging[turned].append(identity)
    right_before = len(ways["both_right"]) + len(ways["broken"])
    right_after = len(ways["both_right"]) + len(ways["fixed"])
    return {
        "n": len(known),
        "without_label": len(common) - len(known),
        "accuracy_strict": [ratio(right_before, len(known)), ratio(right_after, len(known))],
        "fixed": ways["fixed"],
        "broken": ways["broken"],
        "both_right": len(ways["both_right"]),
        "both_wrong": len(ways["both_wrong"]),
        "sign_test_p": round(sign_test(len(ways["fixed"]), len(ways["broken"])), 6),
        "paging_fixed": paging["fixed"],
        "paging_broken": paging["broken"],
    }


def _ids(changed: Iterable[dict[str, Any]], is_so: Callable[[dict[str, Any]], bool]) -> list[Id]:
    return [each["id"] for each in changed if is_so(each)]
