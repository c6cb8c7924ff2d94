"""The whole system on one machine: the stack, its topics and indexes, and every service."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from kentongan.local.failures import CannotRunHere
from kentongan.local.ports import free_port
from kentongan.local.processes import ChildProcess
from kentongan.local.service_process import ServiceProcess, ServiceSupervisor
from kentongan.local.stack import EmbeddedStack
from kentongan.process.service import service_names

_log = structlog.get_logger(__name__)


class PreparationFailed(CannotRunHere):
    """Topics or indexes could not be made; the text is what the command said."""


def service_environment(
    *,
    kafka_bootstrap: str,
    mongo_uri: str,
    city: str,
    idempotent_producer: bool = True,
    extra: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The settings of a service in development on this machine."""
    return {
        "KENTONGAN_ENVIRONMENT": "development",
        "KENTONGAN_CITY": city,
        "KENTONGAN_KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap,
        "KENTONGAN_KAFKA_IDEMPOTENT_PRODUCER": "true" if idempotent_producer else "false",
        "KENTONGAN_MONGO_URI": mongo_uri,
        "KENTONGAN_LOG_FORMAT": "json",
        **(extra or {}),
    }


class LocalSystem:
    """Runs every installed service in a process of its own, as in production, on loopback ports.

    The stack is started and stopped by whoever made it; this starts and stops the services.
    """

    def __init__(
        self,
        *,
        environment: Mapping[str, str],
        log_folder: Path,
        services: Sequence[str] | None = None,
        own: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        self.environment = dict(environment)
        self.own = own or {}
        self.log_folder = log_folder
        names = services or service_names()
        self.services = {name: self._service(name) for name in names}
        self.supervisor = ServiceSupervisor(list(self.services.values()))

    @classmethod
    def on(
        cls,
        stack: EmbeddedStack,
        *,
        city: str,
        own: Mapping[str, Mapping[str, str]] | None = None,
        **extra: str,
    ) -> Self:
        """The system on a running stack; `extra` are settings by their variable's name.

        `own` are settings of single services, by the service's name.
        """
        return cls(
            environment=service_environment(
                kafka_bootstrap=stack.kafka_bootstrap,
                mongo_uri=stack.mongo_uri,
                city=city,
                idempotent_producer=stack.broker_kind != "light",
                extra=extra,
            ),
            log_folder=stack.data_folder / "logs",
            own=own,
        )

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Apply topics and indexes, then start all services. Raises PreparationFailed."""
        await asyncio.gather(self._run("topics", "apply"), self._run("storage", "apply"))
        await self.supervisor.start()
        _log.info("system.started", **self.addresses)

    async def stop(self) -> None:
        """Stop all services, each in order; the stack stays."""
        await self.supervisor.stop(seconds=30)

    @property
    def addresses(self) -> dict[str, str]:
        """The base URL of each service."""
        return {name: service.base_url for name, service in self.services.items()}

    def _service(self, name: str) -> ServiceProcess:
        port = free_port()
        return ServiceProcess(
            name,
            base_url=f"http://127.0.0.1:{port}",
            log_file=self.log_folder / f"{name}.log",
            environment={
                **self.environment,
                **self.own.get(name, {}),
                "KENTONGAN_HTTP_PORT": str(port),
            },
        )

    async def _run(self, *command: str) -> None:
        name = "-".join(command)
        child = ChildProcess(
            name,
            [sys.executable, "-m", "kentongan", *command],
            log_file=self.log_folder / f"{name}.log",
            environment=self.environment,
        )
        child.start()
        if await child.wait_ended(seconds=60) != 0:
            await child.stop()
            raise PreparationFailed(f"kentongan {' '.join(command)}:\n{child.log_tail()}")
