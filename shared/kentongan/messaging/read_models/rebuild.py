"""Building read models from the topics, one process at a time for each (how: `build.py`)."""

import asyncio
from collections.abc import Callable, Sequence

from kentongan.messaging.leadership import Leadership, process_name
from kentongan.messaging.read_models.bound import ReadModel, bind, find
from kentongan.messaging.read_models.build import (
    Build,
    RebuildLost,
    RebuildRefused,
    RebuildReport,
    RebuildUnderWay,
)
from kentongan.messaging.read_models.built import Built
from kentongan.messaging.read_models.poison import FloodLimits
from kentongan.messaging.subscriptions import Subscriptions
from kentongan.settings import KafkaSettings
from kentongan.storage.driver import Database
from kentongan.storage.lease import Lease

__all__ = [
    "Builds",
    "RebuildLost",
    "RebuildRefused",
    "RebuildReport",
    "RebuildUnderWay",
    "rebuild",
]

_LOOK_AGAIN_SECONDS = 1.0


class Builds:
    """Builds the read models of one service, one process at a time for each."""

    def __init__(
        self,
        service: str,
        read_models: Sequence[ReadModel],
        database: Database,
        kafka: KafkaSettings,
        flood: FloodLimits | None = None,
    ) -> None:
        self._service = service
        self._database = database
        self._kafka = kafka
        self._flood = flood or FloodLimits()
        self.built = Built(read_models, database)

    async def build_missing(self) -> None:
        """Build each read model that is not built; where another process does, wait for it."""
        while missing := await self.built.missing():
            try:
                await self.build(missing[0])
            except (RebuildUnderWay, RebuildLost):
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def build(
        self,
        read_model: ReadModel,
        on_progress: Callable[[int, int], None] = lambda _, __: None,
        *,
        accept_poison: bool = False,
        accept_loss: bool = False,
    ) -> RebuildReport:
        """Build one, whether or not it is there; told records read and to be read as it goes.

        Raises RebuildUnderWay, RebuildLost, StorageUnavailable, KafkaError, and RebuildRefused
        unless poison, or loss, is accepted; before the rename the living one is untouched.
        """
        lease = Lease(self._database, f"rebuild:{read_model.name}", process_name())
        leadership = Leadership(lease, "rebuild")
        if not await leadership.lead():
            raise RebuildUnderWay(read_model.name)
        try:
            build = Build(
                self._service,
                read_model,
                database=self._database,
                kafka=self._kafka,
                on_progress=on_progress,
                flood=None if accept_poison else self._flood,
                accept_loss=accept_loss,
            )
            return await build.run(leadership)
        finally:
            await leadership.resign()


async def rebuild(
    service: str,
    read_model: str,
    *,
    subscriptions: Subscriptions,
    database: Database,
    kafka: KafkaSettings,
    on_progress: Callable[[int, int], None] = lambda _, __: None,
    accept_poison: bool = False,
    accept_loss: bool = False,
) -> RebuildReport:
    """`kentongan rebuild`: build one read model of a service, which may be running.

    Raises UnknownReadModel, and what Builds.build raises.
    """
    read_models = bind(subscriptions, database)
    builds = Builds(service, read_models, database, kafka)
    return await builds.build(
        find(read_models, read_model),
        on_progress,
        accept_poison=accept_poison,
        accept_loss=accept_loss,
    )
