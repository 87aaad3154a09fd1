"""What LogTriage says about itself: metrics, probes, own logs. Never the body of a record."""
