"""Closing a stage of 83,762 entries scored by three judges: two judged criteria, one counted.

Kit: the service's closing, from a competition just told to close until its stage is closed: seal
every entry in chunks of a thousand (count contents and activities of its group, total, order), walk
through them in their order and rank them. Bare: a plain loop that reads the same entries in the
same chunks, counts the same doings, computes the same totals in whole numbers, and writes the same
fields in bulk twice, seal and rank, under the same guard; the driver only, no models. The case
fails where the two come to different results. One pair, whatever `--pairs` says: a run takes its
entries anew, and a minute or two.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from kentongan.domain.calendar import Calendar
from kentongan.domain.clock import utc_now
from kentongan.messaging.read_models.bound import bind
from kentongan.process.service import Resources
from kentongan.storage.driver import Database
from kentongan.storage.projections.build_markers import BuildMarkers
from services.scoring.app import make_counting, service
from services.scoring.domain.activity import period_of
from services.scoring.domain.competitions import Competition, CompetitionStatus
from services.scoring.judging.closing import StageClosing
from services.scoring.read_models import ActivityLedger, ContentDirectory
from services.scoring.settings import ScoringSettings
from services.scoring.stores import Stores, open_stores
from services.scoring.subscriptions import COUNTED
from tests.bench.assembled import assemble, layouts
from tests.bench.broadcasting import KIM_COUNT
from tests.bench.contest import activities, closing_competition, contents, entries
from tests.bench.filling import copy, fill, stored
from tests.bench.judging_bare import BareClosing
from tests.bench.likeness import refuse_different
from tests.bench.measuring import Comparison, Run, Stopwatch, alternate
from tests.bench.workbench import Workbench

SETTINGS = ScoringSettings(environment="development")
PAIRS = 1
SEEN_EVERY_SECONDS = 0.02
RESULT = {
    "_id": 1,
    "version": 1,
    "state.order_key": 1,
    "state.rank": 1,
    "state.stage": 1,
    "state.sealed_stage": 1,
    "state.ranked_stage": 1,
    "state.stages.counted": 1,
    "state.stages.total": 1,
    "state.stages.rank": 1,
    "state.stages.qualified": 1,
}


async def run(workbench: Workbench) -> Sequence[Comparison]:
    amount, competition = workbench.amount(KIM_COUNT), closing_competition()
    async with (
        workbench.kit_database(
            lambda one: layouts(assemble(service, SETTINGS, one), one)
        ) as database,
        workbench.bare_database(lambda one: [open_stores(one).entries.layout]) as plain,
    ):
        # By the plain client, which waits for as long as a copy takes.
        kept = plain.client[database.name]
        await fill(database, "entries_seed", entries(amount))
        await fill(database, "directory.contents", contents(amount))
        await fill(database, "ledger.activities", activities(amount))
        await mark_built(database)
        closing, stores = stage_closing(database), open_stores(database)

        async def kit() -> Run:
            await copy(kept, "entries_seed", kept, "entries")
            await begin(database, competition)
            return await closed(closing, stores, competition.competition_id, amount)

        async def bare() -> Run:
            await copy(kept, "entries_seed", plain, "entries")
            return await closed_bare(plain, kept, competition, amount)

        kit_runs, bare_runs = await alternate(PAIRS, kit, bare)
        refuse_different(await kept["entries"].find_one(), await plain["entries"].find_one())
        if await _results(kept) != await _results(plain):
            raise AssertionError("kit and bare come to different results")
    note = f"{amount:,} entries, 3 judges"
    return [Comparison("closing a stage", kit_runs, bare_runs, items="entries", note=note)]


def stage_closing(database: Database) -> StageClosing:
    """As the service wires it."""
    resources = Resources(settings=SETTINGS, client=database.client, database=database)
    counting = make_counting(resources, ContentDirectory(database), ActivityLedger(database))
    chunk, calendar = SETTINGS.scoring_closing_chunk, Calendar(utc_now)
    return StageClosing(database, open_stores(database), counting, calendar, chunk=chunk)


async def mark_built(database: Database) -> None:
    """What groups did is known, as after a build."""
    for one in bind(COUNTED, database):
        await BuildMarkers(database).mark_built(one.collection, {}, made_of=one.made_of)


async def begin(database: Database, competition: Competition) -> None:
    """The competition as the command to close its stage leaves it."""
    document = stored(competition.competition_id, 1, competition.model_dump())
    await database["competitions"].replace_one({"_id": document["_id"]}, document, upsert=True)


async def closed(closing: StageClosing, stores: Stores, competition_id: str, amount: int) -> Run:
    """Have the service close what waits for it."""
    watch = Stopwatch()
    watch.start()
    if not await closing.resume():
        raise AssertionError("nothing to close")
    while True:
        competition = (await stores.competitions.load(competition_id)).state
        if competition.status is not CompetitionStatus.CLOSING:
            break
        await asyncio.sleep(SEEN_EVERY_SECONDS)
    watch.stop()
    if competition.stages[0].entries != amount:
        raise AssertionError(f"{competition.stages[0].entries} entries, not {amount}")
    return watch.run(amount)


async def closed_bare(
    database: Any, read_models: Any, competition: Competition, amount: int
) -> Run:
    """Close the same by hand."""
    if competition.closing is None:
        raise AssertionError("nothing to close")
    period = period_of(competition, competition.closing.started_at)
    chunk = SETTINGS.scoring_closing_chunk
    by_hand = BareClosing(database, read_models, period, chunk=chunk)
    watch = Stopwatch()
    watch.start()
    await by_hand.seal(competition.competition_id)
    await by_hand.rank(competition.competition_id)
    watch.stop()
    return watch.run(amount)


async def _results(database: Any) -> list[Any]:
    found: list[Any] = await database["entries"].find({}, RESULT).sort([("_id", 1)]).to_list(None)
    return found
