"""The chapter on losing a topic, a cluster, a database: its commands, run as they stand there.

After a whole season, so that every contract has events; and what every reader knows afterwards is
held against what it knew before.
"""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from pymongo import AsyncMongoClient
from rich.console import Console

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.demo.clients.bearers import development_issuer
from kentongan.demo.clients.endpoint import Endpoint
from kentongan.demo.consistency.journal import Journal
from kentongan.demo.hurry import IN_A_HURRY
from kentongan.demo.options import DemoOptions
from kentongan.demo.season import play
from kentongan.demo.setting import Setting
from kentongan.demo.terminal.progress import TerminalProgress
from kentongan.local.service_process import ServiceProcess
from kentongan.local.stack import EmbeddedStack
from kentongan.messaging.kafka.clients import make_admin
from kentongan.messaging.kafka.topics import topic_name
from kentongan.process.service import service_names
from kentongan.settings.machine import LocalSettings
from kentongan.testing.running_services import RunningServices
from tests.support.waiting import eventually

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("losing")]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "operations.md"
TOPICS = sorted(CATALOGUE.topics)
Known = dict[str, dict[str, Any]]


@dataclass(slots=True)
class City:
    """A season that was played to its end, and all services still running."""

    stack: EmbeddedStack
    services: RunningServices
    processes: dict[str, ServiceProcess]

    async def follow(self, section: str) -> None:
        """Run the commands of a section of the page, in order; each must end well."""
        for command in commands(section):
            ended = await self.services.command(*command)
            print("$ kentongan", *command, "\n" + ended.output)
            assert ended.exit_code == 0, f"{command}: {ended.output}"

    async def known(self) -> Known:
        """What every reader holds, by collection: state by key, facts by event id."""
        found: Known = {}
        for service in service_names():
            async with self.services.database(service) as database:
                for name in await database.list_collection_names():
                    if name.startswith(("directory.", "ledger.")) and ".shadow." not in name:
                        documents = await database[name].find({}).to_list(None)
                        found[f"{service}:{name}"] = {
                            one["_id"]: one
                            if name.startswith("ledger.")
                            else {"entry": one["entry"]}
                            for one in documents
                        }
        return found

    async def delete(self, *topics: str) -> None:
        names = [topic_name(self.services.kafka, topic) for topic in topics]
        admin = make_admin(self.services.kafka)
        await admin.start()
        try:
            await admin.delete_topics(names)

            async def gone() -> bool:
                return not set(names) & set(await admin.list_topics())

            await eventually(gone, what="the topics are gone")
        finally:
            await admin.close()

    async def settled(self) -> Known:
        """What is known once nothing moves any more."""
        seen: list[Known] = [{}]

        async def still() -> bool:
            now = await self.known()
            same = now == seen[-1]
            seen.append(now)
            await asyncio.sleep(1.0)
            return same

        await eventually(still, what="all that was published is read")
        return seen[-1]


def commands(section: str) -> list[list[str]]:
    body = PAGE.read_text().split(f"\n### {section}\n", 1)[1]
    body = re.split(r"\n##+ ", body, maxsplit=1)[0]
    blocks = re.findall(r"```sh\n(.*?)```", body, re.DOTALL)
    lines = [line.split("#")[0].split() for block in blocks for line in block.splitlines()]
    found = [line[1:] for line in lines if line[:1] == ["kentongan"]]
    assert found, section
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    folder = tmp_path_factory.mktemp("losing")
    async with EmbeddedStack(LocalSettings(), ephemeral=True) as stack:
        if stack.broker_kind == "light":
            pytest.skip("the light broker deletes no topic")
        services = RunningServices(
            kafka_bootstrap=stack.kafka_bootstrap, mongo_uri=stack.mongo_uri, log_folder=folder
        )
        try:
            await services.prepare()
            processes = {
                name: services.process(name, settings=IN_A_HURRY.get(name, {}))
                for name in service_names()
            }
            await services.start(*processes.values())
            setting = Setting(
                services={name: Endpoint(one.base_url) for name, one in processes.items()},
                kafka=services.kafka,
                broker_kind=stack.broker_kind,
                issuer=development_issuer(),
                receiver=None,
                machine="",
                repeat="",
            )
            options = DemoOptions(
                city="36.71", seed=20260922, keep=False, quick=True, page=folder / "season.html"
            )
            with (
                Journal(folder / "journal.jsonl") as journal,
                TerminalProgress(Console(quiet=True)) as progress,
            ):
                played = await play(options, setting, journal, progress)
            assert played.season.verdict.good
            yield City(stack, services, processes)
        finally:
            await services.stop()


@pytest.mark.timeout(900)
async def test_a_topic(city: City) -> None:
    before = await city.settled()
    assert all(before.values()), "every reader has something to lose"
    await city.delete("registry.kims")
    await city.follow("Losing a topic")
    assert await city.settled() == before


@pytest.mark.timeout(900)
async def test_the_cluster(city: City) -> None:
    before = await city.settled()
    await city.delete(*TOPICS)
    await city.follow("Losing the cluster")
    assert await city.settled() == before


@pytest.mark.timeout(900)
async def test_a_database(city: City) -> None:
    before = await city.settled()
    data = city.stack.data_folder / "mongod" / "data"
    copy = city.stack.data_folder / "backup"
    async with AsyncMongoClient[dict[str, Any]](city.stack.mongo_uri) as client:
        await client.admin.command("fsync", lock=True)
        try:
            await asyncio.to_thread(shutil.copytree, data, copy)
        finally:
            await client.admin.command("fsyncUnlock")
    await city.services.stop()
    await city.stack.kill_mongod()
    await asyncio.to_thread(shutil.rmtree, data)
    for lock in ("mongod.lock", "WiredTiger.lock"):
        (copy / lock).unlink(missing_ok=True)
    await asyncio.to_thread(shutil.move, copy, data)
    await city.stack.restart_mongod()
    await city.follow("Losing a database")
    await city.services.start(*city.processes.values())
    assert await city.settled() == before
