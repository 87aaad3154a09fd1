"""The version of LogTriage, sent in user agents and telemetry."""

__version__ = "0.1.0"
