"""What a process sees of its surroundings in the background: the database, its clock, topics."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from kentongan.domain.clock import utc_now
from kentongan.local.ports import LOOPBACK
from kentongan.observability import metrics
from kentongan.process.clocks import Clocks
from kentongan.storage.driver import Database, Greeting, close, connect, greet, open_database
from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices, logged
from kentongan.testing.tcp_proxy import TcpProxy
from tests.support.processes import at, metric, office, proposal, readiness, shows
from tests.support.waiting import eventually

LONGER_THAN_ANYBODY_WAITS = "100"
PATIENCE = 20.0


@pytest.fixture
async def proxy(stack: Backends) -> AsyncIterator[TcpProxy]:
    port = int(stack.mongo_uri.partition(f"{LOOPBACK}:")[2].partition("/")[0])
    async with TcpProxy(target_port=port) as proxy:
        yield proxy


@pytest.fixture
async def database(stack: Backends) -> AsyncIterator[Database]:
    client = connect(stack.mongo_uri, application="clock-tests")
    yield open_database(client, "clock_tests")
    close(client)


@pytest.mark.parametrize("fault", ["cut", "stall"])
async def test_readiness_is_answered_at_once_while_the_database_is_away(
    services: RunningServices, proxy: TcpProxy, fault: str
) -> None:
    settings = {
        "KENTONGAN_MONGO_URI": f"mongodb://{proxy.address}/?directConnection=true",
        "KENTONGAN_MONGO_SERVER_SELECTION_TIMEOUT_SECONDS": LONGER_THAN_ANYBODY_WAITS,
        "KENTONGAN_MONGO_SOCKET_TIMEOUT_SECONDS": LONGER_THAN_ANYBODY_WAITS,
    }
    registry = services.process("registry", settings=settings)
    await services.start(registry)
    async with httpx.AsyncClient(
        base_url=registry.base_url, trust_env=False, timeout=PATIENCE
    ) as probe:
        if fault == "cut":
            await proxy.cut()
        else:
            proxy.stall()
        # Each look of the probe ends within its patience, a fifth of what the database may take.
        await eventually(lambda: shows(probe, code=503, mongo=False), what="unready")
        assert (await readiness(probe))["serving"] is True
        assert proxy.hits
        if fault == "cut":
            proxy.restore()
        else:
            proxy.resume()
        await eventually(lambda: shows(probe, code=200), what="ready again", seconds=150)


async def test_the_clocks_are_compared(services: RunningServices) -> None:
    registry = services.process("registry")
    await services.start(registry)
    async with at(registry) as client:
        difference = await metric(client, "kentongan_clock_difference_seconds")
    assert difference is not None
    assert abs(difference) < 5
    assert logged(registry, "clock.agrees")


@pytest.mark.parametrize("minutes", [10, -10])
async def test_a_clock_that_is_wrong_is_measured(database: Database, minutes: int) -> None:
    greeting = await greet(database, lambda: utc_now() + timedelta(minutes=minutes))
    assert abs(greeting.clock_difference + 60 * minutes) < 5 + greeting.round_trip


def greeting(difference: float, round_trip: float) -> Greeting:
    return Greeting("kota", (), False, difference, round_trip)


@pytest.mark.parametrize("difference", [600.0, -600.0])
def test_a_difference_is_said_once_and_when_it_is_over(
    difference: float, capsys: pytest.CaptureFixture[str]
) -> None:
    clocks = Clocks("clock-test")
    for seconds in (difference, difference, 0.1, 0.1, difference):
        clocks.compare(greeting(seconds, 0.002))
    said = capsys.readouterr()
    words = [
        word
        for line in (said.out + said.err).splitlines()
        for word in ("clock.differs", "clock.agrees")
        if word in line
    ]
    assert words == ["clock.differs", "clock.agrees", "clock.differs"]
    assert metrics.CLOCK_DIFFERENCE.labels("clock-test")._value.get() == difference


def test_a_slow_answer_is_no_difference(capsys: pytest.CaptureFixture[str]) -> None:
    Clocks("clock-test").compare(greeting(-8.0, 16.0))
    said = capsys.readouterr()
    assert "clock.differs" not in said.out + said.err


async def test_unknown_variables_are_named_at_the_start(services: RunningServices) -> None:
    settings = {"KENTONGAN_HTTP_DRAIN_SECOND": "1", "KENTONGAN_PLACEMENT_SECRET": "another's"}
    registry = services.process("registry", roles=["relay"], settings=settings)
    await services.start(registry)
    (said,) = logged(registry, "settings.unknown")
    assert said["variable"] == "KENTONGAN_HTTP_DRAIN_SECOND"
    assert said["nearest"] == "KENTONGAN_HTTP_DRAIN_SECONDS"


@pytest.mark.parametrize("role", ["api", "relay"])
async def test_every_role_misses_its_topics(services: RunningServices, role: str) -> None:
    settings = {"KENTONGAN_KAFKA_TOPIC_PREFIX": "nobody-made."}
    process = services.process("registry", roles=[role], settings=settings)
    process.start()
    assert await process.wait_ended(seconds=100) == 3
    (said,) = logged(process, "process.failing")
    assert "nobody-made.registry.kims: missing" in said["reason"]


async def test_without_kafka_commands_are_still_taken(services: RunningServices) -> None:
    settings = {"KENTONGAN_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9"}
    api = services.process("registry", roles=["api"], settings=settings)
    api.start()
    await eventually(
        lambda: any(one["what"] == "topics" for one in logged(api, "process.waits")),
        what="it waits for Kafka",
    )
    async with at(api, headers=office()) as client:
        assert (await client.post("/v1/kims", json=proposal())).status_code == 201


async def test_collections_that_are_missing_have_an_exit_code(services: RunningServices) -> None:
    settings = {"KENTONGAN_MONGO_DATABASE_PREFIX": "nobody_made_"}
    ended = await services.command("serve", "registry", settings=settings)
    assert ended.exit_code == 3
