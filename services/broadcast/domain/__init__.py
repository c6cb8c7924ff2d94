"""Decisions of broadcast: no I/O, no clock, no framework."""
