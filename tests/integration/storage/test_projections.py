import asyncio
import random
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from kentongan.storage import plan
from kentongan.storage.driver import Client, Database, close, connect, open_database
from kentongan.storage.errors import BuildLost, StorageUnavailable, UnencodableDocument
from kentongan.storage.indexes import Index
from kentongan.storage.projections.directory import Directory, DirectoryEntry
from kentongan.storage.projections.ledger import Ledger, LedgerEntry
from kentongan.storage.projections.projection import Applied
from kentongan.testing.environment import Backends
from tests.integration.storage.drums import NOW

BY_STATUS = Index(keys=(("entry.status", 1),), name="status")


def state(key: str, sequence: int, **entry: Any) -> DirectoryEntry:
    return DirectoryEntry(key, sequence, "kentongan.test.DrumStruck.v1", NOW, entry)


def fact(event_id: str, **entry: Any) -> LedgerEntry:
    return LedgerEntry(event_id, "d1", 1, "kentongan.test.DrumStruck.v1", NOW, entry)


@pytest.fixture
def directory(database: Database) -> Directory:
    return Directory(database, "drums", indexes=(BY_STATUS,))


@pytest.fixture
def ledger(database: Database) -> Ledger:
    return Ledger(database, "strikes", indexes=(BY_STATUS,))


async def test_the_directory_keeps_the_newest_whatever_comes(directory: Directory) -> None:
    applied = await directory.apply(
        [state("d1", 1, n=1), state("d1", 3, n=3), state("d1", 2, n=2), state("d2", 1, n=1)]
    )
    assert applied == Applied(4, 2)
    assert await directory.apply([state("d1", 2, n=2), state("d2", 1, n=1)]) == Applied(2, 0)
    assert await directory.apply([state("d2", 7, n=7)]) == Applied(1, 1)
    assert await directory.apply([]) == Applied(0, 0)

    assert await directory.get("d1") == state("d1", 3, n=3)
    assert {
        key: found.sequence for key, found in (await directory.get_many(["d1", "d2", "d3"])).items()
    } == {
        "d1": 3,
        "d2": 7,
    }
    assert await directory.get("d3") is None


async def test_an_entry_may_hold_dates_dollars_and_dots(directory: Directory) -> None:
    entry = {"carved": date(2026, 1, 2), "text": "$name", "names": {"$a": 1, "b.c": "$$ROOT"}}
    await directory.apply([state("$d1", 1, **entry)])

    found = await directory.get("$d1")
    assert found is not None
    assert found.entry == {**entry, "carved": "2026-01-02"}
    assert await directory.find({"entry.carved": {"$lt": date(2027, 1, 1)}}, limit=5) == [found]


async def test_four_writers_racing_over_new_keys_end_on_the_newest(
    stack: Backends, mongo_database_name: str, directory: Directory
) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    keys, versions, writers = 1500, 4, 4
    clients = [connect(stack.mongo_uri, application=f"writer-{n}") for n in range(writers)]

    async def write(client: Client) -> None:
        mine = Directory(open_database(client, mongo_database_name), "drums")
        order = [(key, version) for key in range(keys) for version in range(1, versions + 1)]
        chance.shuffle(order)
        for at in range(0, len(order), 250):
            batch = [state(f"d{key}", version, n=version) for key, version in order[at : at + 250]]
            await mine.apply(batch)

    await asyncio.gather(*(write(client) for client in clients))
    for client in clients:
        close(client)
    assert await directory.count() == keys
    assert await directory.count({"version": versions, "entry.n": versions}) == keys


async def test_the_ledger_holds_each_fact_once_and_as_it_first_was(ledger: Ledger) -> None:
    assert await ledger.apply([fact("e1", minutes=30), fact("e2", minutes=60)]) == Applied(2, 2)
    repeats = [fact("e2", minutes=99), fact("e3", minutes=15), fact("e3", minutes=15)]
    assert await ledger.apply(repeats) == Applied(3, 1)
    assert await ledger.apply([]) == Applied(0, 0)

    total = {"$group": {"_id": None, "minutes": {"$sum": "$entry.minutes"}}}
    [figures] = await ledger.aggregate([total])
    assert figures["minutes"] == 105
    assert await ledger.find({"entry.minutes": {"$gt": 50}}, limit=5) == [fact("e2", minutes=60)]


