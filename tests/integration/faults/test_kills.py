"""kill -9: of a writer, of a reader, and of a relay between Kafka's word and its own note of it."""

import asyncio
import signal
from functools import partial

import pytest

from tests.support.town import Town
from tests.support.verdict import is_published
from tests.support.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("faults-kills")]

APPLYING = b"kentongan.registry.Kim"
"""In what placement sends to MongoDB when it applies a group's event, and nowhere else."""
CLEARING = b"$$this.event_id"
"""In what a relay sends when it clears an outbox."""


async def test_registry_killed_while_it_writes(town: Town) -> None:
    office = town.office
    groups = await office.register(6)

    async with office.working(groups, newcomers=20):
        for _ in range(2):
            answered = office.answered
            await eventually(
                lambda so_far=answered: office.answered > so_far + 20 and office.under_way > 0,
                what="commands answered and commands under way",
            )
            await town.registry.kill()
            assert town.registry.returncode == -signal.SIGKILL
            await town.start()

    await town.judge()
    # Each crash met commands under way, and these were repeated under their keys.
    assert office.repeated >= 2


async def test_placement_killed_while_it_applies(town: Town) -> None:
    office, mongo = town.office, town.placement_mongo
    groups = office.groups[:4] or await office.register(4)

    async with office.working(groups, newcomers=50):
        for lands in (True, False):
            held = mongo.bytes_held
            mongo.stall_at(APPLYING)
            await eventually(lambda so_far=held: mongo.bytes_held > so_far, what="a write is held")
            await town.placement.kill()
            assert town.placement.returncode == -signal.SIGKILL
            # The dead process's write is lost, or reaches MongoDB after all.
            if not lands:
                await mongo.cut()
            mongo.resume()
            mongo.restore()
            await town.start()

    await town.judge()


async def test_registry_killed_between_kafkas_acknowledgement_and_the_clearing(town: Town) -> None:
    office, mongo = town.office, town.registry_mongo
    group = (await office.register(1))[0]
    repeats = (await town.judge()).checked.repeats

    held, suspended = mongo.bytes_held, group.version + 1
    published = partial(is_published, town.services, group.id, suspended)
    mongo.stall_at(CLEARING)
    changing = asyncio.create_task(office.suspend(group))
    await eventually(published, what="the suspension in the topic")
    await eventually(lambda: mongo.bytes_held > held, what="the clearing is held")
    await town.registry.kill()
    await mongo.cut()
    mongo.restore()
    mongo.resume()
    await town.start()
    await changing

    await eventually(lambda: published(times=2), what="its repeat")
    assert (await town.judge()).checked.repeats > repeats
