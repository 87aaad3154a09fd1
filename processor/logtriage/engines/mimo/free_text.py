"""Clean text that a model wrote: it is shaped by whoever wrote the record, and people and programs render it.

What leaves has no URL, no markup, no control or invisible character and no newline. Placeholders are left standing.
"""

from __future__ import annotations

import re
from typing import Final

from logtriage.engines.mimo.invisible import strip_invisible

LINK_REMOVED: Final = "(link removed)"
BLOB_REMOVED: Final = "(text removed)"
NO_COMMAND: Final = "Look at the record; the suggestion held a command and was left out."

_LINK: Final = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,20}|hxxps?)\s{0,2}:\s{0,2}(?://|\\\\)\s{0,2}(?:\[\.\]|[^\s\"'<>()\[\]]){0,2048}"
    r"|\b(?:javascript|data|mailto|vbscript|tel|magnet):[^\s]{0,2048}"
    r"|//[\w-]+(?:\.[\w-]+)+(?:\[\.\]|[^\s\"'<>()\[\]]){0,2048}"
    r"|\bwww\d{0,2}\.(?:\[\.\]|[^\s\"'<>()\[\]]){1,2048}"
    r"|\b(?:[a-z0-9-]{1,63}(?:\[?\.\]?|\(dot\))){1,8}[a-z]{2,24}(?::\d{1,5})?/(?:\[\.\]|[^\s\"'<>()\[\]]){0,2048}",
    re.IGNORECASE,
)
_BLOB: Final = re.compile(r"(?:[A-Za-z0-9+/_=%-]){48,}|(?:[0-9a-fA-F]{2}[ :]){12,}[0-9a-fA-F]{2}")
"""Long unbroken tokens: an encoded text, not a word of a sentence."""
_PLACEHOLDER: Final = re.compile(
    r"<(?:[A-Z][A-Z0-9]{0,23}(?:_[A-Z0-9]{1,23}){0,4}_\d{1,4}|[a-z]{1,12}(?:\.[a-z]{1,12})?)>"
)
_HTML_WORDS: Final = frozenset(
    [
        "a",
        "abbr",
        "audio",
        "b",
        "base",
        "bdo",
        "big",
        "body",
        "br",
        "button",
        "center",
        "code",
        "dd",
        "del",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "em",
        "embed",
        "font",
        "footer",
        "form",
        "frame",
        "h",
        "head",
        "header",
        "hr",
        "html",
        "i",
        "iframe",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "li",
        "link",
        "main",
        "map",
        "mark",
        "math",
        "meta",
        "nav",
        "noscript",
        "object",
        "ol",
        "option",
        "p",
        "param",
        "picture",
        "pre",
        "q",
        "s",
        "samp",
        "script",
        "section",
        "select",
        "small",
        "source",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "summary",
        "sup",
        "svg",
        "table",
        "tbody",
        "td",
        "template",
        "textarea",
        "th",
        "thead",
        "title",
        "tr",
        "track",
        "tt",
        "u",
        "ul",
        "var",
        "video",
        "wbr",
    ]
)
_TAG: Final = re.compile(r"</?[A-Za-z!?][^<>]{0,512}>")
_MARKDOWN_LINK: Final = re.compile(r"!?\[([^\[\]]{0,512})\]\([^()]{0,2048}\)")
_MARKS: Final = re.compile(
    r"`+|\*+(?=\S)|(?<=\S)\*+|~~+|(?<!\S)#{1,6}(?=\s)|\A\s*>(?=\s|$)|(?<!\w)__(?=\w)(?!\w+__\b)|\|{2,}"
)
_COMMAND: Final = re.compile(
    r"\b(?:curl|wget|iwr|invoke-webrequest)\b.{0,300}|\brm\s+-\w*[rf]|\|\s*(?:sudo\s+)?(?:ba|z|da|k)?sh\b"
    r"|\bbase64\s+(?:-d|--decode)|\bmkfs\b|\bdd\s+if=|\bchmod\s+(?:-R\s+)?[0-7]{3,4}\b|\b(?:ba|z)?sh\s+-c\b|\beval\s*\("
    r"|\bdrop\s+(?:table|database)\b|\bkubectl\s+(?:delete|exec)\b|\bgit\s+push\s+-+f|\biptables\s+-F"
    r"|\b(?:pip3?|npm|gem|apt|apt-get|yum|dnf|go|cargo)\s+install\b|\bsystemctl\s+(?:stop|disable|mask)\b"
    r"|\bset(?:enforce|facl)\b|\bsudo\b|\$\(|\bpowershell\b",
    re.IGNORECASE,
)


def clean(text: str, limit: int) -> str:
    """Clean a text and cut it at ``limit`` characters, at a word where there is one near."""
    text = strip_invisible(text[: 8 * limit]).replace("\n", " ").replace("\t", " ")
    for _ in range(4):
        before = text
        text = _MARKDOWN_LINK.sub(r"\1", text)
        text = _LINK.sub(LINK_REMOVED, text)
        text = _TAG.sub(lambda tag: tag[0] if _is_placeholder(tag[0]) else " ", text)
        text = _BLOB.sub(BLOB_REMOVED, text)
        text = _MARKS.sub("", text)
        text = text.replace("](", "] (").replace("][", "] [").replace("://", ": ")
        if text == before:
            break
    return _cut(" ".join(_bare_brackets(text).split()), limit)


def clean_action(text: str, limit: int) -> str:
    """Clean a suggested action; one that holds a command to run is left out as a whole: nobody checked it."""
    return NO_COMMAND if _COMMAND.search(strip_invisible(text)) else clean(text, limit)


def _is_placeholder(tag: str) -> bool:
    return _PLACEHOLDER.fullmatch(tag) is not None and tag[1:-1].lower() not in _HTML_WORDS


def _bare_brackets(text: str) -> str:
    """Take angle brackets away unless they belong to a placeholder, an arrow, or stand alone as a comparison."""
    kept = {at for tag in _PLACEHOLDER.finditer(text) if _is_placeholder(tag[0]) for at in (tag.start(), tag.end() - 1)}
    kept |= {found.end() - 1 for found in re.finditer(r"(?<=\S)[-=]>|(?<=\s)[-=]>|(?<= )[<>](?= )", text)}
    return "".join(" " if letter in "<>" and at not in kept else letter for at, letter in enumerate(text))


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    shortened = text[: limit - 1]
    blank = shortened.rfind(" ", limit - min(limit, 60))
    shortened = shortened[:blank] if blank > 0 else shortened
    opened = shortened.rfind("<")
    if opened > shortened.rfind(">") and len(shortened) - opened < 60:
        shortened = shortened[:opened]
    return shortened.rstrip() + "…"
