"""Write small SVG drawings by hand: valid XML, readable on light and dark, with a title and a description.

Colours follow what the reader's system prefers; nothing is loaded from anywhere. Plain colours, no CSS variables: most
converters outside a browser know none and draw black on black.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

_STYLE = """
  text { font-family: system-ui, sans-serif; font-size: 12px; fill: #1b1f24; }
  .head { font-weight: 600; font-size: 14px; }
  .end { text-anchor: end; } .middle { text-anchor: middle; }
  .paper { fill: #ffffff; } .grid { stroke: #c9d1d9; fill: none; } .ideal { stroke-dasharray: 4 4; }
  .good { fill: #1a7f37; } .bad { fill: #cf222e; } .bar { fill: #0969da; fill-opacity: 0.55; }
  .curve { stroke: #0969da; stroke-width: 2; fill: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .paper { fill: #0d1117; } .grid { stroke: #3d444d; }
    .good { fill: #3fb950; } .bad { fill: #f85149; } .bar { fill: #58a6ff; } .curve { stroke: #58a6ff; }
  }
"""


def drawing(width: int, height: int, *, title: str, description: str, parts: Iterable[str]) -> str:
    """Give a whole file. ``title`` and ``description`` are what a screen reader tells."""
    return "\n".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
            'role="img" aria-labelledby="title description">',
            f'<title id="title">{escape(title)}</title>',
            f'<desc id="description">{escape(description)}</desc>',
            f"<style>{_STYLE}</style>",
            f'<rect class="paper" width="{width}" height="{height}"/>',
            *parts,
            "</svg>\n",
        )
    )


def text(x: float, y: float, words: str, kind: str = "") -> str:
    """Write words; ``kind`` is ``head``, ``end`` or ``middle``."""
    return f'<text x="{x:g}" y="{y:g}"{_kind(kind)}>{escape(words)}</text>'


def rect(x: float, y: float, width: float, height: float, kind: str, *, opacity: float = 1.0, told: str = "") -> str:
    """Draw a box; ``told`` appears when a pointer rests on it."""
    shade = "" if opacity == 1.0 else f' fill-opacity="{opacity:.3g}"'
    inside = f"<title>{escape(told)}</title>" if told else ""
    return f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"{_kind(kind)}{shade}>{inside}</rect>'


def line(points: Iterable[tuple[float, float]], kind: str) -> str:
    """Draw a line through points."""
    joined = " ".join(f"{x:g},{y:g}" for x, y in points)
    return f'<polyline points="{joined}"{_kind(kind)}/>'


def _kind(kind: str) -> str:
    return f" class={quoteattr(kind)}" if kind else ""
