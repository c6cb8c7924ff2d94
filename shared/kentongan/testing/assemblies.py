"""A service wired without a connection: for tests that look at what it declares about itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from fastapi import FastAPI
from fastapi.routing import APIRoute

from kentongan.http import API_PREFIX, authenticator, create_application
from kentongan.process.service import Assembly, Resources, find_service
from kentongan.process.storage_layout import layouts_of
from kentongan.settings import AuthSettings
from kentongan.storage.driver import Database, connect, open_database


@dataclass(frozen=True)
class Assembled:
    """What a service's composition root has put together."""

    name: str
    assembly: Assembly
    database: Database
    application: FastAPI

    def commands(self) -> Iterator[tuple[str, str, str]]:
        """Name, method and path of every command."""
        for router in self.assembly.routers:
            for route in router.routes:
                if not isinstance(route, APIRoute):
                    continue
                for dependency in route.dependant.dependencies:
                    if name := getattr(dependency.call, "command", None):
                        for method in route.methods or ():
                            yield name, method, f"{API_PREFIX}{route.path}"

    def consumed(self) -> set[str]:
        """The names of the events that the service subscribes to."""
        read_models = self.assembly.subscriptions.read_models
        return {event.contract.name for one in read_models for event in one.events}

    def collections(self) -> set[str]:
        """The collections that are the service's own; the kit's are the same everywhere."""
        kits = {"dead_letters"}
        layouts = layouts_of(self.assembly, self.database)
        return {layout.collection for layout in layouts} - kits


@cache
def assemble(name: str) -> Assembled:
    """Wire a service as in development. Its client connects when used, which nobody does here."""
    definition = find_service(name)
    settings = definition.settings(environment="development")
    client = connect("mongodb://127.0.0.1:1/?directConnection=true", application="assembled")
    database = open_database(client, "assembled")
    resources = Resources(settings=settings, client=client, database=database)
    assembly = definition.assemble(resources)

    async def ready() -> dict[str, bool]:
        return {}

    application = create_application(
        service_name=name,
        title=definition.title,
        description=definition.description,
        routers=assembly.routers,
        problems=assembly.problems,
        auth=authenticator(AuthSettings(), "development"),
        readiness=ready,
        clock=resources.clock,
    )
    return Assembled(name, assembly, database, application)
