"""A competition's outcome: stages, ranking, prizes."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CriterionShown:
    """A criterion of a rubric."""

    id: str
    name: str
    kind: str
    """judged or activity."""
    share: float
    """Of the stage's total, 0 to 1: its weight against the sum of all."""
    scale_min: int
    scale_max: int


@dataclass(frozen=True, slots=True)
class StageShown:
    """A stage and how it ended."""

    number: int
    name: str
    criteria: tuple[CriterionShown, ...]
    entries: int
    qualified: int


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """One entry of the final ranking."""

    rank: int
    group: str
    title: str
    reached: int
    """The last stage that it took part in; total and means are of that one."""
    total: float
    """0 to 100."""
    means: Mapping[str, float]
    """By criterion, on its own scale."""
    tied: bool
    """Whether another entry has the same rank."""


@dataclass(frozen=True, slots=True)
class PrizeShown:
    """What a group won."""

    name: str
    group: str
    rank: int | None
    """None for a special prize."""


@dataclass(frozen=True, slots=True)
class ContestShown:
    """The whole contest."""

    title: str
    stages: tuple[StageShown, ...]
    judges: int
    scores: int
    """Scores acknowledged, corrections apart."""
    corrections: int
    conflicts: int
    tie_rule: str
    ranking: tuple[PlaceShown, ...]
    prizes: tuple[PrizeShown, ...]
