"""Fifth act: judges score, correct, and stand back from a conflict; stages close."""

from collections.abc import Mapping, Sequence
from random import Random

from kentongan.demo.acts.entering import Contest, Entry
from kentongan.demo.acts.world import World
from kentongan.demo.city import contest
from kentongan.demo.clients.service_client import Accepted
from kentongan.demo.clients.waiting import until
from kentongan.demo.consistency.journal import Expectation
from kentongan.demo.summary import Text

FIRST, FINAL = 1, 2
CLOSING_SECONDS = 30.0
CORRECTING = 3
"""Entries whose first judge corrects a score."""
NOT_COUNTED = Text("Tidak ada nilai yang tersimpan.", "No score was stored.")
NOT_CLOSED = Text("Tahap tetap terbuka.", "The stage stayed open.")


async def judge_first_stage(world: World, competition: Contest) -> None:
    """All entries by all judges, a conflict apart; some scores are corrected; then it closes."""
    entries = list(competition.entries.values())
    random = world.random("conflict")
    judge, entry = contest.JUDGES[-1], random.choice(entries)
    competition.conflicted = judge, entry.id
    await world.scoring.acting_as(world.tokens.judge(judge)).command(
        "conflict.declare", "POST", f"/v1/entries/{entry.id}/conflicts", {}, aggregate=entry.id
    )
    await _try_conflicted(world, competition, entry)
    attempt = _close_command(world, competition, FIRST)
    await world.must_refuse("scoring", "scores-missing", attempt, NOT_CLOSED)
    await _score_all(world, competition, FIRST, entries)
    await _try_again(world, entries[0], FIRST)
    for corrected in entries[1 : 1 + CORRECTING]:
        await _correct(world, competition, corrected)
    await _close(world, competition, FIRST)
    await _try_closed(world, entries[0])
    competition.finalists = await _qualified(world, competition)


async def judge_final(world: World, competition: Contest) -> None:
    """The finalists before the jury; who is none can't be scored any more."""
    finalists = {entry.id for entry in competition.finalists}
    left = [entry for entry in competition.entries.values() if entry.id not in finalists]
    for entry in left[:1]:
        points = contest.final_points(world.random("left"))
        attempt = _score(world, entry, contest.JUDGES[0], FINAL, points)
        await world.must_refuse("scoring", "not-qualified", attempt, NOT_COUNTED)
    await _score_all(world, competition, FINAL, competition.finalists)
    await _close(world, competition, FINAL)


async def _score_all(
    world: World, competition: Contest, stage: int, entries: Sequence[Entry]
) -> None:
    sheets = [
        (entry, judge)
        for entry in entries
        for judge in contest.JUDGES
        if (judge, entry.id) != competition.conflicted
    ]

    async def fill_in(sheet: tuple[Entry, str]) -> None:
        entry, judge = sheet
        points = _points(world.random(f"score:{stage}:{judge}:{entry.group.id}"), stage)
        await _score(world, entry, judge, stage, points)
        competition.scores += 1

    named = (
        Text("Juri menilai karya", "Judges score the entries")
        if stage == FIRST
        else Text("Juri menilai finalis", "Judges score the finalists")
    )
    await world.each(named, sheets, fill_in)


def _points(random: Random, stage: int) -> dict[str, int]:
    return contest.first_points(random) if stage == FIRST else contest.final_points(random)


async def _score(
    world: World, entry: Entry, judge: str, stage: int, points: Mapping[str, int]
) -> Accepted:
    return await world.scoring.acting_as(world.tokens.judge(judge)).command(
        "score.submit",
        "POST",
        f"/v1/entries/{entry.id}/scores",
        {"stage": stage, "points": dict(points)},
        aggregate=entry.id,
        publishes="ScoreSubmitted",
    )


async def _correct(world: World, competition: Contest, entry: Entry) -> None:
    judge = contest.JUDGES[0]
    points = _points(world.random(f"correction:{entry.group.id}"), FIRST)
    await world.scoring.acting_as(world.tokens.judge(judge)).command(
        "score.correct",
        "POST",
        f"/v1/entries/{entry.id}/scores/corrections",
        {"stage": FIRST, "points": points, "reason": "Salah memindahkan nilai dari kertas."},
        aggregate=entry.id,
        publishes="ScoreSubmitted",
    )
    competition.corrections += 1


async def _try_conflicted(world: World, competition: Contest, entry: Entry) -> None:
    judge, points = competition.conflicted[0], _points(world.random("conflict"), FIRST)
    attempt = _score(world, entry, judge, FIRST, points)
    await world.must_refuse("scoring", "conflict-declared", attempt, NOT_COUNTED)
    attempt = _score(world, entry, contest.OUTSIDER, FIRST, points)
    await world.must_refuse("scoring", "foreign-judge", attempt, NOT_COUNTED)


async def _try_again(world: World, entry: Entry, stage: int) -> None:
    points = _points(world.random("again"), stage)
    judge = contest.JUDGES[0]
    attempt = _score(world, entry, judge, stage, points)
    afterwards = Text("Nilai pertama tetap berlaku.", "The first score stands.")
    await world.must_refuse("scoring", "already-scored", attempt, afterwards)


async def _try_closed(world: World, entry: Entry) -> None:
    attempt = _score(world, entry, contest.JUDGES[0], FIRST, _points(world.random("late"), FIRST))
    await world.must_refuse("scoring", "stage-closed", attempt, NOT_COUNTED)


async def _close_command(world: World, competition: Contest, stage: int) -> Accepted:
    """Stages that are still to come have no figures in the event; by that they are told apart."""
    final = len(competition.finalists) if stage == FINAL else None
    return await world.scoring.acting_as(world.tokens.diskominfo()).command(
        "stage.close",
        "POST",
        f"/v1/competitions/{competition.id}/stages/{stage}/closing",
        {},
        aggregate=competition.id,
        expecting=lambda _: [
            Expectation("StageClosed", competition.id, fields={"stages.1.entries": final})
        ],
    )


async def _close(world: World, competition: Contest, stage: int) -> None:
    async def closed() -> bool | None:
        found = await world.scoring.read(f"/v1/competitions/{competition.id}")
        return True if found["stages"][stage - 1]["closed_at"] else None

    async def close(_: int) -> None:
        await _close_command(world, competition, stage)
        await until(closed, seconds=CLOSING_SECONDS, what=f"the closing of stage {stage}")

    text = Text(f"Tahap {stage} ditutup dan disegel", f"Stage {stage} is sealed and ranked")
    await world.each(text, (1,), close)


async def _qualified(world: World, competition: Contest) -> tuple[Entry, ...]:
    diskominfo = world.scoring.acting_as(world.tokens.diskominfo())
    path = f"/v1/competitions/{competition.id}/entries"
    reached = await diskominfo.read_all(path, stage=FINAL, limit=200)
    return tuple(competition.entries[one["id"]] for one in reached)
