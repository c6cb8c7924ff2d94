"""The fixtures that every integration test stands on."""

import asyncio
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

from aiokafka.admin import AIOKafkaAdminClient
from pymongo import AsyncMongoClient

from kentongan.local.replica_set import drop_databases
from kentongan.testing.environment import Backends
from kentongan.testing.stacks import BreakableStack
from tests.support.waiting import eventually

TURNS = 2
LEAVING = textwrap.dedent(
    f"""
    from pathlib import Path

    import pytest
    from aiokafka.admin import AIOKafkaAdminClient, NewTopic
    from pymongo import AsyncMongoClient

    @pytest.mark.parametrize("turn", range({TURNS}))
    async def test_leaving(stack, mongo_database_name, topic_prefix, turn):
        async with AsyncMongoClient(stack.mongo_uri) as client:
            await client[f"{{mongo_database_name}}_registry"].kims.insert_one({{"_id": 1}})
            names = await client.list_database_names()
        admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)
        await admin.start()
        await admin.create_topics([NewTopic(f"{{topic_prefix}}kims", 1, 1)])
        await admin.close()
        assert f"{{mongo_database_name}}_registry" in names
        with Path("left").open("a") as left:
            left.write(f"{{mongo_database_name}} {{topic_prefix}}\\n")
    """
)
"""Tests that leave a database and a topic each, and note under which names."""


def run_pytest(folder: Path, stack: Backends) -> None:
    """Run the tests of a folder on this stack, in a process of their own; they must pass."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "kentongan.testing.plugin"]
    ended = subprocess.run(
        [*command, "-p", "no:cacheprovider", "-o", "asyncio_mode=auto", f"--rootdir={folder}"],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "KENTONGAN_TEST_KAFKA": stack.kafka_bootstrap,
            "KENTONGAN_TEST_MONGO": stack.mongo_uri,
        },
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


async def test_what_a_test_leaves_behind_goes_with_it(stack: Backends, tmp_path: Path) -> None:
    (tmp_path / "test_leaving.py").write_text(LEAVING)

    await asyncio.to_thread(run_pytest, tmp_path, stack)

    left = [line.split() for line in (tmp_path / "left").read_text().splitlines()]
    databases, prefixes = zip(*left, strict=True)
    assert len(set(databases)) == len(set(prefixes)) == TURNS, "names that no two tests share"
    async with AsyncMongoClient[dict[str, Any]](stack.mongo_uri) as client:
        kept = await client.list_database_names()
    assert [name for name in kept if name.startswith(databases)] == []
    admin = AIOKafkaAdminClient(bootstrap_servers=stack.kafka_bootstrap)
    await admin.start()

    async def topics_gone() -> bool:
        return not any(name.startswith(prefixes) for name in await admin.list_topics())

    try:
        await eventually(topics_gone, what="the topics are deleted")
    finally:
        await admin.close()


async def test_only_databases_of_the_prefix_are_dropped(
    stack: Backends, mongo_database_name: str
) -> None:
    mine, other = f"{mongo_database_name}_mine", f"{mongo_database_name}_other"
    async with AsyncMongoClient[dict[str, Any]](stack.mongo_uri) as client:
        for name in (mine, other):
            await client[name].kims.insert_one({"_id": 1})
        assert await drop_databases(stack.mongo_uri, prefix=mine) == [mine]
        names = await client.list_database_names()
    assert other in names
    assert mine not in names


async def test_a_stack_of_ones_own_can_be_broken(
    stack: Backends, own_stack: BreakableStack
) -> None:
    assert own_stack.kafka_bootstrap != stack.kafka_bootstrap
    own_stack.pause_broker()
    own_stack.resume_broker()
    await own_stack.stop_mongod()
    assert not own_stack.mongod.process.running
    await own_stack.restart_mongod()
    assert own_stack.mongod.process.running
