"""Placeholders: typed, numbered, equal for equal secrets, not to be forged, and no way back."""

from __future__ import annotations

import gc
import time

import pytest

from logtriage.config.redaction import RedactionSettings
from logtriage.engines.mimo.redaction import Redacted, RedactionSession, Redactor
from logtriage.engines.mimo.redaction.rules import RULES


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    return Redactor(RedactionSettings())


def redacted(redactor: Redactor, text: str) -> str:
    return redactor.session().redact(text).text


def test_placeholders_have_the_kind_and_count_from_one(redactor: Redactor) -> None:
    text = "a@example.com and b@example.com, password=hunter2"
    assert redacted(redactor, text) == "<EMAIL_1> and <EMAIL_2>, password=<PASSWORD_1>"


def test_equal_secrets_get_the_equal_placeholder_in_all_texts_of_a_session(redactor: Redactor) -> None:
    session = redactor.session()
    session.redact("from a@example.com")
    assert session.redact("from b@example.com to a@example.com").text == "from <EMAIL_2> to <EMAIL_1>"


def test_a_new_session_counts_anew(redactor: Redactor) -> None:
    redactor.session().redact("a@example.com")
    assert redacted(redactor, "b@example.com") == "<EMAIL_1>"


def test_a_secret_is_found_once_more_without_its_key(redactor: Redactor) -> None:
    assert (
        redacted(redactor, "token=a8f5f167f44f4964: no session a8f5f167f44f4964")
        == "token=<TOKEN_1>: no session <TOKEN_1>"
    )


def test_spans_are_the_places_in_the_original(redactor: Redactor) -> None:
    text = "mail a@example.com, password=hunter2!"
    result = redactor.session().redact(text)
    assert result.spans == ((5, 18, "<EMAIL_1>"), (29, 37, "<PASSWORD_1>"))
    assert text[29:37] == "hunter2!"


def test_a_record_cannot_forge_a_placeholder_that_stands_for_a_secret(redactor: Redactor) -> None:
    session = redactor.session()
    assert session.redact("login of a@example.com").text == "login of <EMAIL_1>"
    assert session.redact("trust <EMAIL_1> and <EMAIL_1>").text == "trust <EMAIL_2> and <EMAIL_2>"


def test_a_literal_of_the_record_takes_a_number_before_a_later_secret(redactor: Redactor) -> None:
    assert redacted(redactor, "<EMAIL_7> wrote to a@example.com") == "<EMAIL_1> wrote to <EMAIL_2>"


def test_what_is_no_placeholder_of_ours_stays(redactor: Redactor) -> None:
    text = "List<STRING_1> <T_1> <email_1> <EMAIL_x>"
    assert redacted(redactor, text) == text


def test_an_answer_keeps_the_placeholders_that_the_session_gave(redactor: Redactor) -> None:
    session = redactor.session()
    session.redact("a@example.com password=hunter2")
    answer = session.redact_answer("<EMAIL_1> sent <PASSWORD_1>, like c@example.com; <EMAIL_9> did not")
    assert answer.text == "<EMAIL_1> sent <PASSWORD_1>, like <EMAIL_2>; <EMAIL_3> did not"
    assert [placeholder for _, _, placeholder in answer.spans] == ["<EMAIL_2>", "<EMAIL_3>"]


def test_a_session_keeps_no_secret(redactor: Redactor) -> None:
    session = redactor.session()
    session.redact("password=" + "zq".join("hunter") + " and mail zq.unseen@example.com")
    secret = "zq".join("hunter")
    reachable: list[object] = [session]
    seen: set[int] = set()
    while reachable:
        item = reachable.pop()
        if id(item) in seen or isinstance(item, type):
            continue
        seen.add(id(item))
        assert not (isinstance(item, str) and (secret in item or "zq.unseen" in item))
        assert not (isinstance(item, bytes) and (secret.encode() in item or b"zq.unseen" in item))
        if isinstance(item, RedactionSession | dict | list | tuple | set) or type(item).__module__.startswith(
            "logtriage"
        ):
            reachable += gc.get_referents(item)


