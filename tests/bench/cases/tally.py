"""Tally of 1,000,000 votes of 14 days for 72 options.

Kit: the service's figures by day and option, ranked, as its page shows them; the first reading goes
over all votes, a later one finds 13 days kept and counts only the last. Bare: one aggregation over
the same collection that groups all counted votes by day and option, from the same index; it counts
no suggestions, which in the kit's pipeline make twice as many groups. Majority reads. The votes are
copies of 10,000 that differ, made by the server.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from kentongan.domain.calendar import day_in
from kentongan.domain.clock import utc_now
from kentongan.storage import plan
from kentongan.storage.driver import Database, open_database
from services.scoring.domain.campaigns import Campaign
from services.scoring.domain.votes import Vote
from services.scoring.stores import Stores, open_stores
from services.scoring.voting.counting import Counting
from services.scoring.voting.tallying import Tallying
from tests.bench.campaigning import campaign, option_of, suggestion_of
from tests.bench.data import identity
from tests.bench.filling import copy, fill, stored
from tests.bench.measuring import Comparison, Contender, Run, Stopwatch, alternate
from tests.bench.workbench import Workbench

VOTES = 1_000_000
DAYS = 14
DIFFERENT = 10_000


async def run(workbench: Workbench) -> Sequence[Comparison]:
    amount, opened = workbench.amount(VOTES), campaign(DAYS)
    async with workbench.bare_database(lambda _: []) as plain:
        # By this client, which waits for as long as an index of a million votes takes.
        database = open_database(plain.client, plain.name)
        stores = open_stores(database)
        await seed(database, stores, opened, amount)
        counting = Counting(stores)
        tallying = Tallying(stores, counting)

        async def first() -> Run:
            await counting.forget(opened.campaign_id)
            return await _read(tallying, opened, amount)

        async def later() -> Run:
            yesterday = opened.day_of(utc_now()) - timedelta(days=1)
            await counting.keep(opened.campaign_id, opened.days_until(yesterday))
            return await _read(tallying, opened, amount)

        bare = _aggregated(database, opened, amount)
        first_runs, bare_runs, later_runs = await alternate(workbench.pairs, first, bare, later)
    note = f"{amount:,} votes of {DAYS} days,"
    return [
        Comparison("tally", first_runs, bare_runs, note=f"{note} all counted", whole=True),
        Comparison("tally", later_runs, bare_runs, note=f"{note} 13 kept", whole=True),
    ]


async def seed(database: Database, stores: Stores, opened: Campaign, amount: int) -> None:
    """The votes, and then their indexes, which is faster."""
    await fill(database, "votes_seed", votes(opened))
    each_day = {"$arrayElemAt": [[day.isoformat() for day in _days(opened)], "$day"]}
    copies: list[dict[str, Any]] = [
        {"$set": {"copy": {"$range": [0, amount // DIFFERENT]}}},
        {"$unwind": "$copy"},
        {"$set": {"_id": {"$concat": ["$_id", "-", {"$toString": "$copy"}]}}},
        {"$set": {"day": {"$mod": [{"$add": ["$copy", "$number"]}, DAYS]}}},
        {"$set": {"state.vote_id": "$_id", "state.day": each_day}},
        {"$unset": ["copy", "day", "number"]},
    ]
    await copy(database, "votes_seed", database, stores.votes.name, *copies)
    layouts = [stores.votes.layout, stores.voting_days.layout, stores.tallies.layout]
    await plan.apply(database, layouts)


def votes(opened: Campaign) -> Iterator[dict[str, Any]]:
    """Votes of which all others are copies; nothing of them is left in an outbox."""
    now = utc_now()
    for number in range(DIFFERENT):
        suggestion = suggestion_of(number)
        vote = Vote(
            vote_id=identity(number),
            campaign_id=opened.campaign_id,
            option_id=option_of(number),
            day=day_in(opened.region_code, now),
            suggestion=suggestion,
            suggests=suggestion is not None,
            cast_at=now,
            counted=True,
        )
        decided = {"id": identity(number), "at": now, "actor": "voter", "command": "vote.cast"}
        decided |= {"rule": "vote.cast", "version": 1, "note": None}
        state = vote.model_dump() | {"day": vote.day.isoformat()}
        yield stored(vote.vote_id, 1, state, decisions=[decided], number=number)


def _days(opened: Campaign) -> list[Any]:
    return list(opened.days_until(opened.day_of(utc_now())))


async def _read(tallying: Tallying, opened: Campaign, amount: int) -> Run:
    watch = Stopwatch()
    watch.start()
    _, figures = await tallying.figures(opened)
    watch.stop()
    if figures.votes != amount:
        raise AssertionError(f"{figures.votes} votes, not {amount}")
    return watch.run(amount)


def _aggregated(database: Database, opened: Campaign, amount: int) -> Contender:
    wanted = {"state.campaign_id": opened.campaign_id, "state.counted": True}
    day_and_option = {"day": "$state.day", "option": "$state.option_id"}
    pipeline: list[dict[str, Any]] = [
        {"$match": wanted},
        {"$group": {"_id": day_and_option, "votes": {"$sum": 1}}},
    ]

    async def run() -> Run:
        watch = Stopwatch()
        watch.start()
        groups = await database["votes"].aggregate(pipeline).to_list(None)
        watch.stop()
        if sum(group["votes"] for group in groups) != amount:
            raise AssertionError("votes are missing")
        return watch.run(amount)

    return run
