"""A service's collections and indexes: what `storage apply` makes and a start verifies."""

from collections.abc import Collection

from kentongan.messaging.read_models.bound import bind
from kentongan.messaging.read_models.built import Built
from kentongan.process.service import Assembly
from kentongan.storage import plan
from kentongan.storage.dead_letters import DeadLetters
from kentongan.storage.driver import Database
from kentongan.storage.indexes import Layout
from kentongan.storage.plan import LayoutChange


def layouts_of(
    assembly: Assembly, database: Database, *, unbuilt: Collection[str] = ()
) -> tuple[Layout, ...]:
    """The service's aggregates and facts, its read models, and the kit's dead letters.

    Without the read models named in `unbuilt`: their build makes collection and indexes.
    """
    read_models = bind(assembly.subscriptions, database)
    return (
        *(store.layout for store in assembly.stores),
        *(facts.layout for facts in assembly.facts),
        *(one.projection.layout for one in read_models if one.name not in unbuilt),
        DeadLetters.layout,
    )


async def missing_layout(
    assembly: Assembly, database: Database, built: Built
) -> tuple[list[LayoutChange], list[str]]:
    """What a start would miss, and the read models that it leaves to their build.

    Raises StorageUnavailable.
    """
    unbuilt = [one.name for one in await built.missing()]
    return await plan.plan(database, layouts_of(assembly, database, unbuilt=unbuilt)), unbuilt
