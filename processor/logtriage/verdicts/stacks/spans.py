"""The spans of a text's stack traces that are no part of a fingerprint.

What stays: the lines of the exceptions themselves (class and message, masked like any text), and of each exception the
top frames in the application, five at most, as module and function. What goes: frames of frameworks and libraries,
frames farther down, files' folders, line numbers, arguments, suffixes that a compiler or framework made up, other
goroutines. So the same failure keeps its fingerprint when lines move or a framework puts more frames in between.
An exception without a frame in the application keeps its top frame.
"""

from __future__ import annotations

import re

from logtriage.verdicts.stacks import go, jvm_and_dotnet, node, python, ruby, rust
from logtriage.verdicts.stacks.frame import Follows, Frame
from logtriage.verdicts.wide import Span

MAX_FRAMES = 5
"""Of one exception; more tell where it was called from, which moves with each release."""

_FIRST = re.compile(
    rb"(\A|\n|\\{1,3}n)(?:[ \t|]|\\{1,3}t){0,40}"
    rb"(?:at [^\s]|File \\{0,3}\"|from [^\s:]{1,400}:[0-9]|[^\s:]{1,400}:[0-9]{1,7}:in [`']"
    rb"|/[^\s:]{1,400}\.go:[0-9]|goroutine [0-9]"
    rb"|[0-9]{1,4}: {1,8}[A-Za-z_<0])"
)
_PLAIN = re.compile(rb"\r?\n")
_ESCAPED = re.compile(rb"(?:\\{1,3}r)?\\{1,3}n")
_INDENTED = re.compile(rb"(?:\r?\n(?:[ \t|]|--- End of stack)[^\n]*)+")
_END_OF_STRING = re.compile(rb"(?<!\\)\"")
_DEPTH = re.compile(
    rb"(?:[ \t|]|\\{1,3}t){0,40}(?:\.{3} [0-9]{1,6} (?:more|common frames omitted|levels\.{3})|"
    rb"\[Previous line repeated [0-9]{1,6} more times?\]|--- End of stack trace from previous location[^\n]{0,80}|"
    rb"\.{3}additional frames elided\.{3})"
)
"""How many frames are left out: depth alone."""
_SOURCE = re.compile(rb"(?:[ \t|]|\\{1,3}t){3,80}[^\s|]")


def stack_regions(text: bytes) -> list[tuple[int, int, bool]]:
    """Give where frames may stand: ``[(start, end, is_escaped), ...]``, in order; each begins a line before a frame.

    ``is_escaped``: in a JSON string, with a line break as two characters; the region ends with the string.
    """
    regions: list[tuple[int, int, bool]] = []
    at = 0
    while found := _FIRST.search(text, at):
        is_escaped = found[1][:1] == b"\\"
        end = len(text)
        if is_escaped and (closing := _END_OF_STRING.search(text, found.end())):
            end = closing.start()
        before = text.rfind(b"\\n" if is_escaped else b"\n", at, found.start())
        start = before if before >= 0 else found.start() if is_escaped else at
        regions.append((start, end, is_escaped))
        if not is_escaped:
            break
        at = end
    return regions


def trace_blocks(text: bytes) -> list[tuple[int, int, bool, bool]]:
    """Give the blocks that frames stand in: ``[(start, end, is_escaped, is_rust), ...]``, in order and disjoint.

    A block is lines that are indented: it comes again whatever ids the messages between have. Go's frames are not
    indented, and inside a JSON string a search costs more than it saves: there all from the first frame is one block.
    """
    blocks: list[tuple[int, int, bool, bool]] = []
    for start, end, is_escaped in stack_regions(text):
        is_rust = text.find(rust.HEAD, start, end) >= 0
        if is_escaped or text.find(b".go:", start, end) >= 0:
            blocks.append((start, end, is_escaped, is_rust))
        else:
            blocks += ((*found.span(), False, is_rust) for found in _INDENTED.finditer(text, start, end))
    return blocks


def block_spans(block: bytes, *, is_escaped: bool, is_rust: bool) -> list[Span]:
    """Give ``[(name, start, end, shown), ...]`` of one block, in order and disjoint."""
    spans: list[Span] = []
    _Block(block, spans, is_rust=is_rust).read(_ESCAPED if is_escaped else _PLAIN)
    return _with_line_breaks(block, spans) if is_escaped else spans


