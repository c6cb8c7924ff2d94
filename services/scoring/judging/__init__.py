"""Entries are scored, stages closed (sealed and ranked in chunks), and results published."""
