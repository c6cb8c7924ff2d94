"""Registry and placement on the run's backends, each behind a proxy to MongoDB, and an office."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from urllib.parse import urlsplit

from kentongan.demo.consistency.checker import Verdict
from kentongan.local.service_process import ServiceProcess
from kentongan.testing.running_services import RunningServices
from kentongan.testing.tcp_proxy import TcpProxy
from tests.support.office import Office, open_office
from tests.support.verdict import judge

SETTINGS = {
    # A killed consumer's partitions are free after 6 s instead of 30.
    "KENTONGAN_KAFKA_SESSION_TIMEOUT_SECONDS": "6",
}


@dataclass(slots=True)
class Town:
    """What a module of fault tests works with. Everything is judged together at each test's end."""

    services: RunningServices
    registry: ServiceProcess
    placement: ServiceProcess
    registry_mongo: TcpProxy
    placement_mongo: TcpProxy
    office: Office

    async def start(self) -> None:
        """Start what doesn't run."""
        halted = [one for one in (self.registry, self.placement) if not one.running]
        await self.services.start(*halted)

    async def judge(self) -> Verdict:
        """Hold all that the office was ever promised against what is there now."""
        return await judge(
            self.services,
            self.office,
            registry=self.registry.base_url,
            placement=self.placement.base_url,
        )


@asynccontextmanager
async def open_town(kafka: str, mongo: str, folder: Path) -> AsyncIterator[Town]:
    """Prepared, nothing started; everything is stopped and removed at the end."""
    print(f"logs {folder}")
    services = RunningServices(kafka_bootstrap=kafka, mongo_uri=mongo, log_folder=folder)
    services.environment.update(SETTINGS)
    async with AsyncExitStack() as open_things:
        proxies = [await open_things.enter_async_context(proxy_to(mongo)) for _ in range(2)]
        registry = services.process("registry", settings=behind(proxies[0]))
        placement = services.process("placement", settings=behind(proxies[1]))
        office = await open_things.enter_async_context(
            open_office(registry.base_url, chosen_seed())
        )
        await services.prepare()
        try:
            yield Town(services, registry, placement, proxies[0], proxies[1], office)
        finally:
            await services.remove()


def proxy_to(mongo_uri: str) -> TcpProxy:
    """A proxy, not started, to the first server of a MongoDB URI."""
    server = urlsplit(mongo_uri)
    return TcpProxy(server.hostname or "127.0.0.1", server.port or 27017)


def behind(proxy: TcpProxy) -> dict[str, str]:
    """The settings of a process that reaches MongoDB through the proxy alone."""
    # Without directConnection the driver would find the member's own address, past the proxy.
    return {"KENTONGAN_MONGO_URI": f"mongodb://{proxy.address}/?directConnection=true"}


def chosen_seed() -> int:
    """KENTONGAN_TEST_SEED, or any."""
    return int(os.environ.get("KENTONGAN_TEST_SEED") or SystemRandom().randrange(10**6))
