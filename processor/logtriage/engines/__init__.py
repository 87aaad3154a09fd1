"""What gives reports: one folder an engine, and the interface they share."""
