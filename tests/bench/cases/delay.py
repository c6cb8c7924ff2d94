"""Delay at 100 commands a second: from a command's answer until the reader's directory shows it.

Writer and reader share this process in all contenders; commands are begun at their times, whether
or not earlier ones are answered. Kit: AggregateStore.create, the relay as it wakes by itself, the
consumer loop on placement's directory; visible once the batch is acknowledged. Bare: the same
insert, a loop that it wakes and that finds, sends, gathers and clears, and a loop that polls,
decodes, writes the guarded bulk and commits: the same reads and durable writes. The ratio is bare
p50 / kit p50, aim 1/1.5. By hand: the event is sent from memory right after the insert, and nobody
clears the outbox; its row has no aim, as it loses what it had in hand when it is killed.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any

from pydantic_core import to_json

from kentongan.contracts.registry import KimState
from kentongan.kims.directory import kim_entry
from kentongan.local.polling import wait_until
from kentongan.messaging.consumer.loop import ConsumerLoop
from kentongan.messaging.read_models.bound import bind
from kentongan.messaging.relay.loop import Relay
from kentongan.messaging.subscriptions import Subscriptions
from kentongan.settings import KafkaSettings
from kentongan.storage.projections.build_markers import BuildMarkers
from tests.bench import consuming_bare, consuming_kit, relaying_bare
from tests.bench.cases.command import KitGroups, store_in
from tests.bench.commanding_bare import BareGroups
from tests.bench.data import identity
from tests.bench.measuring import Comparison, Run, alternate
from tests.bench.read_models import DIRECTORY, KIM_INDEXES, KIMS
from tests.bench.workbench import SOURCE, Workbench

COMMANDS = 500
A_SECOND = 100
WARM_UP = 50
AIM = 1 / 1.5
Command = Callable[[int], Awaitable[object]]


async def run(workbench: Workbench) -> Sequence[Comparison]:
    kafka = await workbench.topics("delay")

    async def kit() -> Run:
        async with kit_pipeline(workbench, kafka) as (command, shown):
            return await _paced(command, shown)

    async def bare() -> Run:
        async with bare_pipeline(workbench, kafka, relayed=True) as (command, shown):
            return await _paced(command, shown)

    async def by_hand() -> Run:
        async with bare_pipeline(workbench, kafka, relayed=False) as (command, shown):
            return await _paced(command, shown)

    kit_runs, bare_runs, sent = await alternate(workbench.pairs, kit, bare, by_hand)
    note = f"{A_SECOND} commands a second"
    return [
        Comparison("delay, answer to visible", kit_runs, bare_runs, AIM, "commands", note),
        Comparison(
            "delay / sent by hand", kit_runs, sent, None, "commands", f"{note}, for information"
        ),
    ]


@contextlib.asynccontextmanager
async def kit_pipeline(
    workbench: Workbench, kafka: KafkaSettings
) -> AsyncIterator[tuple[Command, dict[str, float]]]:
    """Store, relay and consumer as two services have them; the times at which ids were visible."""
    shown: dict[str, float] = {}
    decoded: list[str] = []

    def entry(state: KimState) -> dict[str, Any]:
        decoded.append(state.kim_id)
        return kim_entry(state)

    def on_applied(_: frozenset[str]) -> None:
        now = time.perf_counter()
        shown.update((key, now) for key in decoded)
        decoded.clear()

    subscriptions = Subscriptions((replace(DIRECTORY, entry=entry),))
    writer, reader = workbench.name("writer"), workbench.name("reader")
    async with (
        workbench.kit_database(lambda database: [store_in(database).layout]) as written,
        workbench.kit_database(lambda one: consuming_kit.layouts(one, subscriptions)) as read,
    ):
        (read_model,) = bind(subscriptions, read)
        markers = BuildMarkers(read)
        await markers.mark_built(read_model.collection, {}, made_of=read_model.made_of)
        relay = Relay(
            service=writer, source=SOURCE, database=written, collections=["kims"], kafka=kafka
        )
        loop = ConsumerLoop(
            service=reader,
            subscriptions=subscriptions,
            database=read,
            kafka=kafka,
            on_applied=on_applied,
        )
        store = store_in(written)
        # As in a process that plays all roles.
        store.on_recorded = relay.wake
        await relay.start()
        await loop.start()
        try:
            yield KitGroups(store).create, shown
        finally:
            await loop.stop()
            await relay.stop()


@contextlib.asynccontextmanager
async def bare_pipeline(
    workbench: Workbench, kafka: KafkaSettings, *, relayed: bool
) -> AsyncIterator[tuple[Command, dict[str, float]]]:
    """Insert by hand, relayed by a bare loop or sent from memory, and a bare loop that reads."""
    shown: dict[str, float] = {}
    topic = kafka.topic_prefix + KIMS
    producer = relaying_bare.bare_producer(kafka)
    consumer = consuming_bare.bare_consumer(kafka, workbench.name("bare"))
    consumer.subscribe([topic])
    async with workbench.bare_database(lambda one: [store_in(one).layout]) as database:
        for index in KIM_INDEXES:
            await database["directory.kims"].create_index(list(index.keys), name=index.name)
        groups = BareGroups(database["kims"])
        woken = asyncio.Event()

        async def command(number: int) -> Callable[[], Awaitable[object]] | None:
            entry = await groups.create(number)
            woken.set()
            if relayed:
                return None
            key = identity(number).encode()
            value, headers = to_json(entry["data"]), relaying_bare.headers(key, entry)
            return lambda: producer.send(topic, value, key, headers=headers)

        async def relay() -> None:
            while relayed:
                await woken.wait()
                woken.clear()
                await relaying_bare.relay_all(producer, topic, database["kims"])

        async def read() -> None:
            while True:
                batches = await consumer.getmany(timeout_ms=1_000, max_records=10_000)
                records = [record for batch in batches.values() for record in batch]
                if bulk := consuming_bare.decode_kims(records):
                    await database["directory.kims"].bulk_write(bulk, ordered=False)
                    now = time.perf_counter()
                    shown.update((record.key.decode(), now) for record in records)
                    await consumer.commit()

        await producer.start()
        await consumer.start()
        tasks = [asyncio.create_task(read()), asyncio.create_task(relay())]
        try:
            yield command, shown
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await consumer.stop()
            await producer.stop()


_next_number = 0


async def _paced(command: Command, shown: dict[str, float]) -> Run:
    """Issue the commands at their times; the delays of those after the warm-up."""
    global _next_number  # noqa: PLW0603  # ids that no earlier run has shown
    first = _next_number
    _next_number += WARM_UP + COMMANDS
    answered: dict[str, float] = {}

    async def one(number: int) -> None:
        produce = await command(number)
        answered[identity(number)] = time.perf_counter()
        if callable(produce):
            await produce()

    await _until_shown(one, first, shown)
    began, cpu = time.perf_counter(), time.process_time()
    tasks = []
    for number in range(first + 1, _next_number):
        due = began + (number - first) / A_SECOND
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(number)))
    await asyncio.gather(*tasks)
    keys = [identity(number) for number in range(first + WARM_UP, _next_number)]
    await _shown(lambda: shown.keys() >= set(keys))
    delays = tuple(max(0.0, shown[key] - answered[key]) for key in keys)
    spent = time.process_time() - cpu
    return Run(len(tasks), time.perf_counter() - began, spent, delays=delays)


async def _until_shown(command: Command, number: int, shown: dict[str, float]) -> None:
    """One command through the whole way, so that everybody is connected."""
    await command(number)
    await _shown(lambda: identity(number) in shown)


async def _shown(condition: Callable[[], bool]) -> None:
    if not await wait_until(condition, seconds=consuming_kit.PATIENCE_SECONDS):
        raise TimeoutError("not all commands became visible")
