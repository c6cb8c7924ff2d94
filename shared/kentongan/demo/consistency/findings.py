"""What a consistency check can find."""

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What can be wrong."""

    LOST = "lost"
    DOUBLED = "doubled"
    DISORDERED = "disordered"
    DIVERGED = "diverged"
    UNEXPLAINED = "unexplained"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong: where, about which aggregate, and what exactly (English, for engineers)."""

    kind: FindingKind
    where: str
    aggregate: str
    detail: str
