"""A plan: a proposal that names a group for every student, confirmed as a whole or thrown away."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from kentongan.domain import Decision
from kentongan.domain.state import State
from services.placement.domain.enrolments import (
    PLACEABLE,
    Enrolment,
    EnrolmentStatus,
    current_kim,
)
from services.placement.domain.errors import (
    ImpossibleTransition,
    PinRepeated,
    PlanOutdated,
    PlanTooLarge,
)
from services.placement.domain.reasons import Reason


class PlanStatus(StrEnum):
    """computing -> proposed | failed; proposed -> confirmed | discarded."""

    COMPUTING = "computing"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DISCARDED = "discarded"
    FAILED = "failed"


class Pin(State):
    """The office's own choice of a group for a student; the plan works around it."""

    enrolment_id: str
    kim_id: str


class PlanLine(State):
    """The group proposed for a student, where the student is now, and why."""

    enrolment_id: str
    kim_id: str
    kim_name: str
    region_code: str
    previous_kim_id: str | None = None
    reasons: tuple[Reason, ...]


class Unplaced(State):
    """A student for whom the plan has no group, and why."""

    enrolment_id: str
    reasons: tuple[Reason, ...]


class Balance(State):
    """How evenly students are spread: over groups, and universities within groups."""

    kims: int
    kims_without_students: int
    fewest_students: int
    most_students: int
    same_university_pairs: int


class Proposal(State):
    """What the solver found."""

    lines: tuple[PlanLine, ...]
    unplaced: tuple[Unplaced, ...]
    cost: int
    balance: Balance
    moves: int
    """Students that have a group today and would get another one."""


class Plan(State):
    """A plan for a cohort, or for some of its universities."""

    cohort_id: str
    region_code: str
    universities: tuple[str, ...] = ()
    pins: tuple[Pin, ...] = ()
    status: PlanStatus = PlanStatus.COMPUTING
    requested_at: datetime
    proposal: Proposal | None = None
    failure: str | None = None


def request_plan(
    cohort_id: str,
    region_code: str,
    pins: tuple[Pin, ...],
    universities: tuple[str, ...],
    now: datetime,
) -> Decision[Plan]:
    """Ask for a plan. Raises PinRepeated."""
    seen: set[str] = set()
    for position, pin in enumerate(pins):
        if pin.enrolment_id in seen:
            raise PinRepeated(field=f"/pins/{position}/enrolment_id", enrolment_id=pin.enrolment_id)
        seen.add(pin.enrolment_id)
    plan = Plan(
        cohort_id=cohort_id,
        region_code=region_code,
        universities=tuple(sorted(set(universities))),
        pins=tuple(sorted(pins, key=lambda pin: pin.enrolment_id)),
        requested_at=now,
    )
    return Decision(plan, rule="plan.request")


def propose(plan: Plan, proposal: Proposal) -> Decision[Plan]:
    """The solver is done. Raises ImpossibleTransition where another process was faster."""
    _ensure(plan, PlanStatus.COMPUTING, "plan.propose")
    state = plan.model_copy(update={"status": PlanStatus.PROPOSED, "proposal": proposal})
    return Decision(state, rule="plan.propose")


def fail(plan: Plan, failure: str) -> Decision[Plan]:
    """No plan can be made; `failure` is a code. Raises ImpossibleTransition."""
    _ensure(plan, PlanStatus.COMPUTING, "plan.fail")
    state = plan.model_copy(update={"status": PlanStatus.FAILED, "failure": failure})
    return Decision(state, rule=f"plan.fail:{failure}")


def discard(plan: Plan) -> Decision[Plan]:
    """Throw a proposal away. Raises ImpossibleTransition."""
    _ensure(plan, PlanStatus.PROPOSED, "plan.discard")
    return Decision(plan.model_copy(update={"status": PlanStatus.DISCARDED}), rule="plan.discard")


def confirm(plan: Plan) -> Decision[Plan]:
    """Confirm a proposal as a whole. Raises ImpossibleTransition."""
    _ensure(plan, PlanStatus.PROPOSED, "plan.confirm")
    return Decision(plan.model_copy(update={"status": PlanStatus.CONFIRMED}), rule="plan.confirm")


def ensure_confirmable_size(students: int, limit: int) -> None:
    """Raises PlanTooLarge where more students would change than one transaction may hold."""
    if students > limit:
        raise PlanTooLarge(students=students, limit=limit)


def lines_to_apply(plan: Plan, enrolments: Mapping[str, Enrolment]) -> tuple[PlanLine, ...]:
    """The lines that change something, in the order of the plan.

    A student who stays and carries no flag is left alone. Raises PlanOutdated, naming every
    enrolment that is not as it was when the plan was made, and ImpossibleTransition.
    """
    _ensure(plan, PlanStatus.PROPOSED, "plan.confirm")
    lines = plan.proposal.lines if plan.proposal else ()
    outdated = [line.enrolment_id for line in lines if not _as_planned(line, enrolments)]
    if outdated:
        raise PlanOutdated(enrolments=outdated, count=len(outdated))
    return tuple(line for line in lines if _changes(line, enrolments[line.enrolment_id]))


def _as_planned(line: PlanLine, enrolments: Mapping[str, Enrolment]) -> bool:
    enrolment = enrolments.get(line.enrolment_id)
    return (
        enrolment is not None
        and enrolment.status in PLACEABLE
        and current_kim(enrolment) == line.previous_kim_id
    )


def _changes(line: PlanLine, enrolment: Enrolment) -> bool:
    return line.kim_id != line.previous_kim_id or enrolment.status is not EnrolmentStatus.ASSIGNED


def _ensure(plan: Plan, status: PlanStatus, command: str) -> None:
    if plan.status is not status:
        raise ImpossibleTransition(status=plan.status.value, command=command)
