"""Faults, and the alerts that they fire in a real Prometheus and a real Alertmanager.

The rules are the repository's, with short times (`shortened.py`); which fault is to fire what is
said in `faults.py`. After each repair the alerts clear.
"""

import asyncio
import inspect
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from kentongan.contracts.broadcast import ContentPublished
from kentongan.contracts.registry import KimRegistered
from kentongan.local.ports import free_port
from kentongan.local.service_process import ServiceProcess
from kentongan.local.stack import EmbeddedStack
from kentongan.storage.driver import close, connect
from kentongan.testing.poison_records import event_record, kim_record
from tests.integration.broadcast.receiver import status
from tests.observed.city import City, open_city
from tests.observed.clerks import asked_in_vain, busy, proposing, publish_to_webhooks
from tests.observed.faults import FAULTS
from tests.observed.files import alerts
from tests.support.waiting import eventually

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(900),
    pytest.mark.xdist_group("observed-faults"),
]

FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
WEBHOOKS = 30
AT_ONCE = 300
"""Records; many times this are needed until a reader holds no more."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(
    own_stack: EmbeddedStack, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[City]:
    async with open_city(own_stack, tmp_path_factory.mktemp("city")) as city:
        yield city


async def test_every_alert_has_a_fault() -> None:
    fired = {name for told in FAULTS.values() for name, _ in told}
    assert fired == alerts().keys()
    here = inspect.getsource(sys.modules[__name__])
    assert [fault for fault in FAULTS if f'fires("{fault}")' not in here] == []


async def test_placement_is_killed(city: City) -> None:
    before = city.alertmanager.told()
    await city.placement.kill()
    try:
        await city.fires("placement_is_killed")
        told = city.alertmanager.told() - before
        assert told["KentonganServiceAbsent", "placement"]
        # What follows from a cause is not told beside it.
        assert not told["KentonganConsumerAbsent", "placement"]
        assert not told["KentonganRoleGone", "placement"]
    finally:
        await city.services.start(city.placement)

    await city.clears(FAULTS["placement_is_killed"])
    resolved = ("KentonganServiceAbsent", "placement")
    await eventually(lambda: city.alertmanager.told("resolved")[resolved] > 0, what="the all-clear")


async def test_couriers_are_scaled_to_none(city: City) -> None:
    city.forget(city.courier)
    await city.courier.stop()
    try:
        await city.fires("couriers_are_scaled_to_none")
    finally:
        await city.services.start(city.courier)
        city.scrape(city.courier, "courier")
    await city.clears(FAULTS["couriers_are_scaled_to_none"])


async def test_kafka_goes_away_and_comes_back(city: City) -> None:
    groups = await city.office.register(8)
    before = city.alertmanager.told()
    await city.stack.kill_broker()
    try:
        await asyncio.gather(*(city.office.suspend(group) for group in groups))
        await city.fires("kafka_goes_away")
        told = city.alertmanager.told() - before
        assert told["KentonganKafkaAway", ""]
        assert not told["KentonganConsumerDisconnected", "scoring"]
    finally:
        await city.stack.restart_broker()

    await city.fires("what_waited_for_kafka_is_late")
    await city.clears(FAULTS["kafka_goes_away"] | {("KentonganEventsLate", "placement")})


async def test_mongodb_goes_away(city: City) -> None:
    """Readers take what they can hold, then no more of it."""
    some = [kim_record(f"kim-{number:04}") for number in range(AT_ONCE)]
    await city.stack.kill_mongod()
    try:
        async with (
            asked_in_vain(city.registry),
            busy(1, lambda: city.feed(KimRegistered, *some)),
        ):
            await city.fires("mongodb_goes_away")
    finally:
        await city.stack.restart_mongod()

    slow = {("KentonganCommandsFailingSlowly", "registry")}
    await city.clears(FAULTS["mongodb_goes_away"] - slow)


async def test_writes_are_blocked(city: City) -> None:
    """As by a snapshot that takes too long: whoever writes keeps a connection, and waits."""
    client = connect(city.services.mongo_uri, application="alert-tests")
    try:
        await client.admin.command({"fsync": 1, "lock": True})
        try:
            async with proposing(city.registry, clerks=80):
                await city.fires("writes_are_blocked")
        finally:
            await client.admin.command({"fsyncUnlock": 1})
    finally:
        close(client)
    await city.clears(FAULTS["writes_are_blocked"])


async def test_a_record_of_poison(city: City) -> None:
    bad = replace(event_record(ContentPublished, "content-poison"), value=b"bukan JSON")
    await city.feed(ContentPublished, bad)
    await city.fires("a_record_of_poison")
    await city.clears(FAULTS["a_record_of_poison"])


async def test_a_flood_of_poison(city: City) -> None:
    bad = replace(event_record(ContentPublished, "content-flood"), value=b"bukan JSON")
    await city.feed(ContentPublished, *[bad] * 250)
    await city.fires("a_flood_of_poison")
    assert ("KentonganConsumerDisconnected", "scoring") not in await city.alertmanager.holds()

    resumed = await city.services.command("consumer", "resume", "scoring")
    assert resumed.exit_code == 0, resumed.output
    await city.clears(FAULTS["a_flood_of_poison"])


async def test_receivers_never_answer_and_then_do(city: City) -> None:
    city.receiver.answer("/hook", None)
    await publish_to_webhooks(city, WEBHOOKS)
    await city.fires("receivers_never_answer")

    city.receiver.answer("/hook", status(204))
    await city.fires("what_waited_for_the_courier_is_late")
    await city.clears(
        {("KentonganCourierBehind", "broadcast"), ("KentonganDeliveriesLate", "broadcast")}
    )


async def test_another_installation_beside_it(city: City) -> None:
    """Of another build, with another database: neither sees the other's lease, and both lead."""
    apart = {
        "KENTONGAN_MONGO_DATABASE_PREFIX": f"{city.services.database_prefix}apart_",
        "KENTONGAN_REVISION": "another",
    }
    applied = await city.services.command("storage", "apply", settings=apart)
    assert applied.exit_code == 0, applied.output
    other = city.services.process("registry", name="other", settings=apart)
    async with beside(city, other):
        await city.fires("another_installation_beside_it")
    await city.clears(FAULTS["another_installation_beside_it"])


