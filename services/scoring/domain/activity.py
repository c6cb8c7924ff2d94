"""Points for what a group did: contents published and activities verified, against a target."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction

from kentongan.domain.calendar import zone_of
from services.scoring.domain.competitions import Competition
from services.scoring.domain.entries import ActivityCount
from services.scoring.domain.errors import CriterionMisdescribed
from services.scoring.domain.rubrics import Criterion


@dataclass(frozen=True, slots=True)
class Doings:
    """What a group did in the competition's period, as far as it was known at the closing."""

    contents: int = 0
    activities: int = 0


@dataclass(frozen=True, slots=True)
class Period:
    """When doings count: on these days, and known before the closing began."""

    first: date
    last: date
    since: datetime
    before: datetime
    """For moments: the end of the last day in the competition's region, or the closing."""
    closed_at: datetime


def period_of(competition: Competition, closing_at: datetime) -> Period:
    """The period in which doings count for the stage whose closing began at this moment."""
    zone = zone_of(competition.region_code)
    first, last = competition.period_start, competition.period_end
    end = datetime.combine(last + timedelta(days=1), time(), tzinfo=zone)
    return Period(
        first=first,
        last=last,
        since=datetime.combine(first, time(), tzinfo=zone),
        before=min(end, closing_at),
        closed_at=closing_at,
    )


def count_activity(criterion: Criterion, doings: Doings) -> ActivityCount:
    """Points for a group's doings, rounded to hundredths (half to even).

    scale_min + (scale_max - scale_min) * min(1, (contents * per_content + activities *
    per_activity) / target). Raises CriterionMisdescribed for a criterion that isn't counted.
    """
    formula = criterion.activity
    if formula is None:
        raise CriterionMisdescribed(criterion=criterion.criterion_id)
    earned = doings.contents * formula.per_content + doings.activities * formula.per_activity
    share = min(Fraction(1), Fraction(earned, formula.target))
    return ActivityCount(
        criterion_id=criterion.criterion_id,
        contents=doings.contents,
        activities=doings.activities,
        hundredths=round(100 * (criterion.scale_min + criterion.range * share)),
    )