def _with_line_breaks(region: bytes, spans: list[Span]) -> list[Span]:
    """Add the escaped line breaks that are left, as they are: the letter in them must not touch the next word."""
    broken: list[Span] = []
    at = 0
    for span in (*spans, ("", len(region), len(region), b"")):
        broken += (("keep:stack:line break", *sep.span(), sep[0]) for sep in _ESCAPED.finditer(region, at, span[1]))
        if span[0]:
            broken.append(span)
        at = span[2]
    return broken


class _Block:
    """Reads the lines of one block, and adds the spans to a list."""

    def __init__(self, text: bytes, spans: list[Span], *, is_rust: bool) -> None:
        self._text = text
        self._spans = spans
        self._section: list[tuple[int, int, int, Frame]] = []
        """Of one exception, in the order of the text: start with the separator, start, end, frame."""
        self._between: list[tuple[int, int]] = []
        """Lines between those frames that tell the depth alone."""
        self._is_python = False
        self._is_rust = is_rust
        self._goroutines = 0

    def read(self, separator: re.Pattern[bytes]) -> None:
        text = self._text
        end = len(text)
        edges = [found.span() for found in separator.finditer(text)]
        if not edges or edges[0][0]:
            edges.insert(0, (0, 0))
        lines = [
            (low, content, following[0])
            for (low, content), following in zip(edges, [*edges[1:], (end, end)], strict=True)
        ]
        blank: int | None = None
        for number, (low, content, high) in enumerate(lines):
            line = text[content:high]
            if not line:
                self._finish()
                blank = low if blank is None else blank
                continue
            before, blank = blank, None
            if self._goes_with_frame(line):
                self._extend(high)
                continue
            if _DEPTH.match(line):
                self._between.append((low, high))
                continue
            if go.GOROUTINE.match(line):
                self._goroutines += 1
                if self._goroutines > 1:
                    self._finish()
                    self._spans.append(("stack:goroutines", low if before is None else before, end, b""))
                    return
            behind = text[lines[number + 1][1] : lines[number + 1][2]] if number + 1 < len(lines) else b""
            frame = self._frame(line, behind)
            if frame is None:
                self._finish()
            else:
                self._is_python = frame.follows is Follows.SOURCE
                self._section.append((low, content, high, frame))
        self._finish()

    def _frame(self, line: bytes, behind: bytes) -> Frame | None:
        if b"at " in line and (frame := jvm_and_dotnet.read(line) or node.read(line)):
            return frame
        if b"File " in line and (frame := python.read(line)):
            return frame
        if b":in " in line and (frame := ruby.read(line)):
            return frame
        if self._is_rust and b": " in line and (frame := rust.read(line)):
            return frame
        if b".go:" in behind or b".s:" in behind:
            return go.read(line, behind)
        return None

    def _goes_with_frame(self, line: bytes) -> bool:
        if not self._section:
            return False
        match self._section[-1][3].follows:
            case Follows.SOURCE:
                return b"File " not in line and _SOURCE.match(line) is not None
            case Follows.PLACE:
                return (go.PLACE.match(line) or rust.PLACE.match(line)) is not None
            case Follows.NOTHING:
                return False

    def _extend(self, high: int) -> None:
        """Let a line go with the frame before it."""
        low, content, was, frame = self._section.pop()
        cuts = frame.cuts
        if cuts and cuts[-1][1] == was - content:
            cuts = (*cuts[:-1], (cuts[-1][0], high - content))
        else:
            cuts = (*cuts, (was - content, high - content))
        self._section.append(
            (low, content, high, Frame(name=frame.name, is_in_app=frame.is_in_app, cuts=cuts, follows=frame.follows))
        )

    def _finish(self) -> None:
        """Choose the frames of one exception that stay, and cut the others."""
        section, between = self._section, self._between
        if not section and not between:
            return
        from_top = section[::-1] if self._is_python else section
        in_app: list[int] = []
        last = b""
        for low, _, _, frame in from_top:
            if frame.is_in_app and frame.name != last:
                in_app.append(low)
                last = frame.name
        kept = frozenset(in_app[:MAX_FRAMES]) or frozenset(low for low, _, _, _ in from_top[:1])
        spans: list[Span] = [("stack:depth", low, high, b"") for low, high in between]
        for low, content, high, frame in section:
            if low in kept:
                spans += (("stack:place", content + cut, content + end, b"") for cut, end in frame.cuts if cut < end)
            else:
                spans.append(("stack:frame", low, high, b""))
        self._spans += sorted(spans, key=lambda span: span[1])
        self._section, self._between = [], []