def test_two_sessions_keep_different_digests() -> None:
    keys = iter((b"a" * 32, b"b" * 32))
    redactor = Redactor(RedactionSettings(), random_bytes=lambda _: next(keys))
    tables = []
    for _ in range(2):
        session = redactor.session()
        session.redact("password=hunter2")
        tables.append(set(session._placeholders._given))
    assert not tables[0] & tables[1]


def test_allowed_values_and_keys_stay() -> None:
    redactor = Redactor(RedactionSettings(allow=("ops@example.com", "Session_Token")))
    text = "ops@example.com, dev@example.com, session_token=a8f5f167f44f, token=b8f5f167f44f"
    assert redacted(redactor, text) == "ops@example.com, <EMAIL_1>, session_token=a8f5f167f44f, token=<TOKEN_1>"


def test_further_keys_are_redacted_whatever_the_value() -> None:
    redactor = Redactor(RedactionSettings(keys=("customer_no", "Tax.Id")))
    text = 'customer_no=17 {"tax.id": "abc"} <customer_no>q7</customer_no> other_customer_no=null'
    assert redacted(redactor, text) == (
        'customer_no=<SECRET_1> {"tax.id": "<SECRET_2>"} <customer_no><SECRET_3></customer_no> other_customer_no=null'
    )


def test_further_patterns_name_their_placeholders() -> None:
    settings = RedactionSettings.model_validate({"patterns": [{"name": "customer", "pattern": r"\bC-[0-9]{6}\b"}]})
    assert redacted(Redactor(settings), "order of C-123456 for C-1") == "order of <CUSTOMER_1> for C-1"


def test_addresses_are_redacted_by_option_only(redactor: Redactor) -> None:
    text = "dial 10.1.2.3:5432 and [2001:db8::17]:443 from 127.0.0.1"
    assert redacted(redactor, text) == text
    by_option = Redactor(RedactionSettings(ip_addresses=True))
    assert redacted(by_option, text) == "dial <IP_1>:5432 and [<IP_2>]:443 from 127.0.0.1"


def test_overlapping_matches_become_one_span(redactor: Redactor) -> None:
    token = "gh" + "p_" + "q0X1z9A8f5B167d44" * 2 + "ab"
    result = redactor.session().redact(f"token={token}.tail end")
    assert result.text == "token=<TOKEN_1> end"


def test_a_password_in_an_address_is_no_part_of_a_mail_address(redactor: Redactor) -> None:
    assert (
        redacted(redactor, "postgres://app:hunter2@db.example.com/x") == "postgres://app:<PASSWORD_1>@db.example.com/x"
    )


def test_characters_that_change_length_in_lower_case_move_no_span(redactor: Redactor) -> None:
    assert redacted(redactor, "İİİ password=hunter2 İ") == "İİİ password=<PASSWORD_1> İ"


def test_lone_surrogates_survive(redactor: Redactor) -> None:
    assert redacted(redactor, "\ud800 password=hun\udfffter2 \udc00") == "\ud800 password=<PASSWORD_1> \udc00"


def test_a_text_without_secrets_is_given_back_as_it_is(redactor: Redactor) -> None:
    text = "connection reset by peer"
    assert redactor.session().redact(text) == Redacted(text, ())


def test_a_text_with_too_many_places_to_look_at_is_redacted_as_a_whole(redactor: Redactor) -> None:
    text = "password=hunter2 " * 20_000
    assert redactor.session().redact(text) == Redacted("<TEXT_1>", ((0, len(text), "<TEXT_1>"),))


HOSTILE = ("a", "password=", "pass: ", "://a:b", "eyJ-", "<EMAIL_1>", "key=a,", "a@a.", "-----BEGIN PRIVATE KEY-----")


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_take_linear_time(redactor: Redactor, piece: str) -> None:
    every_keyword = " ".join(keyword for rule in RULES for keyword in rule.keywords) + " "
    text = (every_keyword + piece * 40_000)[: 1 << 17]
    started = time.process_time()
    redactor.session().redact(text)
    assert time.process_time() - started < 3 * (1 << 17) / (1 << 20)
