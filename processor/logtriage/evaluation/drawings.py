"""Draw a summary: the confusion matrix, the reliability diagram, and accuracy by coverage."""

from __future__ import annotations

from typing import Any

from logtriage.evaluation.shown import SHORT_NAMES, rate_text
from logtriage.evaluation.svg import drawing, line, rect, text
from logtriage.schema.category import Category
from logtriage.service.counted import counted

_CELL = 44
_FAINTEST, _STRONGEST = 0.12, 0.45
"""Of a cell's colour: the number on it stays readable on light and on dark paper."""
_LEFT, _TOP, _PLOT = 60, 50, 300


def drawings_of(summary: dict[str, Any]) -> dict[str, str]:
    """Give the files by name."""
    return {
        "confusion.svg": confusion(summary),
        "reliability.svg": reliability(summary),
        "coverage.svg": coverage(summary),
    }


def confusion(summary: dict[str, Any]) -> str:
    """Draw expected by called; a cell is as strong as its share of the row."""
    left, top = 160, 70
    parts = [text(10, 24, f"Confusion: {counted(summary['n'], 'record')}", "head"), text(left, 46, "called")]
    for column, called in enumerate(Category):
        parts.append(text(left + (column + 0.5) * _CELL, top - 6, SHORT_NAMES[called], "middle"))
    wrong = []
    for row, expected in enumerate(Category):
        counts = summary["confusion"][expected]
        whole = sum(counts.values())
        y = top + row * _CELL
        parts.append(text(left - 8, y + _CELL / 2 + 4, str(expected), "end"))
        for column, called in enumerate(Category):
            count = counts[called]
            x = left + column * _CELL
            parts.append(rect(x, y, _CELL, _CELL, "grid"))
            if count:
                is_right = called is expected
                told = f"expected {expected}, called {called}: {count} of {whole}"
                shade = _FAINTEST + (_STRONGEST - _FAINTEST) * count / whole
                parts.append(rect(x, y, _CELL, _CELL, "good" if is_right else "bad", opacity=shade, told=told))
                parts.append(text(x + _CELL / 2, y + _CELL / 2 + 4, str(count), "middle"))
                if not is_right:
                    wrong.append((count, f"{expected} called {called}: {count}"))
    most = "; ".join(words for _, words in sorted(wrong, key=lambda each: -each[0])[:5])
    return drawing(
        left + 9 * _CELL + 20,
        top + 9 * _CELL + 20,
        title="Confusion matrix: expected category by called category",
        description=f"{counted(summary['n'], 'record')}. Most frequent confusions: {most or 'none'}.",
        parts=parts,
    )


def reliability(summary: dict[str, Any]) -> str:
    """Draw accuracy by confidence, with the number of reports in each bin and the line where both are equal."""
    parts = [text(10, 24, f"Reliability: ECE {rate_text(summary['ece'])}", "head"), *_axes("confidence", "right")]
    told = []
    for each in summary["ece_bins"]:
        if not each["n"]:
            continue
        x, width = _LEFT + each["low"] * _PLOT, _PLOT / 10
        height = each["accuracy"] * _PLOT
        words = f"{each['low']:.1f} to {each['high']:.1f}: {each['n']} reports, right {each['accuracy']:.2f}"
        told.append(words)
        parts.append(rect(x + 1, _TOP + _PLOT - height, width - 2, height, "bar", told=words))
        parts.append(text(x + width / 2, _TOP + _PLOT - height - 4, str(each["n"]), "middle"))
    parts.append(line(((_LEFT, _TOP + _PLOT), (_LEFT + _PLOT, _TOP)), "grid ideal"))
    return drawing(
        _LEFT + _PLOT + 20,
        _TOP + _PLOT + 50,
        title="Reliability diagram: share of right reports by confidence",
        description=f"Expected calibration error {rate_text(summary['ece'])}. {'; '.join(told)}.",
        parts=parts,
    )


def coverage(summary: dict[str, Any]) -> str:
    """Draw the accuracy of the surest reports by how many of them are taken."""
    points = summary["selective_accuracy"]
    parts = [
        text(10, 24, f"The surest first: AURC {rate_text(summary['aurc'])}", "head"),
        *_axes("coverage", "right"),
        line([(_LEFT + each["coverage"] * _PLOT, _TOP + (1 - each["accuracy"]) * _PLOT) for each in points], "curve"),
    ]
    told = [f"{each['coverage']:.0%}: {each['accuracy']:.2f} of {each['n']}" for each in points]
    for each, words in zip(points, told, strict=True):
        x, y = _LEFT + each["coverage"] * _PLOT, _TOP + (1 - each["accuracy"]) * _PLOT
        parts.append(rect(x - 3, y - 3, 6, 6, "bar", told=words))
        parts.append(text(x, y + 20, rate_text(each["accuracy"], 2), "middle"))
    return drawing(
        _LEFT + _PLOT + 30,
        _TOP + _PLOT + 50,
        title="Selective accuracy: share of right reports among the surest",
        description=f"Area under the risk-coverage curve {rate_text(summary['aurc'])}. {'; '.join(told)}.",
        parts=parts,
    )


def _axes(x_name: str, y_name: str) -> list[str]:
    parts = [rect(_LEFT, _TOP, _PLOT, _PLOT, "grid")]
    for tenth in range(0, 11, 2):
        share = tenth / 10
        parts.append(text(_LEFT + share * _PLOT, _TOP + _PLOT + 16, f"{share:g}", "middle"))
        parts.append(text(_LEFT - 6, _TOP + (1 - share) * _PLOT + 4, f"{share:g}", "end"))
    parts.append(text(_LEFT + _PLOT / 2, _TOP + _PLOT + 36, x_name, "middle"))
    parts.append(text(10, _TOP - 8, y_name))
    return parts
