"""The events that an entry's scores were told by, as far as what is kept says it exactly."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kentongan.contracts.scoring import ScoreSubmitted
from services.scoring.domain.entries import Entry, Participation


@dataclass(frozen=True, slots=True)
class Given:
    """When which decision gave or corrected points: what an audit line says of it."""

    id: str
    at: datetime
    corrects: bool


@dataclass(frozen=True, slots=True)
class ScoreTold:
    """One event, and the decision that recorded it."""

    event: ScoreSubmitted
    given: Given


Judged = tuple[int, str]
"""Stage and judge."""
Certain = dict[tuple[datetime, bool], dict[Judged, dict[str, int]]]
"""By moment and whether it corrects: the points by criterion that are known to be of it."""


def scores_told(entry: Entry, given: Sequence[Given]) -> tuple[list[ScoreTold], int]:
    """The events of all decisions that can be told exactly, and how many can't.

    A score keeps the time of its last correction alone. What was submitted first and corrected
    since is told where it can only have been part of one decision.
    """
    certain: Certain = defaultdict(dict)
    replaced: dict[Judged, dict[str, int]] = {}
    for part in entry.stages:
        _gather(part, certain, replaced)
    submissions = [one for one in given if not one.corrects]
    unclaimed = [one for one in submissions if (one.at, False) not in certain]
    doubtful: set[datetime] = set()
    for judged, points in replaced.items():
        own = [one for one in submissions if judged in certain.get((one.at, False), {})]
        if len(own) == 1 and not unclaimed:
            certain[own[0].at, False][judged].update(points)
        elif not own and len(unclaimed) == 1 and len(replaced) == 1:
            certain[unclaimed[0].at, False][judged] = points
        else:
            doubtful.update(one.at for one in own)
    told: list[ScoreTold] = []
    for one in given:
        by_judge = certain.get((one.at, one.corrects), {})
        if len(by_judge) == 1 and (one.corrects or one.at not in doubtful):
            ((judged, its_points),) = by_judge.items()
            told.append(ScoreTold(_event(entry, judged, its_points, one), one))
    return told, len(given) - len(told)


def _gather(part: Participation, certain: Certain, replaced: dict[Judged, dict[str, int]]) -> None:
    for one in part.corrections:
        judged = (part.number, one.judge_id)
        replaced.setdefault(judged, {}).setdefault(one.criterion_id, one.before)
        corrected = certain[one.corrected_at, True].setdefault(judged, {})
        corrected[one.criterion_id] = one.after
    for score in part.scores:
        judged = (part.number, score.judge_id)
        if score.criterion_id not in replaced.get(judged, {}):
            submitted = certain[score.scored_at, False].setdefault(judged, {})
            submitted[score.criterion_id] = score.points


def _event(entry: Entry, judged: Judged, points: dict[str, int], given: Given) -> ScoreSubmitted:
    return ScoreSubmitted(
        entry_id=entry.entry_id,
        competition_id=entry.competition_id,
        stage=judged[0],
        judge_id=judged[1],
        points=points,
        corrects=given.corrects,
        scored_at=given.at,
    )
