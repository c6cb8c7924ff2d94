"""What a stage is judged by: its criteria, their weights and scales."""

from enum import StrEnum

from kentongan.domain.state import State
from services.scoring.domain.errors import (
    CriterionMisdescribed,
    CriterionRepeated,
    ScaleReversed,
)


class CriterionKind(StrEnum):
    """Whether judges give the points, or what the group did."""

    JUDGED = "judged"
    ACTIVITY = "activity"


class ActivityFormula(State):
    """How a group's doings become points: contents and activities, weighted, against a target."""

    per_content: int
    per_activity: int
    target: int
    """What earns the most points; more earns no more."""


class Criterion(State):
    """One thing that is judged, or counted."""

    criterion_id: str
    name: str
    kind: CriterionKind
    weight: int
    """1 to 100; its share of the total is its share of the sum of weights."""
    scale_min: int
    scale_max: int
    activity: ActivityFormula | None = None

    @property
    def range(self) -> int:
        """From the fewest to the most points."""
        return self.scale_max - self.scale_min


Rubric = tuple[Criterion, ...]


def check_rubric(criteria: Rubric, field: str) -> None:
    """Raises CriterionRepeated, ScaleReversed, CriterionMisdescribed; `field` points to the list.

    A criterion that is counted needs its formula, and none other has one.
    """
    seen: set[str] = set()
    for position, criterion in enumerate(criteria):
        here = f"{field}/{position}"
        if criterion.criterion_id in seen:
            raise CriterionRepeated(field=f"{here}/id", criterion=criterion.criterion_id)
        seen.add(criterion.criterion_id)
        if criterion.range <= 0:
            raise ScaleReversed(field=f"{here}/scale_max", criterion=criterion.criterion_id)
        counted = criterion.kind is CriterionKind.ACTIVITY
        if counted != (criterion.activity is not None):
            raise CriterionMisdescribed(field=f"{here}/activity", criterion=criterion.criterion_id)


def judged(criteria: Rubric) -> Rubric:
    """Those that judges give points for."""
    return tuple(each for each in criteria if each.kind is CriterionKind.JUDGED)


def by_importance(criteria: Rubric) -> Rubric:
    """In the order in which they tell equal totals apart: by weight, then as in the rubric."""
    return tuple(sorted(criteria, key=lambda each: -each.weight))
