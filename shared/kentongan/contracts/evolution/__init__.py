"""How contracts may change: golden schemas, and what a change would do to old and new readers."""
