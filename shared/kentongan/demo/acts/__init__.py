"""The acts of a season, in the order of `season.py`, and what they share."""
