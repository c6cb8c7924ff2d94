"""Registry and broadcast alone: a group that registers is told what the city publishes."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from kentongan.local.service_process import ServiceProcess
from kentongan.testing.environment import Backends
from kentongan.testing.running_services import RunningServices
from tests.support.desk import token
from tests.support.office import open_office
from tests.support.waiting import eventually

CONTENT = {
    "kind": "information",
    "title": "Jadwal imunisasi",
    "summary": "Imunisasi gratis di semua posyandu.",
    "body": "Sabtu pukul 08.00.",
    "audience": {"regions": ["36.71"]},
}


@pytest.fixture
async def services(stack: Backends, tmp_path: Path) -> AsyncIterator[RunningServices]:
    services = RunningServices(
        kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=tmp_path
    )
    await services.prepare()
    yield services
    await services.remove()


async def test_what_the_city_publishes_lies_in_the_groups_inbox(services: RunningServices) -> None:
    registry, broadcast = services.process("registry"), services.process("broadcast")
    await services.start(registry, broadcast)
    async with open_office(registry.base_url, seed=3672) as office:
        group = await office.register_one()
    async with httpx.AsyncClient(
        base_url=f"{broadcast.base_url}/v1", headers=token("diskominfo"), trust_env=False
    ) as http:
        await eventually(lambda: _counts(http, 1), what="the group in the preview")
        content_id = str((await _post(http, "/contents", CONTENT))["id"])
        await _post(http, f"/contents/{content_id}/review", None)
        await _post(http, f"/contents/{content_id}/publication", {})

        await eventually(lambda: _lies_in(broadcast, group.id, content_id), what="it in the inbox")
        await eventually(lambda: _reached(http, content_id), what="the reach")
        feed = await http.get("/feeds/36.71.atom")
        assert content_id in feed.text

        await _post(http, f"/contents/{content_id}/retraction", {"reason": "Batal."})
        assert content_id not in (await http.get("/feeds/36.71.atom")).text


async def _post(http: httpx.AsyncClient, path: str, body: Any) -> dict[str, Any]:
    answer = await http.post(path, json=body)
    assert answer.status_code in {200, 201}, answer.text
    return dict(answer.json())


async def _counts(http: httpx.AsyncClient, groups: int) -> bool:
    counted = await http.post("/audience-previews", json={"audience": CONTENT["audience"]})
    return bool(counted.json()["groups"] == groups)


async def _lies_in(broadcast: ServiceProcess, kim_id: str, content_id: str) -> bool:
    headers = token("kim", kim_id=kim_id)
    async with httpx.AsyncClient(base_url=broadcast.base_url, trust_env=False) as http:
        answer = await http.get(f"/v1/kims/{kim_id}/inbox", headers=headers)
    assert answer.status_code == 200, answer.text
    return content_id in answer.text


async def _reached(http: httpx.AsyncClient, content_id: str) -> bool:
    reach = (await http.get(f"/contents/{content_id}/reach")).json()
    return (reach["groups"], reach["delivered"], reach["pending"]) == (1, 1, 0)
