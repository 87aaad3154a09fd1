"""Mask texts of which most was masked before: the same bytes as `logtriage.verdicts.masks.mask`, sooner.

A text is cut where no mask reaches over: at double quotes, and around closed lines and closed words
(`logtriage.verdicts.word_edges`). What stands between is known by its shape, that is with every digit as 0 and every
long hex identifier as one and the same: masks do not tell these apart, so a shape says where they apply. Only new
shapes are shown to the alternation. ``tests/property/test_masker.py`` holds all of this against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from logtriage.verdicts.keyed import Key, is_closing, is_colon, key_of, number_shown, number_span, value_shown
from logtriage.verdicts.mask_entry import Replacement
from logtriage.verdicts.masks import table_mask, table_replacements, with_quote
from logtriage.verdicts.repeats import Repeats
from logtriage.verdicts.stacks.spans import block_spans, trace_blocks
from logtriage.verdicts.wide import Span, wide_spans
from logtriage.verdicts.word_edges import is_closed

_MAX_ENTRIES = 4096
_MAX_PIECE_BYTES = 512
_MAX_TRACES = 256
_MAX_TRACE_BYTES = 8192

_DIGITS_AS_ZERO = bytes.maketrans(b"123456789", b"000000000")
_TELLS_DIGITS_APART = re.compile(rb"[IWEF]0000|0X|SHA000")
"""In a shape: what `klog_date`, `hex_number`, `key_digest` may take; all others take every digit or none. A shape with
``0x`` stands for texts in which each of these is one (`_run_masked`)."""

_MIN_IDENTIFIER_BYTES = 12
_IDENTIFIER = re.compile(
    rb"(?:[0-9a-f]{8}(-)[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|"
    rb"(?=[0-9]{0,127}[a-f])(?=[a-f]{0,127}[0-9])[0-9a-f]{12,128})([,:;)]?(?:\s[A-Za-z]{0,32})?)"
)
"""A whole word that `uuid` or `hex` takes, in any company: no other entry takes a part of it, or reaches into it."""
_ANY_UUID, _ANY_HEX = b"a0a0a0a0-a0a0-a0a0-a0a0-a0a0a0a0a0a0", b"a0a0a0a0a0a0"

_Between = Callable[[list[bytes], bytes, bytes], bytes]
_Steps = tuple[tuple[int, int, Replacement], ...]


class Masker:
    """Masks with a memory. Not thread-safe: it belongs to the event loop."""

    def __init__(self) -> None:
        self._traces = tuple(
            tuple(Repeats[bytes](max_entries=_MAX_TRACES, max_text_bytes=_MAX_TRACE_BYTES) for _ in range(2))
            for _ in range(2)
        )
        """Masked, of blocks of frames: by whether they are escaped, and of Rust."""
        self._parts: Repeats[tuple[bytes, Key | None]] = Repeats(
            max_entries=_MAX_ENTRIES, max_text_bytes=_MAX_PIECE_BYTES
        )
        """Masked, of what stands between two double quotes, and whether it is a key."""
        self._lines: Repeats[bytes | None] = Repeats(max_entries=_MAX_ENTRIES, max_text_bytes=_MAX_PIECE_BYTES)
        """Masked, of closed lines; None of a line that is not closed."""
        self._words: Repeats[bytes | None] = Repeats(max_entries=_MAX_ENTRIES, max_text_bytes=_MAX_PIECE_BYTES)
        """Masked, of closed words; None of a word that is not closed."""
        self._runs: Repeats[bytes] = Repeats(max_entries=_MAX_ENTRIES, max_text_bytes=_MAX_PIECE_BYTES)
        """Masked, of what stands between closed words and comes again as it is."""
        self._shapes: Repeats[_Steps] = Repeats(max_entries=_MAX_ENTRIES, max_text_bytes=_MAX_PIECE_BYTES)
        """Where which replacement applies, by the shape of what stands between closed words."""

    def mask(self, text: bytes) -> bytes:
        """Do what `masks.mask` does."""
        if b"\n" in text or b"\\n" in text:
            blocks = trace_blocks(text)
            if blocks:
                return self._blocks_masked(text, blocks)
        return self._mask_without_stacks(text)

    def _blocks_masked(self, text: bytes, blocks: list[tuple[int, int, bool, bool]]) -> bytes:
        """Mask stack traces and what stands between them; frames come again with their exception."""
        masked: list[bytes] = []
        at = 0
        for start, end, is_escaped, is_rust in blocks:
            masked.append(self._mask_without_stacks(text[at:start]))
            block = text[start:end]
            traces = self._traces[is_escaped][is_rust]
            found = traces.known.get(block)
            if found is None:
                spans = block_spans(block, is_escaped=is_escaped, is_rust=is_rust)
                found = _around(block, spans, self._mask_without_stacks)
                if traces.is_second(block):
                    traces.keep(block, found)
            masked.append(found)
            at = end
        masked.append(self._mask_without_stacks(text[at:]))
        return b"".join(masked)

    def _mask_without_stacks(self, text: bytes) -> bytes:
        spans = wide_spans(text)
        return _around(text, spans, self._parts_masked) if spans else self._parts_masked(text)

    def _parts_masked(self, text: bytes) -> bytes:
        if b'"' not in text:
            return self._lines_masked(text)
        known = self._parts.known
        masked: list[bytes] = []
        key: Key | None = None
        is_value = False
        for part in text.split(b'"'):
            if key is not None:
                if is_value:
                    is_value = False
                    shown = value_shown(key.kind, part)
                    if shown is not None:
                        key = None
                        masked.append(shown)
                        continue
                elif part == b":" or is_colon(part):
                    is_value = True
                    masked.append(part)
                    continue
                elif span := number_span(part):
                    start, end = span
                    shown = number_shown(key.kind, part[start:end])
                    rest = part[end:]
                    masked.append(part[:start] + shown + (rest if is_closing(rest) else self._lines_masked(rest)))
                    key = None
                    continue
            found = known.get(part)
            if found is None:
                found = self._part(part)
            masked.append(found[0])
            key = found[1]
            is_value = key is not None and key.is_assigned
        return b'"'.join(masked)

    def _part(self, part: bytes) -> tuple[bytes, Key | None]:
        """Mask what stands between two quotes, or between one and an edge of the text; tell if it is a key."""
        if not part:
            return part, None
        quoted = with_quote(part)
        masked = self._lines_masked(quoted)[len(quoted) - len(part) :]
        found = masked, key_of(part)
        if self._parts.is_second(part):
            self._parts.keep(part, found)
        return found

    def _lines_masked(self, text: bytes) -> bytes:
        if b"\n" not in text:
            return self._words_masked(text)
        return self._cut(text, b"\n", self._lines, self._lines_between)

    def _words_masked(self, text: bytes) -> bytes:
        return self._cut(text, b" ", self._words, self._words_between)

    def _cut(self, text: bytes, separator: bytes, closed: Repeats[bytes | None], between: _Between) -> bytes:
        """Mask what is closed by what is known of it, and the pieces between by ``between``."""
        known = closed.known
        masked: list[bytes] = []
        run: list[bytes] = []
        left = b""
        for piece in text.split(separator):
            found = known.get(piece)
            if found is None:
                run.append(piece)
                continue
            if run:
                masked.append(between(run, left, separator))
                run = []
            masked.append(found)
            left = separator
        if run:
            masked.append(between(run, left, b""))
        return separator.join(masked)

    def _lines_between(self, run: list[bytes], left: bytes, right: bytes) -> bytes:
        """Mask lines that stand together; ``left``, ``right``: the newline before and behind them, if there is one."""
        _learn(self._lines, run)
        masked = self._words_masked(left + b"\n".join(run) + right)
        return masked[len(left) : len(masked) - len(right)]

    def _words_between(self, run: list[bytes], left: bytes, right: bytes) -> bytes:
        """Mask words that stand together; ``left``, ``right``: the blank before and behind them, if there is one."""
        text = left + b" ".join(run) + right
        masked = self._runs.known.get(text)
        if masked is None:
            masked = self._run_masked(text, run, left, right)
        return masked[len(left) : len(masked) - len(right)]

    def _run_masked(self, text: bytes, run: list[bytes], left: bytes, right: bytes) -> bytes:
        """Mask words by the shape of all of them."""
        is_again = self._runs.is_second(text)
        original = text
        for i, word in enumerate(run):
            if len(word) >= _MIN_IDENTIFIER_BYTES and (found := _IDENTIFIER.fullmatch(word)):
                run[i] = (_ANY_UUID if found[1] else _ANY_HEX) + found[2]
                text = b""
        if not text:
            text = left + b" ".join(run) + right
        shape = text.translate(_DIGITS_AS_ZERO)
        if b"0x" in shape and shape.count(b"0x") != text.count(b"0x"):
            steps = tuple(table_replacements(text))
        else:
            known = self._shapes.known.get(shape)
            if known is None:
                known = tuple(table_replacements(text))
                self._keep(shape, known, run)
            steps = known
        masked: list[bytes] = []
        at = 0
        for start, end, replacement in steps:
            masked.append(text[at:start])
            masked.append(replacement if isinstance(replacement, bytes) else replacement(text[start:end]))
            at = end
        masked.append(text[at:])
        made = b"".join(masked)
        if is_again:
            self._runs.keep(original, made)
        return made

    def _keep(self, shape: bytes, steps: _Steps, run: list[bytes]) -> None:
        if not self._shapes.is_second(shape):
            _learn(self._words, run)
        elif not _TELLS_DIGITS_APART.search(shape):
            self._shapes.keep(shape, steps)


def _around(text: bytes, spans: list[Span], between: Callable[[bytes], bytes]) -> bytes:
    """Put in the place of each span what is shown for it, and mask what stands between."""
    masked: list[bytes] = []
    at = 0
    for _, start, end, shown in spans:
        if start > at:
            masked.append(between(text[at:start]))
        masked.append(shown)
        at = end
    if at < len(text):
        masked.append(between(text[at:]))
    return b"".join(masked)


def _learn(closed: Repeats[bytes | None], pieces: list[bytes]) -> None:
    """Find out, when a piece comes again, whether it is closed."""
    for piece in pieces:
        if piece not in closed.known and closed.is_second(piece):
            closed.keep(piece, table_mask(piece) if is_closed(piece) else None)