async def test_racing_writers_of_the_same_facts_leave_each_once(ledger: Ledger) -> None:
    facts = [fact(f"e{number}") for number in range(500)]
    answers = await asyncio.gather(*(ledger.apply(facts) for _ in range(4)))
    assert sum(applied.written for applied in answers) == 500
    assert await ledger.count() == 500


@pytest.mark.parametrize("broken", [{"n": 2**70}, {"a\0b": 1}, {"text": "\ud800"}, {"n": object()}])
async def test_what_no_document_can_hold_is_said_and_can_be_isolated(
    directory: Directory, ledger: Ledger, broken: dict[str, Any]
) -> None:
    with pytest.raises(UnencodableDocument):
        await directory.apply([state("d1", 1), state("d2", 1, **broken), state("d3", 1)])
    with pytest.raises(UnencodableDocument):
        await ledger.apply([fact("e1"), fact("e2", **broken), fact("e3")])

    async def alone(entries: Sequence[Any], projection: Any) -> list[bool]:
        taken = []
        for entry in entries:
            try:
                await projection.apply([entry])
                taken.append(True)
            except UnencodableDocument:
                taken.append(False)
        return taken

    states = [state("d1", 1), state("d2", 1, **broken), state("d3", 1)]
    assert await alone(states, directory) == [True, False, True]
    facts = [fact("e1"), fact("e2", **broken), fact("e3")]
    assert await alone(facts, ledger) == [True, False, True]


async def test_nesting_beyond_the_servers_depth_is_the_documents_fault(
    directory: Directory, ledger: Ledger
) -> None:
    deep: dict[str, Any] = {}
    for _ in range(190):
        deep = {"in": deep}
    for projection, entry in (
        (directory, state("d1", 1, deep=deep)),
        (ledger, fact("e1", deep=deep)),
    ):
        with pytest.raises(UnencodableDocument):
            await projection.apply([entry])  # type: ignore[list-item]


async def test_a_database_that_is_away_is_no_ones_fault() -> None:
    client = connect(
        "mongodb://127.0.0.1:1/?directConnection=true",
        application="away",
        server_selection_timeout_seconds=0.2,
    )
    nowhere = open_database(client, "nowhere")
    with pytest.raises(StorageUnavailable):
        await Directory(nowhere, "drums").apply([state("d1", 1)])
    with pytest.raises(StorageUnavailable):
        await Ledger(nowhere, "strikes").apply([fact("e1")])
    close(client)


async def test_a_read_model_refuses_nothing(database: Database) -> None:
    with pytest.raises(ValueError, match="unique"):
        Directory(database, "drums", indexes=(Index((("entry.n", 1),), "n", unique=True),))


async def test_a_shadow_takes_its_originals_place_whole(
    database: Database, directory: Directory
) -> None:
    await plan.apply(database, [directory.layout])
    await directory.apply([state("d1", 5), state("gone", 1)])
    shadow = directory.shadow()
    for _ in range(2):
        identity = await shadow.start_over()
    await shadow.apply([state("d1", 4), state("d2", 1)])
    assert await directory.count() == 2

    await shadow.promote(identity)
    found = await directory.find({}, limit=0)
    assert [(entry.key, entry.sequence) for entry in found] == [("d1", 4), ("d2", 1)]
    assert await plan.plan(database, [directory.layout]) == []
    assert await shadow.count() == 0
    with pytest.raises(ValueError, match="no shadow"):
        await directory.promote(identity)


async def test_builders_share_no_shadow_and_the_last_to_start_is_the_only_one(
    database: Database, directory: Directory
) -> None:
    await plan.apply(database, [directory.layout])
    await directory.apply([state("d1", 5)])
    slow, next_one = directory.shadow(), directory.shadow()
    filled = await slow.start_over()
    await slow.apply([state("d1", 4)])

    started = await next_one.start_over()
    with pytest.raises(BuildLost):
        await slow.promote(filled)
    # A write of the slow one that lands late makes its collection anew, but no whole one.
    await slow.apply([state("d2", 1)])
    with pytest.raises(BuildLost):
        await slow.promote(filled)
    assert [entry.sequence for entry in await directory.find({}, limit=0)] == [5]

    await next_one.apply([state("d1", 6)])
    await next_one.promote(started)
    assert [entry.sequence for entry in await directory.find({}, limit=0)] == [6]
    assert await directory.identity() == started
    await directory.shadow().start_over()
    shadows = [name for name in await database.list_collection_names() if "shadow" in name]
    assert len(shadows) == 1
