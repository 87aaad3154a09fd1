"""An explained fingerprint: the parts decide it, and the spans lead from the text to the masked text."""

from __future__ import annotations

from logtriage.schema.line import view_of_line
from logtriage.verdicts.explained import Explained, Part, explain
from logtriage.verdicts.fingerprint import fingerprint_of

ATTRIBUTES = {
    "http.response.status_code": 503,
    "exception.type": "Lost",
    "exception.message": "user 7",
    "err": "at 7ms",
}


def explained(body: str, **attributes: object) -> Explained:
    return explain(view_of_line(body, severity_text="ERROR", resource={"service.name": "cart"}, attributes=attributes))


def part(of: Explained, name: str) -> Part:
    return next(part for part in of.parts if part.name == name)


def test_every_part_of_the_key_is_told_by_name() -> None:
    told = explained("cart 7ms late", **ATTRIBUTES)
    assert {(part.name, part.masked) for part in told.parts if part.masked} == {
        ("service.name", b"cart"),
        ("level", b"ERROR"),
        ("body", b"cart <n>ms late"),
        ("http.response.status_code", b"503"),
        ("exception.type", b"Lost"),
        ("exception.message", b"user <id>"),
        ("err", b"at <n>ms"),
    }


def test_the_fingerprint_told_is_that_of_the_record() -> None:
    view = view_of_line("cart 7ms late", attributes=ATTRIBUTES)
    assert explain(view).fingerprint == fingerprint_of(view).hex


def test_records_of_one_fingerprint_have_the_same_parts_and_others_have_not() -> None:
    def key(of: Explained) -> list[tuple[str, bytes]]:
        return [(part.name, part.masked) for part in of.parts]

    a, b, c = explained("cart 7ms late"), explained("cart 12ms late"), explained("cart 7s late")
    assert (a.fingerprint == b.fingerprint, a.fingerprint == c.fingerprint) == (True, False)
    assert (key(a) == key(b), key(a) == key(c)) == (True, False)


def test_spans_say_which_entry_took_what_and_what_stands_there_now() -> None:
    body = part(explained("code 12 from 10.0.0.7 after 7ms"), "body")
    assert [(span.mask, body.text[span.start : span.end], span.shown, span.is_kept) for span in body.spans] == [
        ("keep:coded_number", b"code 12", b"code 12", True),
        ("ipv4", b"10.0.0.7", b"<ip>", False),
        ("quantity", b"7ms", b"<n>ms", False),
    ]


def test_the_spans_of_a_part_put_in_place_give_its_masked_text() -> None:
    for told in explained("user 7 at 10.0.0.7:50001 waited 9s", **ATTRIBUTES).parts:
        rebuilt, at = b"", 0
        for span in told.spans:
            rebuilt += told.text[at : span.start] + span.shown
            at = span.end
        assert rebuilt + told.text[at:] == told.masked


def test_parts_that_are_never_masked_have_no_spans() -> None:
    told = explain(view_of_line("x", resource={"service.name": "cart-10.0.0.7"}, attributes={"error.type": "e 7ms"}))
    assert part(told, "service.name").spans == part(told, "error.type").spans == ()
