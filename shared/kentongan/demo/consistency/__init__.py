"""The consistency check: what clients were promised against what can be found."""
