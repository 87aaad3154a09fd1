from __future__ import annotations

import io
import re
from xml.etree import ElementTree

import pytest
from rich.console import Console

from logtriage.evaluation.drawings import drawings_of
from logtriage.evaluation.expectation import Expectation
from logtriage.evaluation.figures_view import print_summary
from logtriage.evaluation.judged import Judged
from logtriage.evaluation.progress import Progress
from logtriage.evaluation.shown import bar_text
from logtriage.evaluation.summary import by_who_answered, summary_of
from logtriage.evaluation.svg import drawing, rect, text
from logtriage.schema.category import Category
from logtriage.schema.provenance import Status
from logtriage.schema.report import TriageReport
from logtriage.schema.severity import Severity

SVG = "{http://www.w3.org/2000/svg}"


def judged(identity: str, expected: Category, called: Category, *, confidence: float, pages: bool = True) -> Judged:
    return Judged(
        id=identity,
        where=3,
        expect=Expectation(category=expected, severity=Severity.ERROR, is_actionable=True),
        report=TriageReport(
            category=called, severity=Severity.ERROR, confidence=confidence, is_actionable_for_oncall=pages
        ),
        quotes_found=0,
        status=Status.FALLBACK if identity == "unanswered" else Status.FRESH,
        detail="no answer came" if identity == "unanswered" else "",
        decided_by="kettle.lid",
    )


RECORDS = [
    judged("right", Category.CODE_BUG, Category.CODE_BUG, confidence=0.95),
    judged("[bold]wrong", Category.DATA_QUALITY, Category.CODE_BUG, confidence=0.65, pages=False),
    judged("unanswered", Category.AUTH_AUTHZ, Category.AUTH_AUTHZ, confidence=0.65),
]
SUMMARY = {**summary_of(RECORDS), **by_who_answered(RECORDS)}


def shown(summary: dict[str, object], width: int = 100) -> str:
    console = Console(width=width, file=io.StringIO())
    print_summary(console, summary)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_people_see_rates_with_intervals_and_what_was_wrong() -> None:
    told = shown(SUMMARY)

    assert re.search(r"accuracy_strict +0\.667 +0\.21 – 0\.94", told)
    assert re.search(r"0\.6 – 0\.7 +2 +0\.65 +0\.50", told)
    assert re.search(r"100% +3 +0\.667", told)
    assert "30 a category" in told
    assert "[bold]wrong" in told
    assert "data_quality → code_bug" in told
    assert "actionable, missed" in told
    assert "kettle.lid" in told


def test_people_see_what_the_model_did_not_answer() -> None:
    told = shown(SUMMARY)

    assert "1 record the model did not answer" in told
    assert "1 × no answer came" in told
    assert "the model did not answer" not in shown(summary_of(RECORDS))


def test_the_tables_fit_a_terminal_of_eighty_columns() -> None:
    tables = shown(SUMMARY, width=80).split("judged otherwise")[0]

    assert "…" not in tables
    assert max(map(len, tables.splitlines())) <= 80


def test_nothing_judged_is_said() -> None:
    assert "no record was judged" in shown(summary_of([]))


def test_the_drawings_are_valid_xml_with_a_title_and_what_they_show_in_words() -> None:
    drawings = drawings_of(SUMMARY)

    assert sorted(drawings) == ["confusion.svg", "coverage.svg", "reliability.svg"]
    for source in drawings.values():
        root = ElementTree.fromstring(source.encode())
        title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert title is not None
        assert description is not None
        assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
        assert title.text
        assert len(description.text or "") > 40
        assert "prefers-color-scheme: dark" in source
        assert "href" not in source


def test_a_drawing_has_one_cell_for_each_confusion_that_happened() -> None:
    source = drawings_of(SUMMARY)["confusion.svg"]

    assert "expected data_quality, called code_bug: 1 of 1" in source
    assert source.count('class="bad"') == 1
    assert source.count('class="good"') == 2


def test_words_cannot_break_a_drawing() -> None:
    hostile = "</svg><script>&\"'"
    source = drawing(
        10, 10, title=hostile, description=hostile, parts=[text(0, 0, hostile), rect(0, 0, 1, 1, "bar", told=hostile)]
    )

    root = ElementTree.fromstring(source.encode())
    assert [each.text for each in root.iter(f"{SVG}title")] == [hostile, hostile]
    assert not list(root.iter(f"{SVG}script"))


@pytest.mark.parametrize(("share", "bar"), [(0.0, ""), (1.0, "████"), (0.5, "██"), (0.125, "▌"), (0.9, "███▋")])
def test_a_bar_is_as_long_as_its_share(share: float, bar: str) -> None:
    assert bar_text(share, 4) == bar


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_moves_on_a_terminal_and_leaves_no_trace() -> None:
    now = [0.0]
    terminal = _Terminal()
    progress = Progress(terminal, 3, clock=lambda: now[0])

    progress.tell(1)
    now[0] = 1.0
    progress.tell(2, "0.01 USD")
    progress.end()

    assert terminal.getvalue() == "\r\x1b[K2 of 3 records judged, 0.01 USD\r\x1b[K"


def test_progress_in_a_file_is_a_line_in_a_while() -> None:
    now = [0.0]
    file = io.StringIO()
    progress = Progress(file, 200, clock=lambda: now[0])

    for done in range(100):
        now[0] += 1.0
        progress.tell(done)
    progress.end()

    assert file.getvalue() == "".join(f"{done} of 200 records judged\n" for done in (29, 59, 89))
