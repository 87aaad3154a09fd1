"""OTLP over gRPC: the receiver in front and the exporter behind. Nothing else knows gRPC."""
