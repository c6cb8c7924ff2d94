"""A process in production: who can let nobody in is not ready; who is ready lets everybody in."""

import asyncio
import json
import time
from pathlib import Path

from kentongan.domain.clock import utc_now
from kentongan.testing.running_services import RunningServices, logged
from tests.support.key_server import ISSUER, KeyServer
from tests.support.processes import at, metric, proposal, shows
from tests.support.waiting import eventually

KEY_SET_READ = "kentongan_key_set_read_timestamp_seconds"
CROWD = 30


def in_production(**settings: str) -> dict[str, str]:
    return {
        "KENTONGAN_ENVIRONMENT": "production",
        "KENTONGAN_AUTH_ISSUER": ISSUER,
        "KENTONGAN_HTTP_LAME_DUCK_SECONDS": "0",
        **settings,
    }


async def test_ready_means_that_tokens_are_taken(services: RunningServices) -> None:
    async with KeyServer() as provider:
        provider.open.clear()
        settings = in_production(KENTONGAN_AUTH_JWKS_URL=provider.url)
        registry = services.process("registry", roles=["api"], settings=settings)
        registry.start()
        async with at(registry) as client:
            await eventually(
                lambda: shows(client, code=503, prepared=True, mongo=True, keys=False),
                what="all but the keys is there",
            )
            assert await metric(client, KEY_SET_READ) == 0
            provider.open.set()
            await eventually(lambda: shows(client, keys=True), what="the keys are read")
            before = await metric(client, KEY_SET_READ)
            assert before is not None
            assert abs(utc_now().timestamp() - before) < 300

            headers = {"Authorization": f"Bearer {provider.token()}"}
            asking = (
                client.post("/v1/kims", json=proposal(), headers=headers) for _ in range(CROWD)
            )
            answers = await asyncio.gather(*asking)
            assert [each.status_code for each in answers] == [201] * CROWD

            # The provider rotates its key, and is slow to say so: nobody is refused meanwhile.
            provider.rotate("second")
            headers = {"Authorization": f"Bearer {provider.token()}"}
            await until_a_reading_is_due()
            provider.open.clear()
            waiting = [
                asyncio.create_task(client.post("/v1/kims", json=proposal(), headers=headers))
                for _ in range(CROWD)
            ]
            asked = provider.asked
            await eventually(lambda: provider.asked > asked, what="the new key is asked for")
            provider.open.set()
            answers = await asyncio.gather(*waiting)
            assert [each.status_code for each in answers] == [201] * CROWD
            assert provider.asked == asked + 1


async def until_a_reading_is_due() -> None:
    """Unknown keys are asked for once in five seconds at most; the last reading is older now."""
    deadline = time.monotonic() + 5.5
    await eventually(lambda: time.monotonic() > deadline, what="a reading is due")


async def test_who_reaches_no_keys_says_so_and_is_not_ready(services: RunningServices) -> None:
    settings = in_production(KENTONGAN_AUTH_JWKS_URL="http://127.0.0.1:9/jwks")
    registry = services.process("registry", roles=["api"], settings=settings)
    registry.start()
    async with at(registry) as client:
        await eventually(
            lambda: shows(client, code=503, prepared=True, mongo=True, keys=False),
            what="it is not ready for want of keys",
        )
    await eventually(
        lambda: any(
            "ConnectError" in one["problem"] for one in logged(registry, "keys.unreadable")
        ),
        what="the log says why",
    )


async def test_a_relay_lets_nobody_in_and_needs_no_keys(services: RunningServices) -> None:
    settings = in_production(KENTONGAN_AUTH_JWKS_URL="http://127.0.0.1:9/jwks")
    relay = services.process("registry", roles=["relay"], settings=settings)
    await services.start(relay)


async def test_a_file_that_is_missing_is_refused_by_name(
    services: RunningServices, tmp_path: Path
) -> None:
    missing = str(tmp_path / "none.json")
    for settings, said in (
        ({"KENTONGAN_AUTH_JWKS_FILE": missing}, f"KENTONGAN_AUTH_JWKS_FILE: {missing}: No such"),
        ({"KENTONGAN_AUTH_JWKS_FILE": ""}, "production needs KENTONGAN_AUTH_JWKS_URL"),
        ({"KENTONGAN_MONGO_URI": "mongo:27017"}, "KENTONGAN_MONGO_URI: must begin with"),
    ):
        ended = await services.command("serve", "registry", settings=in_production(**settings))
        assert ended.exit_code == 2
        assert said in ended.output
        assert "Traceback" not in ended.output


async def test_a_file_of_keys_and_a_secret_in_a_file(
    services: RunningServices, tmp_path: Path
) -> None:
    async with KeyServer() as provider:
        keys = tmp_path / "keys.json"
        keys.write_text(json.dumps({"keys": []}))
        (tmp_path / "secret").write_text("a-secret-of-this-test-which-is-long-enough\n")
        settings = in_production(
            KENTONGAN_AUTH_JWKS_FILE=str(keys),
            KENTONGAN_SCORING_SECRET_FILE=str(tmp_path / "secret"),
        )
        scoring = services.process("scoring", roles=["relay", "api"], settings=settings)
        scoring.start()
        async with at(scoring) as client:
            await eventually(
                lambda: shows(client, code=503, prepared=True, mongo=True, keys=False),
                what="a set without keys lets nobody in",
            )
            keys.write_bytes(provider.document)
            await eventually(lambda: shows(client, keys=True), what="the new file is read")
        assert "a-secret-of-this-test" not in scoring.log_file.read_text()
