"""How a value stands behind its key: ``key=value``, ``"key": "value"``, ``<key>value</key>``, ``--key value``.

All expressions here see the lower-cased text. The capturing groups are the alternatives for the value.
"""

from __future__ import annotations

import re
from enum import StrEnum

SUFFIX = r"""
    (?: [_-]?(?: value | val | hash | enc | plaintext | plain | text | string | str | raw | b64 | base64 ) )?
    (?: [_.-](?: prod | production | live | staging | stage | stg | dev | test | qa | uat | base | main | primary
      | secondary | old | new | current | previous | v[0-9] | [0-9]{1,2} ) )?
    [0-9]{0,2}"""
"""What may stand between the word for a secret and the end of its key."""

_QUOTED = r"""
    "( (?: [^"\\\n\0]++ | \\[^\n\0] )++ )
  | '( (?: [^'\\\n\0]++ | \\[^\n\0] )++ )
  | `( [^`\n\0]++ )
  | \\{1,4}["'] ( (?: [^"'\\\n\0]++ | \\(?![\\"'])[^\n\0] )++ )
  | %22 ( [^%\s\0]++ )
"""
_CLOSES = r"""[\s,;.:)\]}>"'\\\0] | \Z"""
_NEXT_KEY = r"""[\s\0] | \Z | ["']?[a-z_][a-z0-9_.$-]{0,40}["']?[=:]"""
BARE = rf"""
    ( (?! [\[({{"'`] )
      (?: [^\s"'`.:,;&|()\[\]{{}}<>\\\0]++
        | [.:](?! [\s\0] | \Z )
        | [,;&|](?! {_NEXT_KEY} )(?! ["'] )
        | [)\]}}>"'`](?! {_CLOSES} )
        | [(\[{{]
        | <(?!/)
        | \\(?! [nrt"'\\] )
      )++ )"""
"""A value without quotes. A separator ends it only where something follows that is no part of a secret."""

SEPARATOR = r"""
    \\{0,4}["'`\]]{0,2} [ \t]{0,8} (?: => | := | ={1,3} | : | %3d | %3a | \\u003[ad] ) (?:[ \t]|%20){0,8}
    (?: some\( | secretstr\( | b(?=["']) | u(?=["']) )? [\[(<]{0,1} (?: ""(?=") | ''(?=') )?
"""


_ELEMENT = r"""
    ["']? (?: \s[^<>\0]{0,80}+ )? (?: > | &gt; )
    (?: <!\[cdata\[ ( [^\]\0]++ ) | ( (?: [^<&\0]++ | &(?!lt;) )++ ) (?=</|&lt;/|\Z) )"""
_NAMED = r"""
    \\{0,4}["']? (?: [\s,;:{] | \\n ){0,40}+ \\{0,4}["']? (?<![a-z]) value \\{0,4}["']? [ \t]{0,4} [:=] [ \t]{0,4}"""
_FLAG = r"""["']?,? [ \t]{1,4} (?!-)"""


def behind(head: str, tail: str = "") -> str:
    """Build the expression for a value behind a key that ends in ``head`` (a literal) and ``tail``. Shapes:

    ``key=value``, ``"key": "value"``; ``<key attr="x">value</``; ``"name": "key", "value": "secret"``; ``--key value``.
    The text between key and value tells which one it is: see `shape_of`.
    """
    return rf"""
        {head}
        (?: {tail} {SUFFIX} (?: {_ELEMENT} | (?: {SEPARATOR} | {_NAMED} ) (?: {_QUOTED} | {BARE} ) )
          | (?<=[-_.]{head}) {tail} {SUFFIX} {_FLAG} (?: {_QUOTED} | {BARE} ) )"""


class Shape(StrEnum):
    """How a value stands behind its key."""

    ASSIGNED = "assigned"
    SPACED = "spaced"
    ELEMENT = "element"
    NAMED = "named"
    FLAG = "flag"


_SPACED = re.compile(r"[\w\]]:[ \t]+\Z")
_TAG_BEFORE = re.compile(r"""(?:<|&lt;)(?:[\w:.-]{1,40}\s[^<>]{0,40})?["']?[\w:.-]{0,40}\Z""")
_FLAG_BEFORE = re.compile(r"""(?:^|[\s"'\[])--?[a-z0-9_.-]{0,40}\Z""")


def shape_of(text: str, match_start: int, start: int) -> Shape | None:
    """Tell the shape of a match of `behind`; None if a blank stands between a word and what is no flag."""
    lead = text[match_start:start].lower()
    if _SPACED.search(lead[-12:]):
        return Shape.SPACED
    before = text[max(0, match_start - 48) : match_start].lower()
    if lead.endswith((">", "&gt;", "[cdata[")) and not lead.endswith("=>"):
        return Shape.ELEMENT if _TAG_BEFORE.search(before) else None
    if _NAMED_LEAD.search(lead):
        return Shape.NAMED
    if any(sign in lead for sign in ("=", ":", "%3", "\\u003", ">")):
        return Shape.ASSIGNED
    return Shape.FLAG if _FLAG_BEFORE.search(before) else None


_NAMED_LEAD = re.compile(r"[\s,;{\"'n]value[\\\"']{0,5}[ \t]{0,4}[:=]")
