"""LogTriage: an OTLP logs service that annotates error records with triage verdicts."""

from logtriage.version import __version__

__all__ = ["__version__"]
