"""How a value stands behind its key: ``key=value``, ``"key": "value"``, ``<key>value</key>``, ``--key value``.

All expressions here see the lower-cased text. The capturing groups are the alternatives for the value.
"""

from __future__ import annotations

SUFFIX = r"""
    (?: [_-]?(?: value | val | hash | enc | plaintext | plain | text | string | str | raw | b64 | base64 ) )?
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
      (?: [^\s"'`,;&|()\[\]{{}}<>\\\0]++
        | [,;&|](?! {_NEXT_KEY} )(?! ["'] )
        | [)\]}}>"'`](?! {_CLOSES} )
        | [(\[{{]
        | <(?!/)
        | \\(?! [nrt"'\\] )
      )++ )"""
"""A value without quotes. A separator ends it only where something follows that is no part of a secret."""

SEPARATOR = r"""
    \\{0,4}["'`\]]{0,2} [ \t]{0,8} (?: => | := | ={1,3} | : | %3d | %3a ) (?:[ \t]|%20){0,8}
    (?: some\( | secretstr\( | b(?=["']) | u(?=["']) )? [\[(<]{0,1}
"""


def assigned(words: str) -> str:
    """Build the expression for a value assigned to a key that ends in one of ``words`` (and `SUFFIX`)."""
    return rf"(?: {words} ) {SUFFIX} {SEPARATOR} (?: {_QUOTED} | {BARE} )"


def in_element(words: str) -> str:
    """Build the expression for ``<key attr="x">value</``, the prefix of the element's name left out."""
    return (
        rf"(?: {words} ) {SUFFIX} (?: \s[^<>\0]{{0,80}}+ )? > (?: <!\[cdata\[ ( [^\]\0]++ ) | ( [^<\0]++ ) (?=</|\Z) )"
    )


def in_named_value(words: str) -> str:
    """Build the expression for a pair whose key is itself a value: ``{"name": "KEY", "value": "secret"}``."""
    return rf"""
        (?: {words} ) {SUFFIX} \\{{0,4}}["']? (?: [\s,;] | \\n ){{0,40}}+ \\{{0,4}}["']?
        (?<![a-z]) value \\{{0,4}}["']? [ \t]{{0,4}} [:=] [ \t]{{0,4}} (?: {_QUOTED} | {BARE} )"""


def in_flag(words: str) -> str:
    """Build the expression for a flag and its value: ``--db-password value``."""
    return rf"""
        --? (?: [a-z0-9]{{1,20}}[-_.] ){{0,4}} (?: {words} ) {SUFFIX} ["']?,? [ \t]{{1,4}} (?!-)
        (?: {_QUOTED} | {BARE} )"""
