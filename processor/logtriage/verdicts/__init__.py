"""What is the same: masks, fingerprints, evidence pieces; and the verdicts kept for a fingerprint."""
