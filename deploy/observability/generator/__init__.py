"""Writes the dashboards and the objectives' rules, so that what belongs together is said once."""
