"""Tell whether a record tries to give orders to a model: cheap signs, good for an alarm, never the only gate.

The text is folded first, so that hidden, split, encoded and look-alike spellings meet the same table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from logtriage.engines.mimo.dismissal_signs import DISMISSAL_SIGNS
from logtriage.engines.mimo.imitation_signs import IMITATION_SIGNS
from logtriage.engines.mimo.invisible import ANSI, strip_invisible
from logtriage.engines.mimo.leaks import decoded_forms
from logtriage.engines.mimo.order_sign import OrderSign
from logtriage.engines.mimo.order_signs import ORDER_SIGNS
from logtriage.engines.mimo.persuasion_signs import PERSUASION_SIGNS
from logtriage.schema.record import Context, RecordView, judged_text

_MAX_CHARACTERS: Final = 32768
SIGNS: Final = (*ORDER_SIGNS, *PERSUASION_SIGNS, *DISMISSAL_SIGNS, *IMITATION_SIGNS)
_COMPILED: Final = tuple((sign, re.compile(sign.pattern, re.IGNORECASE if sign.is_raw else 0)) for sign in SIGNS)

_LOOK_ALIKES: Final = str.maketrans(
    "аеорсухіјѕһӏԁԛԝᴀвкмнтгьΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχɡɩıɑ",
    "aeopcyxijshldqwabkmhtrbABEZHIKMNOPTYXaiknoptuxgiia",
)
_STEMS: Final = (
    "ignor",
    "instruct",
    "classif",
    "noise",
    "verdict",
    "answer",
    "rules",
    "disregard",
    "harmless",
    "severity",
    "page",
)
_LEET: Final = str.maketrans("013457@$!", "oieastasi")
_HIDDEN: Final = re.compile("[\u200b-\u200d\u2060\ufeff\u00ad]")
_BIDI: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_TAGS: Final = re.compile("[\U000e0020-\U000e007e]+")
_ERASES: Final = re.compile(r"\x1b\[[0-9;]{0,8}[A-HJKSTfsu]|\x1b\[8m|[^\n\r]\r[^\n\r]|\x08{2,}|\x1b\]")
_MIXED: Final = re.compile(r"[A-Za-z][\u0370-\u03ff\u0400-\u04ff]|[\u0370-\u03ff\u0400-\u04ff][A-Za-z]")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_NOT_WORD: Final = re.compile(r"[^\w>=🤫🔇🙈🔕]+|_+")
_SPACED: Final = re.compile(r"(?<!\w)(?:\w[ .\-_*]){4,200}\w(?!\w)")
_MIN_LETTERS_SCRIPT: Final = 2


def fold(text: str) -> str:
    """Fold a text for the table: one script, lower case, words with one blank between them."""
    text = unicodedata.normalize("NFKC", strip_invisible(_plain_tags(text)))
    text = _ESCAPED.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    text = _SPACED.sub(lambda found: re.sub(r"[ .\-_*]", "", found[0]), text)
    text = _CAMEL.sub(" ", text).translate(_LOOK_ALIKES).lower()
    return " ".join(_NOT_WORD.sub(" ", text).split())


def signs_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Give the names of all signs in texts that a reader sees together; empty if there is none."""
    whole = "\n".join(texts)
    joined = whole[:_MAX_CHARACTERS]
    names = set(_hidden_signs(joined))
    if len(whole) > _MAX_CHARACTERS:
        names.add("too_long_to_read")
    for form in _forms(joined):
        raw = strip_invisible(form)
        names |= {sign.name for sign in _matching(raw, is_raw=True)}
        folded = fold(form)
        names |= {sign.name for sign in _matching(folded, is_raw=False)}
    return tuple(sorted(names))


def signs_in_record(record: RecordView, context: Context) -> tuple[str, ...]:
    """Give the names of the signs in a record's body, event, attributes (names too) and context lines."""
    parts = [record.event_name, judged_text(record.body)]
    for name, value in record.attributes.items():
        parts += (name, judged_text(value))
    texts = [part.decode("utf-8", "replace") for part in parts]
    return signs_of([*texts, *context.before, *context.after])


def _matching(text: str, *, is_raw: bool) -> Iterator[OrderSign]:
    return (sign for sign, pattern in _COMPILED if sign.is_raw is is_raw and pattern.search(text))


def _forms(text: str) -> Iterator[str]:
    """Give the text, and those of its readings (decoded, reversed, digits as letters) that hold a telling word."""
    yield text
    seen = {text}
    for form in (*decoded_forms(text), text.translate(_LEET)):
        lowered = form.lower()
        if form not in seen and any(stem in lowered for stem in _STEMS):
            seen.add(form)
            yield form


def _plain_tags(text: str) -> str:
    return _TAGS.sub(lambda found: "".join(chr(ord(letter) - 0xE0000) for letter in found[0]), text)


def _hidden_signs(text: str) -> Iterator[str]:
    if _TAGS.search(text):
        yield "tag_characters"
    if len(_HIDDEN.findall(text.lstrip("\ufeff"))) >= 2:
        yield "zero_width"
    if _BIDI.search(text):
        yield "bidi_override"
    if _ERASES.search(ANSI.sub(lambda found: found[0], text)):
        yield "erased_on_terminal"
    if len(_MIXED.findall(unicodedata.normalize("NFC", text))) >= _MIN_LETTERS_SCRIPT:
        yield "mixed_scripts"
