"""The engine that asks a model: Xiaomi's MiMo, or any endpoint that speaks the same protocol."""
