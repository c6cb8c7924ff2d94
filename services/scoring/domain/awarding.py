"""Publishing a competition's results: who wins which prize."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from kentongan.contracts.scoring import ResultsPublished
from kentongan.domain import Decision
from kentongan.domain.state import State
from services.scoring.domain import errors
from services.scoring.domain.competitions import (
    Competition,
    CompetitionStatus,
    Outcome,
    Prize,
)
from services.scoring.domain.entries import Entry
from services.scoring.domain.public_state import results_of, state_event

WINNERS = 200
"""The most prizes that results may give, shared ranks included."""


class PrizeOffered(State):
    """A prize for a rank, or a special one for an entry."""

    name: str
    rank: int | None = None
    entry_id: str | None = None


def ensure_all_closed(competition: Competition) -> None:
    """Raises AlreadyPublished, StagesOpen."""
    if competition.outcome is not None:
        raise errors.AlreadyPublished
    if competition.open_stage is not None:
        raise errors.StagesOpen(stage=competition.open_stage.number)


def award(
    offered: Sequence[PrizeOffered],
    by_rank: Mapping[int, Sequence[Entry]],
    by_id: Mapping[str, Entry],
) -> tuple[Prize, ...]:
    """The prizes that are won: all who share a rank win the prize of that rank.

    Raises RankEmpty, EntryUnknown, TooManyWinners.
    """
    won: list[Prize] = []
    for position, prize in enumerate(offered):
        winners: Sequence[Entry]
        if prize.entry_id is not None:
            if prize.entry_id not in by_id:
                raise errors.EntryUnknown(
                    field=f"/prizes/{position}/entry_id", entry=prize.entry_id
                )
            winners = [by_id[prize.entry_id]]
        else:
            winners = by_rank.get(prize.rank or 0, ())
            if not winners:
                raise errors.RankEmpty(field=f"/prizes/{position}/rank", rank=prize.rank)
        won += [
            Prize(name=prize.name, entry_id=each.entry_id, kim_id=each.kim_id, rank=prize.rank)
            for each in winners
        ]
    if len(won) > WINNERS:
        raise errors.TooManyWinners(field="/prizes", limit=WINNERS)
    return tuple(won)


def publish_results(
    competition: Competition,
    prizes: tuple[Prize, ...],
    entries: int,
    first: Sequence[Entry],
    now: datetime,
) -> Decision[Competition]:
    """Make the results public, for good. `first` are the entries of the lowest ranks, in order.

    Raises AlreadyPublished, StagesOpen.
    """
    ensure_all_closed(competition)
    outcome = Outcome(published_at=now, entries=entries, prizes=prizes)
    state = competition.model_copy(
        update={"status": CompetitionStatus.PUBLISHED, "outcome": outcome}
    )
    results = results_of(state, outcome, first)
    event = state_event(ResultsPublished, state, results)
    return Decision(state, rule="results.publish", event=event)
