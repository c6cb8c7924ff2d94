"""Decisions of scoring: no I/O, no clock, no framework."""
