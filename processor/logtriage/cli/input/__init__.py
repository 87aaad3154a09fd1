"""Read records from files and standard input: text with multi-line records, JSON lines, OTLP JSON."""
