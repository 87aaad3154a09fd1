"""Measure an engine on labelled records: figures, their certainty, comparison of two runs, groups of fingerprints."""
