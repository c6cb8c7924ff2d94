"""Each read model is rebuilt while events keep coming, and holds afterwards what it has to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio

from kentongan.contracts.event import Event, Kind
from kentongan.messaging.read_models.rebuild import rebuild
from kentongan.storage.driver import Database
from kentongan.testing.assemblies import assemble
from kentongan.testing.environment import Backends
from kentongan.testing.poison_records import event_record
from tests.integration.poison.readers import (
    READ_MODELS,
    Readers,
    held,
    open_readers,
    read_model_of,
)
from tests.support.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("rebuilds-of-each")]

KEYS = 50
ROUNDS_BEFORE = 10
"""Versions of every key that lie in the topic when the rebuild begins."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def readers(
    stack: Backends, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Readers]:
    async with open_readers(stack, tmp_path_factory.mktemp("readers")) as readers:
        yield readers


class Source:
    """Somebody who publishes a version of every key again and again."""

    def __init__(self, readers: Readers, kind: type[Event], keys: list[str]) -> None:
        self.rounds = 0
        self._readers = readers
        self._kind = kind
        self._keys = keys

    async def publish(self, rounds: int = 1) -> None:
        """So many versions of every key, in their order."""
        sequences = range(self.rounds + 1, self.rounds + rounds + 1)
        await self._readers.feed(
            self._kind,
            [
                event_record(self._kind, key, sequence=sequence)
                for sequence in sequences
                for key in self._keys
            ],
        )
        self.rounds += rounds

    @asynccontextmanager
    async def publishing(self) -> AsyncIterator[None]:
        """While the block runs, publish without end."""
        closing = asyncio.Event()

        async def publish() -> None:
            while not closing.is_set():
                await self.publish()

        task = asyncio.create_task(publish())
        try:
            yield
        finally:
            closing.set()
            await task

    @property
    def expected(self) -> dict[str, int]:
        """A directory's newest version of each key; every fact of a ledger."""
        if self._kind.contract.topic.kind is Kind.STATE:
            return dict.fromkeys(self._keys, self.rounds)
        return {
            f"{key}-{sequence}": sequence
            for key in self._keys
            for sequence in range(1, self.rounds + 1)
        }


@pytest.mark.parametrize(
    ("service", "name", "kind"), READ_MODELS, ids=[f"{one}-{two}" for one, two, _ in READ_MODELS]
)
async def test_a_read_model_rebuilt_under_load_holds_all_and_is_never_seen_half(
    readers: Readers, service: str, name: str, kind: type[Event]
) -> None:
    keys = [f"{service}-{number}" for number in range(KEYS)]
    source = Source(readers, kind, keys)
    await source.publish(ROUNDS_BEFORE)
    async with readers.services.database(service) as database:

        async def all_there() -> bool:
            found = await held(database, service, name)
            return {each: found.get(each) for each in source.expected} == source.expected

        await eventually(all_there, what="the first versions")
        seen: list[int] = []
        before = len(source.expected)
        watching = asyncio.create_task(watch(database, service, name, seen))
        async with source.publishing():
            for _ in range(2):
                rounds = source.rounds
                report = await rebuild(
                    service,
                    name,
                    subscriptions=assemble(service).assembly.subscriptions,
                    database=database,
                    kafka=readers.services.kafka,
                )
                assert report.records >= KEYS * ROUNDS_BEFORE
                assert source.rounds > rounds, "nothing was published meanwhile"
        await eventually(all_there, what="the newest versions after the rebuilds")
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        assert len(seen) > 10
        assert min(seen) >= before
        assert not await readers.letters(service)


async def watch(database: Database, service: str, name: str, seen: list[int]) -> None:
    """Note again and again how much the read model holds."""
    collection = database[read_model_of(service, name, database).collection]
    while True:
        seen.append(await collection.count_documents({}))
        await asyncio.sleep(0.02)
