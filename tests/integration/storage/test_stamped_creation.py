"""Facts that the database stamps: written once, in time or marked as too late."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel
from pymongo.errors import AutoReconnect

from kentongan.contracts.event import Event, Kind, Topic, event
from kentongan.domain import Decision
from kentongan.storage import plan
from kentongan.storage.aggregates.stamped_store import Stamp, StampedStore
from kentongan.storage.aggregates.store import Index, Stored
from kentongan.storage.driver import Client, Database
from kentongan.storage.errors import (
    AggregateExists,
    CameTooLate,
    DuplicateValue,
    IdempotencyKeyReused,
    StorageUnavailable,
)
from kentongan.storage.outbox import Outbox
from tests.integration.storage.drums import command, raw

KNOCKS = Topic(
    name="test.knocks", service="test", key="knock_id", kind=Kind.FACT, description="Knocks."
)
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
FAR_AWAY = datetime(2090, 1, 1, tzinfo=UTC)


@event(
    KNOCKS,
    trigger="Somebody knocks.",
    readers=(),
    example={"knock_id": "k", "door": "d", "at": "2026-10-21T03:12:45.120000Z"},
)
class Knocked(Event):
    knock_id: str
    door: str
    at: datetime


class Knock(BaseModel):
    door: str
    at: datetime
    heard: bool = False
    odd: dict[str, Any] = {"$now": "$$NOW", "a.b": "$door"}


DOOR = Index(keys=(("state.door", 1),), name="door", unique=True)


@pytest.fixture
async def knocks(database: Database) -> StampedStore[Knock]:
    store = StampedStore(database, "knocks", Knock, indexes=(DOOR,))
    await plan.apply(database, [store.layout])
    return store


def knock(knock_id: str, door: str | None = None) -> Decision[Knock]:
    door = door or knock_id
    told = Knocked(knock_id=knock_id, door=door, at=LONG_AGO)
    return Decision(Knock(door=door, at=LONG_AGO), "knock", told)


def receipt(stored: Stored[Knock]) -> dict[str, Any]:
    return {"id": stored.id, "version": stored.version, "door": stored.state.door}


def by(limit: datetime) -> Stamp:
    return Stamp(field="at", before=limit, counts="heard")


IN_TIME, TOO_LATE = by(FAR_AWAY), by(LONG_AGO)


async def servers_clock(client: Client) -> datetime:
    told = await client.admin.command("hello")
    clock: datetime = told["localTime"]
    return clock.replace(tzinfo=UTC)


async def test_the_moment_is_the_databases_in_the_state_and_in_the_event(
    client: Client, database: Database, knocks: StampedStore[Knock]
) -> None:
    earliest = await servers_clock(client)
    outcome = await knocks.create_stamped("k1", knock("k1"), command(), receipt, IN_TIME)
    latest = await servers_clock(client)

    assert (outcome.status, outcome.replayed) == (201, False)
    assert outcome.answer == {"id": "k1", "version": 1, "door": "k1"}
    stored = await knocks.load("k1")
    assert earliest <= stored.state.at <= latest
    assert stored.state.heard
    assert stored.state.odd == Knock.model_fields["odd"].default
    [pending] = await Outbox(database, ["knocks"]).pending(10)
    [waiting] = pending.events
    assert Knocked.model_validate(waiting.data).at == stored.state.at
    assert waiting.data["at"].endswith("Z")
    assert (waiting.sequence, waiting.key) == (1, "k1")
    assert (await knocks.decisions("k1"))[0].id == waiting.event_id


async def test_what_comes_too_late_is_kept_without_event_and_key(
    database: Database, knocks: StampedStore[Knock]
) -> None:
    for attempt in ("first", "again"):
        with pytest.raises(CameTooLate):
            await knocks.create_stamped("k1", knock("k1"), command(key=attempt), receipt, TOO_LATE)

    document = await raw(database, "k1", "knocks")
    assert not document["state"]["heard"]
    assert (document["outbox"], document["keys"]) == ([], [])
    assert "pending_since" not in document
    assert len(document["decisions"]) == 1
    assert await Outbox(database, ["knocks"]).pending(10) == []


async def test_the_limit_itself_is_too_late(
    client: Client, database: Database, knocks: StampedStore[Knock]
) -> None:
    """Knocks from before the limit to after it: each is on the side that its stamp is on."""
    for seconds in (0.2, 1.0, 5.0, 25.0):
        limit = await servers_clock(client) + timedelta(seconds=seconds)
        too_late, number = False, 0
        while not too_late:
            ids = [f"{seconds}-{one}" for one in range(number, number + 8)]
            tries = [
                knocks.create_stamped(one, knock(one), command(), receipt, by(limit)) for one in ids
            ]
            outcomes = await asyncio.gather(*tries, return_exceptions=True)
            too_late = any(isinstance(one, CameTooLate) for one in outcomes)
            number += 8

        written = await database["knocks"].find({"_id": {"$regex": f"^{seconds}-"}}).to_list(None)
        assert len(written) == number
        for one in written:
            assert one["state"]["heard"] == (one["state"]["at"] < limit)
            assert bool(one["outbox"]) == one["state"]["heard"] == ("pending_since" in one)
        if any(one["state"]["heard"] for one in written):
            return
    raise AssertionError("no knock came in time")


async def test_of_many_at_once_one_is_told_that_it_was_the_one(
    database: Database, knocks: StampedStore[Knock]
) -> None:
    tries = [
        knocks.create_stamped("k1", knock("k1"), command(key=f"key{one}"), receipt, IN_TIME)
        for one in range(48)
    ]
    answers = await asyncio.gather(*tries, return_exceptions=True)

    assert sum(isinstance(answer, AggregateExists) for answer in answers) == 47
    document = await raw(database, "k1", "knocks")
    assert len(document["outbox"]) == len(document["keys"]) == len(document["decisions"]) == 1


async def test_a_retry_under_its_key_is_answered_as_the_first_time(
    database: Database, knocks: StampedStore[Knock]
) -> None:
    creating = command(key="k")
    first = await knocks.create_stamped("k1", knock("k1"), creating, receipt, IN_TIME)
    tries = [
        knocks.create_stamped("k1", knock("k1"), creating, receipt, stamp)
        for stamp in (IN_TIME, TOO_LATE, IN_TIME)
    ]
    for again in await asyncio.gather(*tries):
        assert (again.answer, again.version, again.replayed) == (first.answer, 1, True)
    with pytest.raises(IdempotencyKeyReused):
        other = command(key="k", payload="other")
        await knocks.create_stamped("k1", knock("k1"), other, receipt, IN_TIME)
    assert len((await raw(database, "k1", "knocks"))["outbox"]) == 1


async def test_another_unique_index_refuses(knocks: StampedStore[Knock]) -> None:
    await knocks.create_stamped("k1", knock("k1", "red"), command(), receipt, IN_TIME)
    with pytest.raises(DuplicateValue) as refused:
        await knocks.create_stamped("k2", knock("k2", "red"), command(), receipt, IN_TIME)
    assert refused.value.index == "door"


async def test_a_restored_aggregate_begins_above_what_was_published(
    database: Database, knocks: StampedStore[Knock]
) -> None:
    await database["version_floors"].insert_one({"_id": "k1", "version": 4})
    outcome = await knocks.create_stamped("k1", knock("k1"), command(), receipt, IN_TIME)
    assert outcome.version == 5
    assert (await raw(database, "k1", "knocks"))["outbox"][0]["sequence"] == 5


class Breaking:
    """The real collection, whose first upserts lose their answer, or never arrive."""

    def __init__(self, collection: Any, *, landed: bool, times: int) -> None:
        self._collection, self._landed, self.times = collection, landed, times

    def __getattr__(self, name: str) -> Any:
        return getattr(self._collection, name)

    async def find_one_and_update(self, *arguments: Any, **options: Any) -> Any:
        if self.times == 0:
            return await self._collection.find_one_and_update(*arguments, **options)
        self.times -= 1
        if self._landed:
            await self._collection.find_one_and_update(*arguments, **options)
        raise AutoReconnect("connection closed")


@pytest.mark.parametrize("key", ["k", None])
@pytest.mark.parametrize("landed", [True, False])
async def test_an_upsert_of_unknown_outcome_takes_effect_once(
    database: Database, knocks: StampedStore[Knock], landed: bool, key: str | None
) -> None:
    breaking = Breaking(knocks._collection, landed=landed, times=2)
    knocks._collection = breaking  # type: ignore[assignment]
    woken: list[None] = []
    knocks.on_recorded = lambda: woken.append(None)

    outcome = await knocks.create_stamped("k1", knock("k1"), command(key=key), receipt, IN_TIME)

    assert breaking.times == 0
    assert (outcome.version, outcome.replayed, len(woken)) == (1, False, 1)
    document = await raw(database, "k1", "knocks")
    assert len(document["outbox"]) == len(document["decisions"]) == 1


async def test_one_that_never_arrives_is_not_called_written(
    database: Database, knocks: StampedStore[Knock]
) -> None:
    knocks._collection = Breaking(  # type: ignore[assignment]
        knocks._collection, landed=False, times=99
    )
    with pytest.raises(StorageUnavailable):
        await knocks.create_stamped("k1", knock("k1"), command(), receipt, IN_TIME)
    assert await database["knocks"].count_documents({}) == 0
