"""How a try ended, read from the record itself."""

from __future__ import annotations

import pytest

from logtriage.engines.local.outcomes import Ending, find_outcome

RECOVERED = [
    "ERROR connection reset, retry attempt 1 succeeded",
    "connection to broker reset; retry 3 of 3 succeeded",
    "upload timed out, second attempt was successful",
    "request failed with EOF, succeeded on attempt 2",
    "lost the first oven, failover to the second completed successfully",
    "socket closed by peer, reconnected after 120 ms",
    "redis: connection lost, successfully reconnected",
    "loaf 55 was retried and recovered",
    "stream broke, connection re-established",
    "publish failed: timeout, delivered after 3 retries",
    "retry attempt 1 failed, attempt 2 succeeded",
    "node 3 missed two heartbeats but is back online",
    "connection reset by peer, ok after 2 retries",
]
NOT_RECOVERED = [
    "connection reset, not recovered after the last retry",
    "failover to the second oven completed unsuccessfully",
    "retry has never succeeded",
    "retries: 5, 0 succeeded",
    "connection reset, retry succeeded: false",
    '{"msg": "connection reset", "retry_succeeded": false, "retry succeeded": false}',
    "connection reset, the next retry will succeed or the job fails",
    "waiting until reconnected to the broker",
    "none of the 3 retries succeeded",
    "0 of 5 retries succeeded",
    "the connection could not be re-established",
    "reconnected to the broker, but the first query failed: connection reset",
    "pause the consumer if a retry succeeded",
    "unable to say whether the retry succeeded",
    "connection reset, reconnect not successful",
]
GAVE_UP = [
    "attempt 5 of 5 failed, giving up",
    "knock at the cellar door, attempt 10/10 failed",
    "connection reset, retries exhausted",
    "max retries exceeded, dropping the batch",
    "download failed after 6 attempts",
    "all 3 retries failed",
    "no more retries, the batch is lost",
    "retries left: 0",
    "gave up on 10.0.0.7 after 30 s",
    "parcel returned retryable=false",
    "attempt 2 of 3 failed, attempt 3 of 3 failed",
    "the request will not be retried",
    "heartbeat to the east oven failed after max retries",
    "tray 7 cannot be retried",
]
WILL_RETRY = [
    "attempt 2 of 5 failed",
    "publish failed, will retry",
    "connection refused; retrying in 5s",
    "link to peer lost, reconnecting",
    "knock at the cellar door, attempt 1/10 failed",
    "timeout, next attempt in 30 s",
    "backing off before the next call",
]
NOTHING = [
    "connection reset by peer",
    "retry policy loaded: 5 tries",
    "payment succeeded",
    "7 of 9 checks passed",
    "HTTPConnectionPool(host=a): Max retries exceeded with url: /v1/items",
    "the country of origin is 3 of 4 letters",
]


@pytest.mark.parametrize("text", RECOVERED)
def test_a_try_that_succeeded_is_a_recovery(text: str) -> None:
    outcome = find_outcome(text.lower().encode())

    assert outcome is not None
    assert outcome.ending is Ending.RECOVERED


@pytest.mark.parametrize("text", NOT_RECOVERED)
def test_a_denied_or_future_success_is_no_recovery(text: str) -> None:
    outcome = find_outcome(text.lower().encode())

    assert outcome is None or outcome.ending is not Ending.RECOVERED


@pytest.mark.parametrize("text", GAVE_UP)
def test_no_try_left_is_giving_up(text: str) -> None:
    outcome = find_outcome(text.lower().encode())

    assert outcome is not None
    assert outcome.ending is Ending.GAVE_UP


@pytest.mark.parametrize("text", WILL_RETRY)
def test_a_try_to_come_is_read_as_such(text: str) -> None:
    outcome = find_outcome(text.lower().encode())

    assert outcome is not None
    assert outcome.ending is Ending.WILL_RETRY


@pytest.mark.parametrize("text", NOTHING)
def test_other_words_are_no_outcome(text: str) -> None:
    outcome = find_outcome(text.lower().encode())

    assert outcome is None


def test_the_span_is_the_phrase() -> None:
    text = b"connection reset, retry attempt 1 succeeded, done"

    outcome = find_outcome(text)

    assert outcome is not None
    assert text[outcome.start : outcome.end] == b"retry attempt 1 succeeded"
