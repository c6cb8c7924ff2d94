"""Aggregates and decisions of placement: no I/O, no clock, no framework."""
