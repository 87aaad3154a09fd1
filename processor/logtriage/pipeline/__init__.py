"""The path of a request: wire, selection, look-up, annotation, forwarding. Knows OTLP's bytes, not gRPC."""