@pytest.mark.skipif(not FAKETIME, reason="the package faketime is not installed")
async def test_a_clock_runs_ahead(city: City) -> None:
    ahead = {
        "LD_PRELOAD": str(FAKETIME[0]),
        "FAKETIME": "+600s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    other = city.services.process("registry", roles=("api",), name="ahead", settings=ahead)
    async with beside(city, other):
        await city.fires("a_clock_runs_ahead")
    await city.clears(FAULTS["a_clock_runs_ahead"])


async def test_a_process_keeps_restarting(city: City) -> None:
    other = city.services.process("registry", roles=("api",), name="restarting")
    async with beside(city, other):

        async def again() -> None:
            await city.prometheus.until_scraped(other.name)
            await other.kill()
            await city.services.start(other)

        async with busy(1, again):
            await city.fires("a_process_keeps_restarting")
    await city.clears(FAULTS["a_process_keeps_restarting"])


async def test_no_keys_can_be_read(city: City) -> None:
    """The identity provider's address is wrong, so every command is answered 503."""
    elsewhere = {
        "KENTONGAN_ENVIRONMENT": "production",
        "KENTONGAN_AUTH_JWKS_URL": f"http://127.0.0.1:{free_port()}/keys",
    }
    other = city.services.process("registry", roles=("api",), name="keyless", settings=elsewhere)
    async with beside(city, other, ready=False), asked_in_vain(other):
        await city.fires("no_keys_can_be_read")
    await city.clears(FAULTS["no_keys_can_be_read"])


@asynccontextmanager
async def beside(city: City, process: ServiceProcess, *, ready: bool = True) -> AsyncIterator[None]:
    """A further process, watched as long as the block lasts."""
    if ready:
        await city.services.start(process)
    else:
        process.start()
    city.scrape(process, "other")
    try:
        await city.prometheus.until_scraped(process.name)
        yield
    finally:
        city.forget(process)
        await process.stop()
