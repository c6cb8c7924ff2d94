"""The operator's commands against a running registry: plans, tails, tokens, what is missing."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices


@pytest.fixture
async def services(stack: Backends, tmp_path: Path) -> AsyncIterator[RunningServices]:
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    yield services
    await services.remove()


async def test_plan_then_apply_then_nothing_left_to_do(services: RunningServices) -> None:
    for what, made in (("topics", "registry.kims"), ("storage", "create-collection kims")):
        planned = await services.command(what, "plan")
        assert planned.exit_code == 1
        assert made in planned.output
        applied = await services.command(what, "apply")
        assert applied.exit_code == 0, applied.output
        assert (await services.command(what, "plan")).exit_code == 0


async def test_a_service_says_what_is_missing_and_ends(services: RunningServices) -> None:
    ended = await services.command("serve", "registry", "--role", "relay")
    assert ended.exit_code == 3
    assert "create-collection kims" in ended.output


async def test_wrong_words_end_with_what_there_is(services: RunningServices) -> None:
    unknown = await services.command("serve", "register")
    assert unknown.exit_code == 2
    assert "registry" in unknown.output
    role = await services.command("serve", "registry", "--role", "courier")
    assert role.exit_code == 2
    assert "api, consumer, relay" in role.output
    services.environment["KENTONGAN_HTTP_PORT"] = "70000"
    setting = await services.command("serve", "registry")
    assert setting.exit_code == 2
    assert "HTTP_PORT" in setting.output.upper()


async def test_a_token_opens_the_door_and_the_tail_shows_what_follows(
    services: RunningServices,
) -> None:
    await services.prepare()
    registry = services.process("registry")
    await services.start(registry)
    token = (await services.command("token", "diskominfo", "--region", "36.71")).output.strip()
    proposal = {
        "name": "KIM Gerendeng",
        "region_code": "36.71.07.1013",
        "level": "kelurahan",
        "potentials": ["umkm"],
        "links": [],
    }
    async with httpx.AsyncClient(base_url=registry.base_url, trust_env=False) as http:
        refused = await http.post("/v1/kims", json=proposal)
        accepted = await http.post(
            "/v1/kims", json=proposal, headers={"Authorization": f"Bearer {token}"}
        )
    assert (refused.status_code, accepted.status_code) == (401, 201)

    tail = await services.command("events", "tail", "--from", "beginning", "--no-follow", "--json")
    assert tail.exit_code == 0
    assert [json.loads(line) for line in tail.output.splitlines()] == []

    status = await services.command("consumer", "status", "placement")
    assert (status.exit_code, status.output) == (0, "placement: not stopped\n")
    letters = await services.command("dead-letters", "ls", "placement")
    assert letters.exit_code == 0
