"""Aggregates: one document each, one read and one guarded write a command."""
