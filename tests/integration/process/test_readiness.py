"""A process is ready once the read models are built, whichever process builds them."""

from collections.abc import AsyncIterator, Mapping

import pytest

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.kafka import topics
from kentongan.messaging.read_models.bound import ReadModel, bind
from kentongan.process.clocks import Clocks
from kentongan.process.composition import connected
from kentongan.process.readiness import Readiness
from kentongan.process.roles import Roles
from kentongan.process.service import Assembly, Resources
from kentongan.process.storage_layout import layouts_of
from kentongan.settings import KafkaSettings, MongoSettings
from kentongan.storage import plan
from kentongan.storage.driver import drop_index
from kentongan.storage.errors import StorageNotPrepared
from kentongan.storage.projections.build_markers import BuildMarkers
from kentongan.testing.environment import Backends
from services.placement.app import service
from services.placement.settings import PlacementSettings


@pytest.fixture
async def wired(
    stack: Backends, mongo_database_name: str, topic_prefix: str
) -> AsyncIterator[tuple[Assembly, Resources]]:
    settings = PlacementSettings(
        environment="development",
        mongo=MongoSettings(uri=stack.mongo_uri, database_prefix=f"{mongo_database_name}_"),
        kafka=KafkaSettings(bootstrap_servers=stack.kafka_bootstrap, topic_prefix=topic_prefix),
    )
    await topics.apply(settings.kafka, CATALOGUE)
    async with connected(service, settings) as (assembly, resources):
        await plan.apply(resources.database, layouts_of(assembly, resources.database))
        yield assembly, resources


@pytest.fixture
def roles(wired: tuple[Assembly, Resources]) -> Roles:
    return Roles(service, *wired, played=("api",))


@pytest.fixture
def kims(wired: tuple[Assembly, Resources]) -> ReadModel:
    assembly, resources = wired
    (read_model,) = bind(assembly.subscriptions, resources.database)
    return read_model


@pytest.fixture
def markers(wired: tuple[Assembly, Resources]) -> BuildMarkers:
    return BuildMarkers(wired[1].database)


def fail(reason: str) -> None:
    raise AssertionError(reason)


async def seen(roles: Roles, resources: Resources) -> Mapping[str, bool]:
    """What one look sees."""
    readiness = Readiness(
        database=resources.database,
        read_models_built=roles.read_models_built,
        clocks=Clocks("placement"),
        prepared=lambda: roles.prepared,
    )
    assert (await readiness.answer())["mongo"] is False, "nobody has looked"
    await readiness.look()
    return await readiness.answer()


async def test_a_relay_is_ready_without_read_models(wired: tuple[Assembly, Resources]) -> None:
    relay = Roles(service, *wired, played=("relay",))
    assert (await seen(relay, wired[1]))["read_models"] is True


async def test_without_the_consumer_role(
    roles: Roles, kims: ReadModel, markers: BuildMarkers, wired: tuple[Assembly, Resources]
) -> None:
    await roles.start(fail)
    assert (await seen(roles, wired[1]))["read_models"] is False

    await markers.mark_built(kims.collection, {}, made_of=["something else"])
    assert (await seen(roles, wired[1]))["read_models"] is False

    await markers.mark_built(kims.collection, {}, made_of=kims.made_of)
    assert all((await seen(roles, wired[1])).values())

    # A newer release has put its own in place: this process serves on until it is replaced.
    await markers.mark_built(kims.collection, {}, made_of=["something else"])
    assert all((await seen(roles, wired[1])).values())


async def test_a_dropped_read_model_is_left_to_its_build(
    roles: Roles, kims: ReadModel, wired: tuple[Assembly, Resources]
) -> None:
    database = wired[1].database
    await database.drop_collection(kims.collection)

    await roles.start(fail)

    await database.drop_collection("dead_letters")
    with pytest.raises(StorageNotPrepared, match="dead_letters"):
        await roles.start(fail)


async def test_a_built_read_model_must_have_its_indexes(
    roles: Roles, kims: ReadModel, markers: BuildMarkers, wired: tuple[Assembly, Resources]
) -> None:
    await markers.mark_built(kims.collection, {}, made_of=kims.made_of)
    index = kims.projection.indexes[0]
    await drop_index(wired[1].database[kims.collection], index.name)

    with pytest.raises(StorageNotPrepared, match=index.name):
        await roles.start(fail)
