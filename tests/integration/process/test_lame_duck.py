"""Told to end, a process is unready first and still answers, until its callers have noticed."""

import signal

import httpx

from kentongan.local.service_process import ServiceProcess
from kentongan.testing.running_services import RunningServices, logged
from tests.support.processes import at, office, proposal, shows
from tests.support.waiting import eventually

LAME_DUCK, BOUND = "KENTONGAN_HTTP_LAME_DUCK_SECONDS", "KENTONGAN_SHUTDOWN_SECONDS"


async def is_refused(process: ServiceProcess) -> bool:
    try:
        async with at(process) as client:
            await client.get("/health/live")
    except httpx.ConnectError:
        return True
    return False


async def test_commands_are_answered_until_the_listener_closes(services: RunningServices) -> None:
    registry = services.process("registry", settings={LAME_DUCK: "8", BOUND: "40"})
    await services.start(registry)
    async with at(registry, headers=office()) as client, at(registry) as kept:
        assert (await kept.get("/health/live")).headers.get("connection") != "close"
        registry.send(signal.SIGTERM)
        await eventually(lambda: shows(client, code=503, serving=False), what="it is unready")

        answers = [await client.post("/v1/kims", json=proposal()) for _ in range(20)]
        assert [answer.status_code for answer in answers] == [201] * 20
        # Callers come back by another way, and none is cut off by the listener's end.
        assert {answer.headers["connection"] for answer in answers} == {"close"}
        assert (await kept.get("/health/live")).headers["connection"] == "close"
        assert logged(registry, "process.lame_duck")

        await eventually(lambda: is_refused(registry), what="the listener is closed")
    assert await registry.wait_ended(seconds=60) == 0
    async with services.database("registry") as database:
        assert await database["kims"].count_documents({}) == 20


async def test_a_second_signal_ends_the_waiting(services: RunningServices) -> None:
    settings = {LAME_DUCK: "290", BOUND: "600"}
    registry = services.process("registry", settings=settings)
    await services.start(registry)
    async with at(registry) as client:
        registry.send(signal.SIGTERM)
        await eventually(lambda: shows(client, code=503, serving=False), what="it is unready")
    registry.send(signal.SIGTERM)
    assert await registry.wait_ended(seconds=100) == 0


async def test_who_takes_no_commands_waits_for_no_callers(services: RunningServices) -> None:
    settings = {LAME_DUCK: "290", BOUND: "600"}
    relay = services.process("registry", roles=["relay"], settings=settings)
    await services.start(relay)
    relay.send(signal.SIGTERM)
    assert await relay.wait_ended(seconds=100) == 0


async def test_an_end_that_cannot_fit_is_refused(services: RunningServices) -> None:
    ended = await services.command("serve", "registry", settings={LAME_DUCK: "20"})
    assert ended.exit_code == 2
    assert f"{LAME_DUCK} and KENTONGAN_HTTP_DRAIN_SECONDS take 30 s together" in ended.output
