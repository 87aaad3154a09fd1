"""What a record of unknown software says of itself: how it went on, what it left out, and when that is no comfort."""

from __future__ import annotations

import pytest

from logtriage.engines.judgement import Judgement
from logtriage.engines.local.engine import LocalEngine
from logtriage.schema.category import Category
from logtriage.schema.record import RecordView, ResourceView
from logtriage.schema.severity import Severity

ENGINE = LocalEngine()


def judge(body: str, level: Severity = Severity.ERROR) -> Judgement:
    return ENGINE.judge(RecordView(resource=ResourceView(), body=body.encode(), level=level))


@pytest.mark.parametrize(
    "body",
    [
        "ERROR ferry: radio mast 2 did not answer, the ramp signal is sent again",
        "ERROR ferry: quay camera gave no picture, picture of the mast is used instead",
        "ERROR ferry: buoy 9 is silent, buoy 10 takes over",
        "ERROR ferry: malformed gauge reading 999, left out",
        "ERROR ferry: flag `Z9` of the signal book is unknown, ignoring it.",
        "ERROR ferry: berth plan clashed, try restarting transaction",
    ],
)
def test_what_went_on_by_its_own_words_pages_nobody(body: str) -> None:
    judgement = judge(body)

    assert not judgement.report.is_actionable_for_oncall
    assert judgement.report.severity is Severity.WARN
    assert judgement.lowering_quotes


@pytest.mark.parametrize(
    "body",
    [
        "ERROR ferry: radio mast 2 did not answer, the ramp signal is sent again, giving up after 3 tries",
        "ERROR ferry: quay camera gave no picture",
        "ERROR ferry: all malformed gauge readings of today are left out",
        "ERROR ferry: the captain was ignoring the lights",
        "FATAL ferry: flag `Z9` of the signal book is unknown, ignoring it.",
        "ERROR ferry: buoy 9 is silent, no buoy takes over, emergency lights are lit",
    ],
)
def test_what_did_not_go_on_stays_actionable(body: str) -> None:
    assert judge(body).report.is_actionable_for_oncall


@pytest.mark.parametrize(
    ("body", "level", "is_actionable"),
    [
        ("WARN ferry: setting `speed` is missing", Severity.WARN, False),
        ("WARN ferry: setting `speed` is missing, tickets could not be saved", Severity.WARN, True),
        ("WARN ferry: out of file descriptors: too many open files", Severity.WARN, True),
        ("ERROR ferry: setting `speed` is missing", Severity.ERROR, True),
    ],
)
def test_a_cause_in_general_words_is_not_raised_above_a_quiet_record_that_says_no_more(
    body: str, level: Severity, is_actionable: bool
) -> None:
    assert judge(body, level).report.is_actionable_for_oncall is is_actionable


def test_a_network_error_that_nobody_took_care_of_is_a_bug_of_the_program() -> None:
    report = judge("uncaughtException: Error: read ECONNRESET").report

    assert report.category is Category.CODE_BUG
    assert report.is_actionable_for_oncall


def test_a_network_error_by_which_a_process_does_not_start_is_no_blip() -> None:
    report = judge("ERROR ferry: fatal error during startup: timed out waiting for connection, exiting").report

    assert report.is_actionable_for_oncall


def test_a_guess_gives_way_to_a_further_try_that_the_record_announces() -> None:
    waiting = "ferry: lantern of the east pier not found so it cannot be lit."

    assert judge(waiting).report.is_actionable_for_oncall
    assert not judge(f"{waiting} Will retry in 20 seconds.").report.is_actionable_for_oncall


def test_an_expired_key_is_not_made_good_by_a_further_try() -> None:
    assert judge("ferry: key of the ticket office has expired. Will retry in 20 s").report.is_actionable_for_oncall
