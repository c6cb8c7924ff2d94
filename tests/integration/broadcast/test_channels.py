"""Channels over HTTP: registering, secrets, scope, and what is refused."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from kentongan.testing.environment import Backends
from tests.integration.broadcast.couriers import courier_process, registered
from tests.integration.broadcast.desk import Desk
from tests.integration.broadcast.running import Running
from tests.support.clock import Clock
from tests.support.desk import refused

URL = "https://kim-gerendeng.example.id/webhook"
BODY = {"name": "Situs web", "url": URL}


@pytest.fixture
async def running(stack: Backends, mongo_database_name: str) -> AsyncIterator[Running]:
    async with courier_process(
        stack, mongo_database_name, Clock(), broadcast_private_targets=False
    ) as one:
        yield one


@pytest.fixture
async def kim(running: Running) -> Desk:
    return running.kim(await running.tell_kim(1))


async def test_the_secret_is_shown_at_registration_and_never_again(
    running: Running, kim: Desk
) -> None:
    made = await registered(kim, URL)
    assert made["secret"].startswith("whsec_")
    for path in ("/channels", f"/channels/{made['id']}"):
        shown = await kim.get(path)
        assert shown.status_code == 200
        assert "whsec_" not in shown.text
    stored = await running.database["channels"].find_one({"_id": made["id"]})
    assert made["secret"].removeprefix("whsec_") not in str(stored)


async def test_a_retry_of_the_registration_makes_no_second_channel(
    running: Running, kim: Desk
) -> None:
    first = await kim.post("/channels", BODY, Idempotency_Key="reg-1")
    again = await kim.post("/channels", BODY, Idempotency_Key="reg-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.json() == first.json(), "whose first answer was lost still gets the secret"
    assert len((await kim.get("/channels")).json()["items"]) == 1
    stored = await running.database["channels"].find_one({"_id": first.json()["id"]})
    assert "whsec_" not in str(stored)


async def test_five_channels_an_owner_even_if_all_are_registered_at_once(kim: Desk) -> None:
    answers = await asyncio.gather(*(kim.post("/channels", BODY) for _ in range(9)))
    made = [each for each in answers if each.status_code == 201]
    assert len(made) == 5
    for each in answers:
        if each.status_code != 201:
            assert each.json()["rule"] in {"too-many-channels", "too-many-conflicts"}
    refused(await kim.post("/channels", BODY), 409, "too-many-channels")
    removed = await kim.post(f"/channels/{made[0].json()['id']}/removal")
    assert removed.json()["status"] == "removed"
    await registered(kim, URL)


@pytest.mark.parametrize(
    ("changed", "rule", "pointer"),
    [
        ({"url": "http://kim.example.id/hook"}, "target-not-allowed", "#/url"),
        ({"url": "https://127.0.0.1/hook"}, "target-not-allowed", "#/url"),
        ({"url": "https://me:pw@kim.example.id/hook"}, "target-not-allowed", "#/url"),
        ({"url": "javascript:alert(1)"}, "validation", "#/url"),
        ({"kinds": ["rumour"]}, "validation", "#/kinds/0"),
        ({"regions": ["36.71"]}, "regions-for-integrator-only", "#/regions"),
        ({"secret": "whsec_mine"}, "validation", "#/secret"),
    ],
)
async def test_what_is_refused_at_registration(
    kim: Desk, changed: dict[str, object], rule: str, pointer: str
) -> None:
    refused(await kim.post("/channels", BODY | changed), 422, rule, pointer)
    assert (await kim.get("/channels")).json()["items"] == []


async def test_a_group_that_no_event_has_told_of_is_not_known_yet(running: Running) -> None:
    refused(await running.kim("kim-404").post("/channels", BODY), 409, "not-known-yet")


async def test_channels_are_their_owners_and_the_office_looks_at_its_region(
    running: Running, kim: Desk
) -> None:
    mine = await registered(kim, URL)
    other = running.kim(await running.tell_kim(2))
    integrator = running.desk("integrator")
    theirs = await registered(integrator, URL, regions=["36.71.07"])
    path = f"/channels/{mine['id']}"
    for stranger in (other, integrator, running.desk("diskominfo", region="36.72")):
        refused(await stranger.get(path), 404, "not-found")
        refused(await stranger.get(f"{path}/deliveries"), 404, "not-found")
    for stranger in (other, integrator):
        for command in ("secret", "activation", "removal"):
            refused(await stranger.post(f"{path}/{command}"), 404, "not-found")
    office = running.desk("diskominfo")
    assert (await office.get(path)).status_code == 200
    seen = [each["id"] for each in (await office.get("/channels")).json()["items"]]
    assert sorted(seen) == sorted([mine["id"], theirs["id"]])
    refused(await office.post(f"{path}/secret"), 403, "wrong-role")
    refused(await running.desk("village").post("/channels", BODY), 403, "wrong-role")
    refused(await running.public.get("/channels"), 401, "unauthenticated")


async def test_an_integrator_stays_in_its_region(running: Running) -> None:
    integrator = running.desk("integrator")
    refused(
        await integrator.post("/channels", {**BODY, "regions": ["36.72"]}), 403, "foreign-region"
    )
    nowhere = running.desk("integrator", region=None)
    refused(await nowhere.post("/channels", BODY), 403, "foreign-region")


async def test_transitions_that_are_impossible(kim: Desk) -> None:
    path = f"/channels/{(await registered(kim, URL))['id']}"
    refused(await kim.post(f"{path}/activation"), 409, "impossible-transition")
    assert (await kim.post(f"{path}/removal")).status_code == 200
    for command in ("secret", "activation", "removal"):
        refused(await kim.post(f"{path}/{command}"), 409, "impossible-transition")
    assert (await kim.get("/channels")).json()["items"] == []
    (shown,) = (await kim.get("/channels", status="removed")).json()["items"]
    assert shown["status"] == "removed"
