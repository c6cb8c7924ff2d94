"""What a closing does to one entry: it is sealed with its total, and then given its rank."""

from collections.abc import Iterable

from kentongan.domain import Decision
from services.scoring.domain.activity import Doings, count_activity
from services.scoring.domain.competitions import Stage
from services.scoring.domain.entries import Entry, Participation
from services.scoring.domain.errors import StageIsClosed
from services.scoring.domain.ranking import (
    counted,
    goes_on,
    means_of,
    order_key,
    points_of,
    total_of,
)


def seal(entry: Entry, stage: Stage, doings: Doings) -> Decision[Entry]:
    """End the scoring of an entry in a stage: what it holds now is what counts.

    Freezes the activity criteria, and computes total and order. Raises StageIsClosed where the
    entry is sealed already, or isn't in this stage.
    """
    part = entry.participation(stage.number)
    if part is None or entry.sealed_stage != stage.number - 1:
        raise StageIsClosed(stage=stage.number)
    frozen = tuple(count_activity(each, doings) for each in counted(stage.criteria))
    part = part.model_copy(update={"counted": frozen})
    means = means_of(stage.criteria, points_of(stage.criteria, part))
    total = float(round(total_of(stage.criteria, means), 4))
    state = entry.with_participation(
        part.model_copy(update={"total": total}),
        sealed_stage=stage.number,
        order_key=order_key(stage.criteria, means),
    )
    return Decision(state, rule="stage.seal-entry")


def place(entry: Entry, stage: Stage, rank: int, *, last: bool) -> Decision[Entry]:
    """Give a sealed entry its rank; within the cut it goes on to the next stage, if there is one.

    Raises StageIsClosed where it isn't sealed in this stage, or was ranked in it.
    """
    if entry.sealed_stage != stage.number or entry.ranked_stage >= stage.number:
        raise StageIsClosed(stage=stage.number)
    qualified = goes_on(rank, stage.qualifying)
    part = entry.stages[stage.number - 1].model_copy(update={"rank": rank, "qualified": qualified})
    state = entry.with_participation(part, ranked_stage=stage.number, rank=rank)
    if qualified and not last:
        following: Iterable[Participation] = (
            *state.stages,
            Participation(number=stage.number + 1),
        )
        state = state.model_copy(update={"stage": stage.number + 1, "stages": tuple(following)})
    return Decision(state, rule="stage.rank-entry")
