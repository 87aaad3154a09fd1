"""Stack traces: which frames are part of a fingerprint."""
