"""What no majority has yet: never published, and waited for where a decision depends on it."""

import asyncio
import time

import pytest
from pymongo import WriteConcern

from kentongan.storage.driver import Collection, Database, read_settled
from kentongan.storage.outbox import Outbox
from tests.integration.storage.drums import NOW

TRIES = 30


@pytest.fixture
def hasty(database: Database) -> Collection:
    """Writes are answered before they are in the journal, so that a majority read lags behind."""
    return database["drums"].with_options(write_concern=WriteConcern(1))


async def test_a_settled_read_sees_what_a_majority_read_does_not_yet(
    database: Database, hasty: Collection
) -> None:
    behind = 0
    for number in range(TRIES):
        await hasty.insert_one({"_id": f"d{number}", "version": 1})
        behind += await database["drums"].find_one({"_id": f"d{number}"}) is None
        assert await read_settled(database["drums"], f"d{number}", {}) == {
            "_id": f"d{number}",
            "version": 1,
        }
        assert await database["drums"].find_one({"_id": f"d{number}"}) is not None
    assert behind, "every write was a majority's at once: this tested nothing"
    assert await read_settled(database["drums"], "nowhere", {}) is None
    assert await database["drums"].count_documents({}) == TRIES


async def test_the_relay_sees_no_event_that_could_still_be_rolled_back(
    database: Database, hasty: Collection
) -> None:
    outbox, unseen = Outbox(database, ["drums"]), 0
    for number in range(TRIES):
        waiting = {"_id": f"d{number}", "outbox": [], "pending_since": NOW}
        await hasty.insert_one(waiting)
        unseen += len(await outbox.pending(TRIES)) < number + 1
        deadline = time.monotonic() + 10
        while len(await outbox.pending(TRIES)) < number + 1:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.005)
    assert unseen, "every write was a majority's at once: this tested nothing"
