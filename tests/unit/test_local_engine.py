"""The embedded engine as a whole: what it lowers, what it raises, what it quotes, how it bears hostile text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logtriage.engines.judgement import Judgement
from logtriage.engines.local.engine import LocalEngine
from logtriage.engines.local.signatures import SIGNATURES
from logtriage.schema.category import Category
from logtriage.schema.record import RecordView, ResourceView
from logtriage.schema.severity import Severity
from logtriage.triage.policy import lowers

ENGINE = LocalEngine()


def judge(body: str | bytes, level: Severity | None = Severity.ERROR, **attributes: str) -> Judgement:
    raw = body if isinstance(body, bytes) else body.encode()
    named = {key.replace("__", ".").encode(): value.encode() for key, value in attributes.items()}
    return ENGINE.judge(RecordView(resource=ResourceView(), body=raw, level=level, attributes=named))


def test_a_reset_whose_retry_succeeded_is_a_blip_and_pages_nobody() -> None:
    judgement = judge("ERROR connection reset, retry attempt 1 succeeded")

    assert judgement.report.category is Category.TRANSIENT_NETWORK
    assert judgement.report.severity is Severity.WARN
    assert not judgement.report.is_actionable_for_oncall
    assert judgement.lowering_quotes == (b"reset, retry attempt 1 succeeded",)


def test_a_reset_whose_last_retry_failed_is_an_outage() -> None:
    judgement = judge("connection reset, attempt 5 of 5 failed, giving up", level=Severity.WARN)

    assert judgement.report.category is Category.UPSTREAM_OUTAGE
    assert judgement.report.severity is Severity.ERROR
    assert judgement.report.is_actionable_for_oncall
    assert judgement.lowering_quotes == ()


def test_a_refused_connection_with_tries_left_pages_nobody_yet() -> None:
    judgement = judge("dial tcp 10.0.0.7:6379: connect: connection refused; retrying in 5s")

    assert judgement.report.category is Category.TRANSIENT_NETWORK
    assert not judgement.report.is_actionable_for_oncall
    assert any(b"retrying" in quote for quote in judgement.lowering_quotes)


def test_a_retry_does_not_talk_away_a_full_disk() -> None:
    judgement = judge("write /data/seg-3: no space left on device, retry 1 succeeded", level=Severity.INFO)

    assert judgement.report.category is Category.RESOURCE_EXHAUSTION
    assert judgement.report.severity is Severity.FATAL
    assert judgement.report.is_actionable_for_oncall


def test_tries_left_speak_for_a_failure_that_nothing_else_names() -> None:
    judgement = judge("publish to gizmo-topic: attempt 2 of 5")

    assert judgement.signature == "outcome.will_retry"
    assert not judgement.report.is_actionable_for_oncall
    assert judgement.lowering_quotes == (b"publish to gizmo-topic: attempt 2 of 5",)


def test_giving_up_ends_what_would_be_noise() -> None:
    judgement = judge("client disconnected, retries exhausted")

    assert not judgement.is_named_noise
    assert judgement.report.category is Category.UPSTREAM_OUTAGE
    assert judgement.report.is_actionable_for_oncall


def test_a_code_of_which_only_the_class_is_known_shows_no_more_than_the_class() -> None:
    judgement = judge("statement refused, SQLSTATE 22ZZ9")

    assert judgement.signature == "code.sqlstate.22"
    assert "22ZZ9" not in judgement.report.reasoning_trace.upper()


@pytest.mark.parametrize("level", [Severity.INFO, Severity.WARN])
@pytest.mark.parametrize(
    "body",
    [
        "Memory cgroup out of memory: Killed process 77 (cart)",
        "goroutine died: panic: runtime error: index out of range [4] with length 4",
        "EXT4-fs error (device vdb): ext4_lookup: bad extra_isize",
        "java.lang.OutOfMemoryError: Metaspace",
    ],
)
def test_damage_logged_quietly_is_raised(body: str, level: Severity) -> None:
    judgement = judge(body, level=level)

    assert judgement.report.severity is Severity.FATAL
    assert judgement.report.is_actionable_for_oncall


def test_what_nothing_matches_is_actionable_at_its_own_level_with_little_confidence() -> None:
    judgement = judge("the gizmo would not frobnicate", level=Severity.ERROR)

    assert judgement.signature == ""
    assert judgement.report.confidence <= 0.3
    assert judgement.report.severity is Severity.ERROR
    assert judgement.report.is_actionable_for_oncall
    assert judgement.report.evidence == ()


@pytest.mark.parametrize("level", [Severity.WARN, Severity.INFO])
def test_what_nothing_matches_and_calls_itself_less_than_an_error_is_neither_lowered_nor_raised(
    level: Severity,
) -> None:
    judgement = judge("the gizmo would not frobnicate", level=level)

    assert judgement.report.severity is level
    assert not judgement.report.is_actionable_for_oncall
    assert not lowers(judgement.report, level)


@pytest.mark.parametrize(
    "words", ["giving up on the gizmo", "fatal: no gizmo", "gizmo queue exhausted", "gizmo is dead"]
)
def test_a_quiet_record_whose_words_say_more_than_its_level_is_actionable(words: str) -> None:
    assert judge(words, level=Severity.WARN).report.is_actionable_for_oncall


def test_noise_comes_from_a_named_signature_with_its_quote() -> None:
    judgement = judge("http: TLS handshake error from 10.0.0.9:4711: EOF")

    assert judgement.report.category is Category.NOISE
    assert judgement.report.severity is Severity.DEBUG
    assert judgement.is_named_noise
    assert judgement.lowering_quotes


def test_damage_beside_noise_is_not_noise() -> None:
    judgement = judge("client closed connection; then: no space left on device")

    assert judgement.report.category is Category.RESOURCE_EXHAUSTION


@pytest.mark.parametrize(
    ("attributes", "category"),
    [
        ({"http__response__status_code": "401"}, Category.AUTH_AUTHZ),
        ({"http__response__status_code": "429"}, Category.RESOURCE_EXHAUSTION),
        ({"http__response__status_code": "503"}, Category.UPSTREAM_OUTAGE),
        ({"rpc__grpc__status_code": "14"}, Category.UPSTREAM_OUTAGE),
        ({"rpc__response__status_code": "PERMISSION_DENIED"}, Category.AUTH_AUTHZ),
        ({"rpc__grpc__status_code": "12"}, Category.DEPLOYMENT_DRIFT),
        ({"db__response__status_code": "42P01"}, Category.DEPLOYMENT_DRIFT),
        ({"db__response__status_code": "1040"}, Category.RESOURCE_EXHAUSTION),
        ({"process__exit__code": "137"}, Category.RESOURCE_EXHAUSTION),
        ({"process__exit__code": "139"}, Category.CODE_BUG),
        ({"error__type": "ECONNREFUSED"}, Category.UPSTREAM_OUTAGE),
        ({"exception__type": "java.lang.ClassCastException"}, Category.CODE_BUG),
    ],
)
def test_a_code_in_an_attribute_decides_where_the_text_does_not(attributes: dict[str, str], category: Category) -> None:
    judgement = judge("operation did not complete", **attributes)

    assert judgement.report.category is category
    assert judgement.quotes == tuple(value.encode() for value in attributes.values())


@pytest.mark.parametrize(
    ("body", "category"),
    [
        ("GET http://inventory.local/items returned 404", Category.CONFIG_ERROR),
        ("order refused: status code 502", Category.UPSTREAM_OUTAGE),
        ('10.1.2.3 "POST /charge HTTP/1.1" 403 120', Category.AUTH_AUTHZ),
        ("oven call ended with grpc-status: 16", Category.AUTH_AUTHZ),
        ("rpc error: code = ResourceExhausted desc = x", Category.RESOURCE_EXHAUSTION),
        ("OSError: [Errno 28] while the till rolls", Category.RESOURCE_EXHAUSTION),
        ("nvme0 write failed: -28", Category.RESOURCE_EXHAUSTION),
        ("loaf not booked SQLSTATE[23505]", Category.DATA_QUALITY),
        ("shelf not read (SQLSTATE 53300)", Category.RESOURCE_EXHAUSTION),
        ("ORA-00060: see the trace", Category.CODE_BUG),
        ("mixer exited with code 137", Category.RESOURCE_EXHAUSTION),
        ("Recipe returned non-zero exit status 127", Category.CONFIG_ERROR),
        ("mixer terminated by signal 11", Category.CODE_BUG),
        ("curl: (6) no flour fetched", Category.CONFIG_ERROR),
        ("till drawer stuck 0x80070005", Category.AUTH_AUTHZ),
    ],
)
def test_a_code_in_the_text_decides(body: str, category: Category) -> None:
    assert judge(body).report.category is category


def test_the_innermost_java_cause_weighs_most() -> None:
    body = (
        "org.example.OrderException: order failed\n\tat org.example.Orders.place(Orders.java:12)\n"
        "Caused by: java.lang.RuntimeException: wrapped\n\tat org.example.Store.save(Store.java:9)\n"
        "Caused by: java.lang.ClassCastException: a cannot be cast to b\n\tat org.example.Row.read(Row.java:3)"
    )

    judgement = judge(body)

    assert judgement.signature == "class.ClassCastException"
    assert judgement.report.category is Category.CODE_BUG


def test_the_first_python_exception_of_a_chain_weighs_most() -> None:
    body = (
        "Traceback (most recent call last):\nKeyError: 'sku'\n\n"
        "The above exception was the direct cause of the following exception:\n\n"
        "Traceback (most recent call last):\nshop.errors.OrderError: no"
    )

    assert judge(body).signature == "class.KeyError"


def test_a_class_name_in_a_stack_frame_is_no_exception() -> None:
    judgement = judge("gizmo stopped\n\tat com.example.KeyError.handle(KeyError.java:3)")

    assert not judgement.signature.startswith("class.")


def test_no_value_of_the_record_is_in_its_reasoning_or_action() -> None:
    one = judge("dial tcp 10.11.12.13:4711: connect: connection refused, order zebra-1")
    other = judge("dial tcp 10.99.98.97:815: connect: connection refused, order tiger-2")

    assert one.report.reasoning_trace == other.report.reasoning_trace
    assert one.report.suggested_action == other.report.suggested_action


def test_a_short_match_is_quoted_with_its_neighbours() -> None:
    judgement = judge("batch 7: EPIPE on write")

    assert all(len(quote) >= 8 for quote in judgement.quotes)
    assert all(quote in b"batch 7: EPIPE on write" for quote in judgement.quotes)


def test_a_quote_is_cut_free_of_bytes_that_are_no_text() -> None:
    body = b'relation "b\xff\xfeills" does not exist, \xc3'

    judgement = judge(body)

    assert judgement.signature == "postgres.schema_behind_code"
    assert all(quote in body for quote in judgement.quotes)


@given(
    words=st.lists(
        st.sampled_from(
            [
                *(
                    "connection reset",
                    "retry 1 succeeded",
                    "giving up",
                    "KeyError",
                    "\n",
                    "\xe9",
                    "Caused by: ",
                    "panic: ",
                ),
                *(
                    "status code 503",
                    "no space left on device",
                    "OutOfMemoryError",
                    '"',
                    "attempt 2 of 3",
                    "HTTP 404",
                    "x",
                ),
            ]
        ),
        max_size=40,
    ),
    noise=st.binary(max_size=64),
    message=st.text(max_size=40),
    level=st.sampled_from([None, *Severity]),
)
def test_every_quote_stands_in_the_record(words: list[str], noise: bytes, message: str, level: Severity | None) -> None:
    body = " ".join(words).encode() + noise
    attributes = {b"exception.message": message.encode(), b"exception.type": b"java.net.SocketTimeoutException"}
    record = RecordView(resource=ResourceView(), body=body, level=level, attributes=attributes)

    judgement = ENGINE.judge(record)

    sources = (body, *attributes.values())
    for quote in (*judgement.quotes, *judgement.lowering_quotes):
        assert any(quote in source for source in sources)
        assert quote.decode()
    assert judgement.report.evidence == tuple(quote.decode() for quote in judgement.quotes)
    if lowers(judgement.report, level):
        assert judgement.lowering_quotes


@given(body=st.binary(max_size=300))
def test_any_bytes_are_judged(body: bytes) -> None:
    judgement = judge(body, level=None)

    assert judgement.report.category in Category


HOSTILE = [
    b" ",
    b"7",
    b"a",
    b"A",
    b'"',
    b"'",
    b"[",
    b"(",
    b"()",
    b"\t",
    b"\n",
    b"\xff",
    b"retry ",
    b"retry 1 of 2 ",
    b"not succeeded ",
    b"failed after ",
    b"error code ",
    b"connection ",
    b"failed to parse ",
    b"caused by: ",
    b"KeyError ",
    b"KeyError.",
    b'relation "',
    b"duplicate entry '",
    b"ssl_do_handshake() failed",
    b"error scraping metrics",
    b"closing amqp connection <",
    b"lookup :53: ",
    b"optimistic lock conflict retry ",
    b"disk usage ",
    b"missing required option ",
    b"a.b.c.D",
    b"write: broken pip",
    b"http 5 status 5 code ",
    b"0/1 nodes max retries no more ",
]


@pytest.mark.slow
def test_no_beginning_of_an_example_repeated_is_hostile() -> None:
    for row in SIGNATURES:
        for example in row.examples:
            unit = example.encode()[: len(example) // 2] + b" "
            started = time.perf_counter()

            judge(unit * (8192 // len(unit)), level=None)

            assert time.perf_counter() - started < 0.15, row.name


@pytest.mark.parametrize("unit", HOSTILE, ids=repr)
def test_hostile_text_of_64_kib_costs_no_more_than_other_text(unit: bytes) -> None:
    body = (unit * (65536 // len(unit) + 1))[:65536]
    started = time.perf_counter()

    judge(body, level=None)

    assert time.perf_counter() - started < 0.15  # three times the stated 50 ms


@pytest.mark.parametrize(
    "body",
    [
        "charge of order 5003 failed: Read timed out",
        "failed to commit transaction: connection reset",
        "payment lost: Broken pipe",
        "reading setting billing.retries failed java.lang.NumberFormatException: For input string",
    ],
)
def test_a_cause_alone_does_not_make_a_failed_operation_a_blip(body: str) -> None:
    judged = ENGINE.judge(RecordView(resource=ResourceView(), body=body.encode(), level=Severity.ERROR))
    assert judged.report.is_actionable_for_oncall
    assert judged.report.severity is Severity.ERROR
    assert judged.lowering_quotes == ()


@pytest.mark.parametrize(
    "body",
    [
        "price list import: row 71 skipped: not a number: 'n/a'",
        "malformed JSON, dropping message from scanner gate-4",
        "upload refused: invalid image header",
        "conversion of row 12 failed: malformed date",
    ],
)
def test_one_item_left_out_for_its_form_pages_nobody(body: str) -> None:
    report = judge(body).report

    assert report.category is Category.DATA_QUALITY
    assert (report.severity, report.is_actionable_for_oncall) == (Severity.WARN, False)


@pytest.mark.parametrize(
    "body",
    [
        "malformed ledger, giving up: row 71 skipped",
        "import stopped at row 71: malformed date",
        "malformed JSON in the answer of pricing since the release, body dropped",
    ],
)
def test_data_left_out_as_a_whole_is_actionable(body: str) -> None:
    assert judge(body).report.is_actionable_for_oncall


@pytest.mark.parametrize(
    "body",
    [
        "recommendations unreachable, falling back to bestsellers",
        "geo service unavailable, serving stale coordinates",
        "filer nas-3 not responding, still trying",
    ],
)
def test_network_trouble_that_is_got_round_pages_nobody(body: str) -> None:
    report = judge(body).report

    assert report.category in (Category.TRANSIENT_NETWORK, Category.UPSTREAM_OUTAGE)
    assert not report.is_actionable_for_oncall


@pytest.mark.parametrize(
    "body",
    [
        "recommendations unreachable, falling back to bestsellers failed",
        "geo service unavailable and the cached coordinates expired",
        "primary unreachable, cannot fall back to the standby",
        "primary unreachable, falling back to read-only mode",
        "broker unreachable over TLS, falling back to plaintext",
        "disk full: no space left on device, falling back to memory",
        "recommendations unreachable, giving up instead of falling back to bestsellers",
    ],
)
def test_a_way_round_that_is_closed_is_none(body: str) -> None:
    assert judge(body).report.is_actionable_for_oncall


@pytest.mark.parametrize(
    "body",
    ["error reading from socket: failed to read: connection reset by peer", "recv() failed: Connection reset by peer"],
)
def test_that_a_read_failed_is_the_blip_itself(body: str) -> None:
    assert not judge(body).report.is_actionable_for_oncall


@pytest.mark.parametrize(
    "body", ["refusing to start: unknown option turbo", "failed to initialize: missing required option dsn"]
)
def test_what_keeps_a_process_from_starting_is_fatal(body: str) -> None:
    assert judge(body).report.severity is Severity.FATAL


def test_what_somebody_has_to_act_on_is_an_error_at_least() -> None:
    report = judge("dial tcp 10.0.0.7:5432: connect: connection refused", level=Severity.WARN).report

    assert (report.severity, report.is_actionable_for_oncall) == (Severity.ERROR, True)


def test_nothing_is_noise_that_loses_something() -> None:
    harmless = "http: TLS handshake error from 10.0.0.9:4711: EOF"

    assert judge(harmless).report.category is Category.NOISE
    assert judge(f"invoice 71 lost: {harmless}").report.is_actionable_for_oncall
