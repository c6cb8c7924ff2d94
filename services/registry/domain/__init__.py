"""The life of a group as pure decisions: no I/O, no clock, no framework."""
