"""A city that is watched as in production, in a hurry: five processes, Prometheus, Alertmanager."""

from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from kentongan.contracts.event import Event
from kentongan.local.service_process import ServiceProcess
from kentongan.local.stack import EmbeddedStack
from kentongan.messaging.kafka.topics import topic_name
from kentongan.testing.poison_records import RawRecord, put
from kentongan.testing.running_services import RunningServices
from tests.integration.broadcast.receiver import Receiver, receiving
from tests.observed.alertmanager import Alertmanager, Told, alertmanager
from tests.observed.faults import FAULTS
from tests.observed.prometheus import Prometheus, Target
from tests.observed.shortened import shortened
from tests.support.office import Office, open_office
from tests.support.town import SETTINGS as TOWN_SETTINGS
from tests.support.town import chosen_seed
from tests.support.waiting import eventually

SECONDS = 300.0
SETTINGS = {
    **TOWN_SETTINGS,
    # One webhook at a time, tried once: what a slow receiver does to a courier shows in seconds.
    "KENTONGAN_BROADCAST_PRIVATE_TARGETS": "true",
    "KENTONGAN_BROADCAST_SENDS_AT_ONCE": "1",
    "KENTONGAN_BROADCAST_SEND_SECONDS": "1.5",
    "KENTONGAN_BROADCAST_ATTEMPTS": "1",
    "KENTONGAN_BROADCAST_PROMISE_SECONDS": "3",
    "KENTONGAN_BROADCAST_POLL_SECONDS": "0.2",
}


@dataclass(slots=True)
class City:
    """What a test works with. What is scraped is `targets`, by name."""

    stack: EmbeddedStack
    services: RunningServices
    registry: ServiceProcess
    placement: ServiceProcess
    scoring: ServiceProcess
    broadcast: ServiceProcess
    courier: ServiceProcess
    prometheus: Prometheus
    alertmanager: Alertmanager
    office: Office
    receiver: Receiver
    targets: dict[str, Target] = field(default_factory=dict)

    def scrape(self, process: ServiceProcess, role: str = "all") -> None:
        """From now on this process is watched, too."""
        self.targets[process.name] = Target.of(process, role)
        self.prometheus.watch(*self.targets.values())

    def forget(self, process: ServiceProcess) -> None:
        """It was taken away on purpose, as scaling does: nobody scrapes it any more."""
        del self.targets[process.name]
        self.prometheus.watch(*self.targets.values())

    async def feed(self, kind: type[Event], *records: RawRecord) -> None:
        """Put records into the topic of an event."""
        topic = topic_name(self.services.kafka, kind.contract.topic.name)
        await put(self.services.kafka, topic, records)

    async def fires(self, fault: str) -> None:
        """Wait until Alertmanager has held all that this fault is to fire."""
        await self.until_held(*FAULTS[fault])

    async def until_held(self, *alerts: Told) -> None:
        """Wait until Alertmanager has held each of these, not necessarily at once."""
        missing = {*alerts}

        async def all_held() -> bool:
            missing.difference_update(await self.alertmanager.holds())
            return not missing

        try:
            await eventually(all_held, seconds=SECONDS, what="alerts")
        except AssertionError:
            held = await self.alertmanager.holds()
            raise AssertionError(f"never fired: {sorted(missing)}, but {sorted(held)}") from None

    async def clears(self, alerts: Collection[Told]) -> None:
        """Wait until none of these is held any more."""

        async def gone() -> bool:
            return not {*alerts} & (await self.alertmanager.holds()).keys()

        await eventually(gone, seconds=SECONDS, what=f"the end of {sorted(alerts)}")


@asynccontextmanager
async def open_city(stack: EmbeddedStack, folder: Path) -> AsyncIterator[City]:
    """All of it running and watched; everything is stopped and removed at the end."""
    print(f"logs {folder}")
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=folder
    )
    services.environment.update(SETTINGS)
    async with AsyncExitStack() as things:
        manager = await things.enter_async_context(alertmanager(folder / "alertmanager"))
        receiver = await things.enter_async_context(receiving())
        await services.prepare()
        things.push_async_callback(services.remove)
        plain = {name: services.process(name) for name in ("registry", "placement", "scoring")}
        broadcast = services.process("broadcast", roles=("api", "consumer", "relay"))
        courier = services.process("broadcast", roles=("courier",), name="courier")
        office = open_office(plain["registry"].base_url, chosen_seed())
        await services.start(*plain.values(), broadcast, courier)
        targets = {process.name: Target.of(process) for process in (*plain.values(), broadcast)}
        targets[courier.name] = Target.of(courier, "courier")
        rules = yaml.safe_dump(shortened(), allow_unicode=True, sort_keys=False)
        watching = Prometheus(folder / "prometheus", [rules], manager.address)
        # Only now: a service that isn't there yet would wake somebody.
        watching.watch(*targets.values())
        prometheus = await things.enter_async_context(watching)
        city = City(
            stack=stack,
            services=services,
            **plain,
            broadcast=broadcast,
            courier=courier,
            prometheus=prometheus,
            alertmanager=manager,
            office=await things.enter_async_context(office),
            receiver=receiver,
            targets=targets,
        )
        await prometheus.until_scraped(*city.targets)
        yield city
