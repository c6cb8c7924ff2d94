"""Kafka or MongoDB is gone for a while, or dies under load: on a stack of this module's own."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from kentongan.demo.clients.tokens import Tokens
from kentongan.testing.running_services import logged
from kentongan.testing.stacks import BreakableStack
from tests.integration.faults.test_replays import republish
from tests.support.office import CITY, REASON
from tests.support.town import Town, open_town
from tests.support.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("faults-away")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(
    own_stack: BreakableStack, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    async with open_town(own_stack.kafka_bootstrap, own_stack.mongo_uri, folder) as town:
        await town.start()
        yield town


async def test_kafka_away_commands_are_answered_and_events_follow(
    town: Town, own_stack: BreakableStack
) -> None:
    office = town.office
    groups = await office.register(4)
    await town.judge()

    await own_stack.kill_broker()
    repeated = office.repeated
    for group in groups:
        await office.suspend(group)
    newcomer = await office.register_one()
    # Nobody had to ask twice, and placement, which can't know yet, still serves.
    assert office.repeated == repeated
    shown = await known_to_placement(town)
    assert all(shown[group.id] < group.version for group in groups)
    assert newcomer.id not in shown
    # What the relay had in hand dies with it, and a new process needs no Kafka to take commands.
    await town.registry.kill()
    await town.start()
    await office.register_one()
    await own_stack.restart_broker()

    await town.judge()


async def test_the_broker_dies_and_returns_under_load(
    town: Town, own_stack: BreakableStack
) -> None:
    office = town.office
    groups = office.groups[:4] or await office.register(4)
    process = own_stack.broker.process.pid

    async with office.working(groups, newcomers=30):
        answered = office.answered
        await own_stack.kill_broker()
        await eventually(lambda: office.answered > answered + 20, what="commands in the dark")
        await own_stack.restart_broker()

    assert own_stack.broker.process.pid != process
    await town.judge()


async def test_mongodb_away_says_503_and_readers_wait(
    town: Town, own_stack: BreakableStack
) -> None:
    office = town.office
    groups = office.groups[:4] or await office.register(4)
    await town.judge()
    waits = len(logged(town.placement, "consumer.waits_for_storage"))

    await own_stack.kill_mongod()
    await republish(town, office.random)
    for base_url, path in (
        (town.registry.base_url, f"/v1/kims/{groups[0].id}/suspension"),
        (town.registry.base_url, "/v1/kims"),
        (town.placement.base_url, "/v1/kims"),
    ):
        await refused_for_now(base_url, path)
    await eventually(
        lambda: len(logged(town.placement, "consumer.waits_for_storage")) > waits,
        what="the consumer meets the missing database",
    )
    await own_stack.restart_mongod()

    await office.rename(groups[0], "KIM Kembali")
    await town.judge()


async def test_mongod_dies_and_returns_under_load(town: Town, own_stack: BreakableStack) -> None:
    office = town.office
    groups = office.groups[:4] or await office.register(4)
    process = own_stack.mongod.process.pid

    async with office.working(groups, newcomers=30):
        answered = office.answered
        await eventually(lambda: office.answered > answered + 10, what="a load")
        await own_stack.kill_mongod()
        await own_stack.restart_mongod()
        answered = office.answered
        await eventually(lambda: office.answered > answered + 10, what="it goes on")

    # A database that is back within seconds may be hidden from callers by the driver's own retries.
    assert own_stack.mongod.process.pid != process
    await town.judge()


async def known_to_placement(town: Town) -> dict[str, int]:
    async with httpx.AsyncClient(base_url=town.placement.base_url, trust_env=False) as http:
        page = await http.get("/v1/kims", params={"limit": 100})
    return {kim["id"]: kim["version"] for kim in page.raise_for_status().json()["items"]}


async def refused_for_now(base_url: str, path: str) -> None:
    """A problem document, in both languages, that says when to come again."""
    token = await Tokens(CITY).diskominfo().token()
    async with httpx.AsyncClient(base_url=base_url, timeout=30, trust_env=False) as http:
        if path.endswith("suspension"):
            headers = {"authorization": f"Bearer {token}", "idempotency-key": "mongodb-away"}
            answer = await http.post(path, json=REASON, headers=headers)
        else:
            answer = await http.get(path)
    assert answer.status_code == httpx.codes.SERVICE_UNAVAILABLE
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert {"title", "title_en", "detail", "detail_en"} <= answer.json().keys()
