"""The service as a whole: built from settings, started, stopped."""
