"""Traces: the only package that knows OpenTelemetry, so that no span holds what it must not."""
