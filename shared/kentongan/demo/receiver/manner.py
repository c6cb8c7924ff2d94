"""How the receiver's addresses behave."""

from enum import StrEnum


class Manner(StrEnum):
    """How an address behaves."""

    PROMPT = "siap"
    FAILING = "pulih"
    """Answers 503 until it has recovered."""
    SILENT = "bisu"
    """Accepts and never answers."""
