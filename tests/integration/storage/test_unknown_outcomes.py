"""Writes whose answer is lost: each command takes effect once, and is answered as it happened."""

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from pymongo.errors import AutoReconnect, WTimeoutError

from kentongan.storage.aggregates.store import AggregateStore
from kentongan.storage.driver import Database, close, connect, open_database
from kentongan.storage.errors import AggregateExists, StorageUnavailable, VersionConflict
from kentongan.storage.outbox import Outbox
from kentongan.testing.environment import Backends
from kentongan.testing.tcp_proxy import TcpProxy
from tests.integration.storage.drums import Drum, carve, command, drum_store, raw, receipt, strike

Write = Callable[..., Awaitable[Any]]


class FaultyCollection:
    """The real collection, whose first writes meet a fault on the way there or back."""

    def __init__(self, collection: Any, *, landed: bool, error: Exception, times: int = 1) -> None:
        self._collection = collection
        self._landed = landed
        self._error = error
        self.times = times
        self.afterwards: Callable[[], Awaitable[Any]] | None = None

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._collection, name)
        return self._faulty(method) if name in {"insert_one", "update_one"} else method

    def _faulty(self, write: Write) -> Write:
        async def call(*arguments: Any, **options: Any) -> Any:
            if self.times == 0:
                return await write(*arguments, **options)
            self.times -= 1
            if self._landed:
                await write(*arguments, **options)
            if self.afterwards:
                await self.afterwards()
            raise self._error

        return call


def break_writes(
    store: AggregateStore[Drum], *, landed: bool, error: Exception | None = None
) -> FaultyCollection:
    faulty = FaultyCollection(
        store._collection, landed=landed, error=error or AutoReconnect("connection closed")
    )
    store._collection = faulty  # type: ignore[assignment]
    return faulty


@pytest.mark.parametrize("key", ["k1", None])
@pytest.mark.parametrize("landed", [True, False])
async def test_a_change_of_unknown_outcome_takes_effect_once(
    database: Database, drums: AggregateStore[Drum], landed: bool, key: str | None
) -> None:
    await drums.create("d1", carve("d1"), command(), receipt)
    faulty = break_writes(drums, landed=landed)

    outcome = await drums.change("d1", strike("d1"), command(key=key), receipt)

    assert faulty.times == 0
    assert (outcome.version, outcome.answer["beats"], outcome.replayed) == (2, 1, False)
    document = await raw(database, "d1")
    assert (document["state"]["beats"], len(document["outbox"])) == (1, 2)


@pytest.mark.parametrize("landed", [True, False])
async def test_a_creation_of_unknown_outcome_takes_effect_once(
    database: Database, drums: AggregateStore[Drum], landed: bool
) -> None:
    faulty = break_writes(drums, landed=landed, error=WTimeoutError("waiting for a majority"))

    outcome = await drums.create("d1", carve("d1"), command(), receipt)

    assert faulty.times == 0
    assert (outcome.version, outcome.replayed) == (1, False)
    assert len((await raw(database, "d1"))["outbox"]) == 1


@pytest.mark.parametrize("landed", [True, False])
async def test_the_last_try_is_looked_after_too(
    database: Database, drums: AggregateStore[Drum], landed: bool
) -> None:
    await drums.create("d1", carve("d1"), command(), receipt)
    once = drum_store(database, retries=0)
    break_writes(once, landed=landed)

    if landed:
        assert (await once.change("d1", strike("d1"), command(), receipt)).version == 2
    else:
        with pytest.raises(StorageUnavailable):
            await once.change("d1", strike("d1"), command(), receipt)
        break_writes(once, landed=False)
        with pytest.raises(StorageUnavailable):
            await once.create("d2", carve("d2"), command(), receipt)


async def test_it_is_found_even_when_published_cleared_and_overtaken(
    database: Database, drums: AggregateStore[Drum]
) -> None:
    await drums.create("d1", carve("d1"), command(), receipt)
    faulty = break_writes(drums, landed=True)
    others = drum_store(database)

    async def the_world_goes_on() -> None:
        outbox = Outbox(database, ["drums"])
        [pending] = await outbox.pending(10)
        await outbox.clear("drums", "d1", [event.event_id for event in pending.events])
        await others.change("d1", strike("d1"), command(), receipt)

    faulty.afterwards = the_world_goes_on
    outcome = await drums.change("d1", strike("d1"), command(if_match=1), receipt)

    assert (outcome.version, outcome.answer["beats"]) == (2, 1)
    assert (await others.load("d1")).state.beats == 2


async def test_what_another_wrote_is_not_mistaken_for_it(
    database: Database, drums: AggregateStore[Drum]
) -> None:
    others = drum_store(database)
    faulty = break_writes(drums, landed=False)
    faulty.afterwards = lambda: others.create("d1", carve("d1"), command(key="k2"), receipt)
    with pytest.raises(AggregateExists):
        await drums.create("d1", carve("d1"), command(key="k1"), receipt)

    faulty.times = 1
    faulty.afterwards = lambda: others.change("d1", strike("d1"), command(), receipt)
    with pytest.raises(VersionConflict):
        await drums.change("d1", strike("d1"), command(if_match=1), receipt)


@pytest.fixture
async def proxied(
    stack: Backends, mongo_database_name: str
) -> AsyncIterator[tuple[TcpProxy, AggregateStore[Drum]]]:
    address = stack.mongo_uri.split("//", 1)[1].split("/", 1)[0]
    host, port = address.split(":")
    async with TcpProxy(host, int(port)) as proxy:
        client = connect(
            f"mongodb://{proxy.address}/?directConnection=true",
            application="faults",
            server_selection_timeout_seconds=0.7,
            socket_timeout_seconds=1,
        )
        yield proxy, drum_store(open_database(client, mongo_database_name))
        close(client)


async def test_connections_cut_anywhere_lose_and_double_nothing(
    database: Database, drums: AggregateStore[Drum], proxied: tuple[TcpProxy, AggregateStore[Drum]]
) -> None:
    proxy, store = proxied
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    await drums.create("d1", carve("d1"), command(), receipt)

    for number in range(1, 13):
        proxy.cut_after(chance.randrange(1, 2500))
        creating = command(key=f"create-{number}")
        striking = command(key=f"strike-{number}")
        drum_id = f"n{number}"
        for attempt in range(50):
            try:
                await store.create(drum_id, carve(drum_id), creating, receipt)
                outcome = await store.change("d1", strike("d1"), striking, receipt)
                break
            except StorageUnavailable:
                proxy.restore()
        else:
            pytest.fail(f"never answered: {attempt}")
        proxy.restore()
        assert outcome.answer["beats"] == number

    assert proxy.connections_cut > 5
    document = await raw(database, "d1")
    assert [entry["sequence"] for entry in document["outbox"]] == list(range(1, 14))
    assert await drums.count({"version": 1, "_id": {"$regex": "^n"}}) == 12


async def test_a_database_that_is_away_is_said_so_in_time(
    proxied: tuple[TcpProxy, AggregateStore[Drum]],
) -> None:
    proxy, store = proxied
    await proxy.cut()
    with pytest.raises(StorageUnavailable) as unavailable:
        await store.create("d1", carve("d1"), command(), receipt)
    assert unavailable.value.retry_after > 0
    with pytest.raises(StorageUnavailable):
        await store.change("d1", strike("d1"), command(), receipt)

    proxy.restore()
    assert (await store.create("d1", carve("d1"), command(), receipt)).version == 1
    proxy.stall()
    with pytest.raises(StorageUnavailable):
        await store.load("d1")
    proxy.resume()
