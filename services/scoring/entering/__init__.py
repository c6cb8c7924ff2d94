"""A group enters a competition: one transaction over both."""
