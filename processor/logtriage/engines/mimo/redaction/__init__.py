"""Redaction: secrets and personal data leave a text before a model sees it, and never come back."""

from logtriage.engines.mimo.redaction.redact import Redacted, RedactionSession, Redactor

__all__ = ["Redacted", "RedactionSession", "Redactor"]
