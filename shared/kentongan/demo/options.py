"""What one run of the demo is asked for."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """The city's code, the seed of everything random, and what to leave behind."""

    city: str
    seed: int
    keep: bool
    quick: bool
    page: Path
    against: Path | None = None
    """The file of a system that somebody else runs; None starts one on this machine."""
