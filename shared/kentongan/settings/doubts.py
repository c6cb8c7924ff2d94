"""What is allowed, works, and is doubtful in production."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Doubt:
    """A setting that somebody should think about, and what they can do; shows no value."""

    variable: str
    detail: str
    remedy_id: str
    remedy_en: str
