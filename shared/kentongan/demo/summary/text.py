"""Words in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """The same in Indonesian and English."""

    id: str
    en: str
