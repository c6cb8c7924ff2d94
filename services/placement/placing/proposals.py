"""From the solver's result to the proposal that people read."""

from kentongan.domain.kims import Kim
from services.placement.domain.cohorts import Cohort
from services.placement.domain.plans import Balance, PlanLine, Proposal, Unplaced
from services.placement.domain.reasons import Reason, ReasonCode
from services.placement.placing.gathering import Gathered
from services.placement.planning.problem import (
    Figures,
    Placed,
    PlanImpossible,
    PlanningResult,
    Why,
)


def proposal_of(gathered: Gathered, result: PlanningResult) -> Proposal:
    """The proposal. Raises PlanImpossible with the solver's own code."""
    if result.figures is None:
        raise PlanImpossible(result.failure or "solver-crashed")
    left_over = (
        Unplaced(enrolment_id=each.student, reasons=_reasons(each.reasons))
        for each in result.left_over
    )
    return Proposal(
        lines=tuple(
            _line(each, gathered.kims[each.group], gathered.cohort) for each in result.placed
        ),
        unplaced=(*left_over, *gathered.unplaceable),
        cost=result.figures.cost,
        balance=_balance(result.figures),
        moves=result.figures.moves,
    )


def _line(placed: Placed, kim: Kim, cohort: Cohort) -> PlanLine:
    reasons = _reasons(placed.reasons)
    if kim.valid_until < cohort.period_end:
        facts = {"valid_until": kim.valid_until.isoformat()}
        reasons = (*reasons, Reason(code=ReasonCode.DECREE_ENDS_IN_PERIOD, facts=facts))
    return PlanLine(
        enrolment_id=placed.student,
        kim_id=kim.kim_id,
        kim_name=kim.name,
        region_code=kim.region_code,
        previous_kim_id=placed.previous,
        reasons=reasons,
    )


def _reasons(reasons: tuple[Why, ...]) -> tuple[Reason, ...]:
    return tuple(Reason(code=ReasonCode(why.code), facts=why.facts) for why in reasons)


def _balance(figures: Figures) -> Balance:
    return Balance(
        kims=figures.groups,
        kims_without_students=figures.groups_without_students,
        fewest_students=figures.fewest_students,
        most_students=figures.most_students,
        same_university_pairs=figures.same_university_pairs,
    )
