"""kill -9 of the courier, amid planning and amid sending: nothing is lost, nothing made twice."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import httpx
import pytest

from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices
from tests.integration.broadcast.desk import Desk
from tests.integration.broadcast.receiver import receiving, status
from tests.integration.faults.siren import REFUSING, SETTINGS, Siren
from tests.support.town import behind, chosen_seed, proxy_to
from tests.support.waiting import eventually

pytestmark = pytest.mark.xdist_group("faults-courier")

GROUPS = 240
GIVEN_UP = 6
"""Groups with a second webhook, to which nothing can be delivered."""


@pytest.fixture
async def siren(stack: Backends, tmp_path: Path) -> AsyncIterator[Siren]:
    seed = chosen_seed()
    print(f"seed {seed}, logs {tmp_path}")
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    services.environment.update(SETTINGS)
    async with AsyncExitStack() as open_things:
        mongo = await open_things.enter_async_context(proxy_to(stack.mongo_uri))
        receiver = await open_things.enter_async_context(receiving())
        receiver.answer(REFUSING, status(500))
        broadcast = services.process("broadcast", roles=("api", "consumer", "relay"))
        courier = services.process(
            "broadcast", roles=("courier",), name="courier", settings=behind(mongo)
        )
        http = await open_things.enter_async_context(
            httpx.AsyncClient(base_url=broadcast.base_url, trust_env=False, timeout=60)
        )
        await services.prepare()
        try:
            await services.start(broadcast)
            yield Siren(services, broadcast, courier, mongo, receiver, http, Random(seed))
        finally:
            await services.remove()


async def test_every_delivery_is_planned_once_and_arrives_though_the_courier_is_killed(
    siren: Siren,
) -> None:
    await siren.register(GROUPS, refusing=GIVEN_UP)
    office, random = siren.office, siren.random
    content_id = await office.published(audience={"regions": ["36.71"]})

    lands = [True, False]
    random.shuffle(lands)
    for lands_after_all, part in zip(lands, (range(10, 60), range(80, 130)), strict=True):
        group = f"kim-{random.choice(part):04}"
        await siren.kill_while_planning(f"{content_id}:1:{group}:inbox", lands=lands_after_all)
        assert not (await commands(office, content_id))["content.plan"], "it was planned already"
    before = await siren.deliveries(content_id, 1)
    assert 0 < len(before) < len(expected(siren, content_id, 1))
    for _ in range(2):
        await siren.kill_at_request(random.randint(1, 40))
    assert await in_hand(siren, content_id, 1), "the kills met nothing on its way"
    await siren.services.start(siren.courier)
    await all_delivered(siren, content_id, edition=1)

    after = await siren.deliveries(content_id, 1)
    assert {each: after[each]["planned_at"] for each in before} == {
        each: planned["planned_at"] for each, planned in before.items()
    }
    assert len(siren.receiver.ids()) > len(set(siren.receiver.ids())), "nothing was sent twice"

    await siren.courier.stop()
    await office.correct(content_id, title="Jadwal baru")
    await siren.kill_at_request(random.randint(1, GROUPS // 2))
    await siren.services.start(siren.courier)
    await all_delivered(siren, content_id, edition=2)
    await holds(siren, office, content_id)


async def holds(siren: Siren, office: Desk, content_id: str) -> None:
    """What the receiver got, what is kept of it, and what was told of it agree."""
    for edition in (1, 2):
        wanted = expected(siren, content_id, edition)
        kept = await siren.deliveries(content_id, edition)
        assert kept.keys() == wanted
        stood = Counter(each["status"] for each in kept.values())
        assert stood == {"delivered": 2 * GROUPS, "failed": GIVEN_UP}
        got = {each.webhook_id for each in siren.receiver.received}
        assert {each for each in got if f":{edition}:" in each} == {
            each for each in wanted if not each.endswith(":inbox")
        }
    for each in siren.receiver.received:
        body = each.verified(siren.secrets[each.webhook_id.rpartition(":")[2]])
        assert each.webhook_id.startswith(f"{content_id}:{body['data']['edition']}:")
    told = await siren.told_of_delivery(content_id)
    assert [each["edition"] for each in told] == [1, 2]
    for each in told:
        assert (each["groups"], each["cancelled"]) == (GROUPS, 0)
        assert (each["delivered"], each["failed"]) == (2 * GROUPS, GIVEN_UP)
    ended = await commands(office, content_id)
    assert (ended["content.plan"], ended["content.deliver"]) == (2, 2)


async def commands(office: Desk, content_id: str) -> Counter[str]:
    """How often what was done with the content."""
    decided = (await office.get(f"/contents/{content_id}/decisions")).json()
    return Counter(each["command"] for each in decided)


def expected(siren: Siren, content_id: str, edition: int) -> set[str]:
    """The natural ids: each group's inbox, and each of its webhooks."""
    return {
        f"{content_id}:{edition}:{kim_id}:{channel}"
        for kim_id, channels in siren.channels.items()
        for channel in ("inbox", *channels)
    }


async def in_hand(siren: Siren, content_id: str, edition: int) -> bool:
    """Whether the dead courier had claimed something that it never ended."""
    planned = await siren.deliveries(content_id, edition)
    return any(each["status"] == "pending" and each.get("claim") for each in planned.values())


async def all_delivered(siren: Siren, content_id: str, *, edition: int) -> None:
    async def told() -> bool:
        return len(await siren.told_of_delivery(content_id)) >= edition

    await eventually(told, seconds=90, what=f"edition {edition} is delivered")
