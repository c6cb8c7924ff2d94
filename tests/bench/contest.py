"""A competition with an entry of every group, scored by three judges, about to be closed."""

import random
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from kentongan.contracts.broadcast import EXAMPLE as CONTENT
from kentongan.contracts.broadcast import ContentPublished
from kentongan.contracts.placement import ActivityVerified
from kentongan.domain.calendar import day_in
from kentongan.domain.clock import utc_now
from services.scoring.domain.competitions import Competition, Stage
from services.scoring.domain.entries import Entry, Participation, Score
from services.scoring.domain.rubrics import ActivityFormula, Criterion, CriterionKind
from services.scoring.domain.running import begin_closing
from services.scoring.read_models import activity_entry, content_entry
from tests.bench.data import BEGINNING, SEED, identity
from tests.bench.filling import stored

REGION = "36.71"
JUDGES = ("juri-1", "juri-2", "juri-3")
QUALIFYING = 100
CREATIVITY = Criterion(
    criterion_id="kreativitas",
    name="Kreativitas",
    kind=CriterionKind.JUDGED,
    weight=60,
    scale_min=0,
    scale_max=100,
)
IMPACT = CREATIVITY.model_copy(
    update={"criterion_id": "dampak", "name": "Dampak", "weight": 30, "scale_max": 10}
)
ACTIVE = CREATIVITY.model_copy(
    update={
        "criterion_id": "keaktifan",
        "name": "Keaktifan",
        "kind": CriterionKind.ACTIVITY,
        "weight": 10,
        "activity": ActivityFormula(per_content=2, per_activity=1, target=8),
    }
)
RUBRIC = (CREATIVITY, IMPACT, ACTIVE)


def closing_competition() -> Competition:
    """Two stages, of which the first is being closed."""
    now = utc_now()
    first = Stage(
        number=1,
        name="Penyisihan",
        criteria=RUBRIC,
        judges=JUDGES,
        deadline=now,
        qualifying=QUALIFYING,
        judging_since=BEGINNING,
    )
    competition = Competition(
        competition_id=identity(0),
        title="Lomba Kampung Digital",
        region_code=REGION,
        period_start=day_in(REGION, BEGINNING) - timedelta(days=1),
        period_end=day_in(REGION, now) + timedelta(days=1),
        submissions_until=BEGINNING,
        stages=(first, first.model_copy(update={"number": 2, "name": "Akhir"})),
    )
    return begin_closing(competition, 1, 0, now, None).state


def entries(amount: int) -> Iterator[dict[str, Any]]:
    """Scored by everybody, as stored after all events were published."""
    generator = random.Random(SEED)
    for number in range(amount):
        state = _entry(number, generator).model_dump()
        decisions = [_decided(number, version) for version in range(1, 2 + len(JUDGES))]
        yield stored(state["entry_id"], len(decisions), state, decisions=decisions)


def contents(groups: int) -> Iterator[dict[str, Any]]:
    """None, one or two published contents of each group, as the directory holds them."""
    entry = content_entry(ContentPublished.model_validate(CONTENT))
    for number in _repeated(groups, 3):
        own = {"content_id": identity(number), "kim_id": _kim(number // 3)}
        yield _read_model(number, ContentPublished, entry | own | {"published_at": BEGINNING})


def activities(groups: int) -> Iterator[dict[str, Any]]:
    """Up to three verified activities of each group, as the ledger holds them."""
    entry = activity_entry(ActivityVerified.model_validate(ActivityVerified.contract.example))
    for number in _repeated(groups, 4):
        own = {"activity_id": identity(number), "kim_id": _kim(number // 4)}
        fact = entry | own | {"date": day_in(REGION, BEGINNING).isoformat()}
        yield {**_read_model(number, ActivityVerified, fact), "key": identity(number)}


def _entry(number: int, generator: random.Random) -> Entry:
    scores = tuple(
        Score(
            judge_id=judge_id,
            criterion_id=criterion.criterion_id,
            points=generator.randint(criterion.scale_min, criterion.scale_max),
            scored_at=BEGINNING,
        )
        for judge_id in JUDGES
        for criterion in (CREATIVITY, IMPACT)
    )
    return Entry(
        entry_id=identity(10**7 + number),
        competition_id=identity(0),
        kim_id=_kim(number),
        region_code="36.71.07.1013",
        title=f"Karya {number}",
        summary="Lapak bersama untuk usaha kecil di kelurahan.",
        links=("https://kim.example.id/karya",),
        submitted_at=BEGINNING,
        stages=(Participation(number=1, scores=scores),),
    )


def _decided(number: int, version: int) -> dict[str, Any]:
    command = "score.submit" if version > 1 else "entry.submit"
    return {
        "id": identity(10**8 + number * 10 + version),
        "at": BEGINNING,
        "actor": f"judge:{version}",
        "command": command,
        "rule": command,
        "version": version,
        "note": None,
    }


def _repeated(groups: int, most: int) -> Iterable[int]:
    """Numbers that stand for fewer than `most` things of each group: 0, 1, 2, …, 0, 1, …"""
    for group in range(groups):
        yield from range(group * most, group * most + group % most)


def _kim(number: int) -> str:
    return identity(number)


def _read_model(number: int, event: Any, entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "_id": identity(10**9 + number),
        "version": 1,
        "type": event.contract.type,
        "time": BEGINNING,
        "entry": entry,
    }
