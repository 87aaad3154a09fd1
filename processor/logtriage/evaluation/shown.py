"""Show figures as words: one form for rates, intervals and names, in the terminal and in drawings."""

from __future__ import annotations

from logtriage.schema.category import Category

SHORT_NAMES = {
    Category.TRANSIENT_NETWORK: "net",
    Category.UPSTREAM_OUTAGE: "ups",
    Category.CONFIG_ERROR: "cfg",
    Category.RESOURCE_EXHAUSTION: "res",
    Category.CODE_BUG: "bug",
    Category.DEPLOYMENT_DRIFT: "dep",
    Category.DATA_QUALITY: "dat",
    Category.AUTH_AUTHZ: "aut",
    Category.NOISE: "noi",
}
"""For columns."""


def rate_text(rate: float | None, digits: int = 3) -> str:
    """Show a rate; a dash where there is none."""
    return "–" if rate is None else f"{rate:.{digits}f}"


def interval_text(interval: tuple[float, float] | None) -> str:
    """Show a 95 % interval."""
    return "" if interval is None else f"{interval[0]:.2f} – {interval[1]:.2f}"


def bar_text(share: float, width: int) -> str:
    """Draw a share as a bar of so many characters."""
    eighths = round(share * width * 8)
    whole, part = divmod(eighths, 8)
    return "█" * whole + ("▏▎▍▌▋▊▉"[part - 1] if part else "")


def percent_text(rate: float | None) -> str:
    """Show a rate in percent; a dash where there is none."""
    return "–" if rate is None else f"{rate:.0%}"
