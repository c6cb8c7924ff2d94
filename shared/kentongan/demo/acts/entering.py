"""Fifth act, its beginning: the contest is opened, and groups enter."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from kentongan.demo.acts.world import Group, World
from kentongan.demo.city import contest
from kentongan.demo.clients.service_client import Accepted
from kentongan.demo.summary import Text
from kentongan.domain.clock import utc_now

NOT_ENTERED = Text("Tidak ikut lomba.", "It does not take part.")


@dataclass(frozen=True, slots=True)
class Entry:
    """A group's entry, as its client remembers it."""

    id: str
    group: Group
    title: str


@dataclass(slots=True)
class Contest:
    """The competition, as its client remembers it."""

    id: str
    entries: dict[str, Entry] = field(default_factory=dict)
    conflicted: tuple[str, str] = ("", "")
    """The judge and the entry of the conflict that was declared."""
    finalists: tuple[Entry, ...] = ()
    scores: int = 0
    corrections: int = 0


async def open_contest(world: World, period_start: str) -> Contest:
    """Diskominfo opens it: two stages with a rubric, three judges and a deadline each."""
    now = utc_now()

    def stage(name: str, criteria: list[dict[str, Any]], hours: int, **more: Any) -> dict[str, Any]:
        deadline = (now + timedelta(hours=hours)).isoformat()
        judges = list(contest.JUDGES)
        return {"name": name, "criteria": criteria, "judges": judges, "deadline": deadline, **more}

    opened = await world.scoring.acting_as(world.tokens.diskominfo()).command(
        "competition.open",
        "POST",
        "/v1/competitions",
        {
            "title": contest.TITLE,
            "region_code": world.city.code,
            "period_start": period_start,
            "period_end": world.today.isoformat(),
            "submissions_until": (now + timedelta(hours=1)).isoformat(),
            "stages": [
                stage("Karya", contest.first_rubric(), 2, qualifying=_finalists(world)),
                stage("Presentasi", contest.final_rubric(), 3),
            ],
        },
    )
    return Contest(opened.id)


async def enter(
    world: World, competition: Contest, groups: Sequence[Group], suspended: Group
) -> None:
    """Every registered group enters, once; the suspended one may not."""
    entries = await world.each(
        Text("KIM mendaftarkan karya", "Groups enter the contest"),
        groups,
        lambda group: _submit(world, competition, group),
    )
    competition.entries = {entry.id: entry for entry in entries}
    attempt = _submit_command(world, competition, suspended)
    await world.must_refuse("scoring", "kim-not-registered", attempt, NOT_ENTERED)


def _finalists(world: World) -> int:
    return min(contest.FINALISTS, max(2, len(world.groups) // 2))


def _submit_command(world: World, competition: Contest, group: Group) -> Any:
    board = world.scoring.acting_as(world.tokens.kim(group.id, group.dossier.village.code))
    return board.command(
        "entry.submit",
        "POST",
        f"/v1/competitions/{competition.id}/entries",
        contest.entry_of(group.dossier.village, world.random(f"entry:{group.id}")),
        publishes="EntrySubmitted",
    )


async def _submit(world: World, competition: Contest, group: Group) -> Entry:
    accepted: Accepted = await _submit_command(world, competition, group)
    title = contest.entry_of(group.dossier.village, world.random(f"entry:{group.id}"))["title"]
    return Entry(accepted.id, group, title)
