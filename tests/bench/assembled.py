"""A service as its composition root wires it, on a database of the bench: no process, no HTTP."""

from typing import Any

from kentongan.messaging.read_models.bound import bind
from kentongan.process.service import Assembly, Resources, ServiceDefinition
from kentongan.storage.driver import Database
from kentongan.storage.indexes import Layout


def assemble(definition: ServiceDefinition, settings: Any, database: Database) -> Assembly:
    """The wired service; nothing of it is started."""
    resources = Resources(settings=settings, client=database.client, database=database)
    return definition.assemble(resources)


def layouts(assembly: Assembly, database: Database) -> list[Layout]:
    """All its collections and indexes."""
    return [
        *(store.layout for store in assembly.stores),
        *(store.layout for store in assembly.facts),
        *(bound.projection.layout for bound in bind(assembly.subscriptions, database)),
    ]
