"""Kafka and MongoDB by testcontainers: what a run leaves behind, and what it says of an image.

That they behave as the embedded ones is shown by the fault suites, which `run` takes over them.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import docker
import pytest

from kentongan.local.failures import CannotRunHere
from kentongan.testing.containers import ContainerStack
from kentongan.testing.environment import run_apart, stack_settings
from tests.support.waiting import eventually

STARTING = """
import asyncio
from kentongan.testing.environment import chosen_stack, stack_settings

async def hold():
    stack = chosen_stack(stack_settings())
    await stack.start()
    print(stack.broker.name, stack.mongod.name, flush=True)
    await asyncio.Event().wait()

asyncio.run(hold())
"""


@pytest.fixture
def engine() -> Iterator[docker.DockerClient]:
    client = docker.from_env()
    yield client
    client.close()


@pytest.fixture
def run() -> Iterator[subprocess.Popen[str]]:
    """Somebody else's run, with a stack of its own, killed at the latest after the test."""
    started = subprocess.Popen(
        [sys.executable, "-c", STARTING],
        env={**os.environ, "KENTONGAN_TEST_STACK": "containers"},
        stdout=subprocess.PIPE,
        text=True,
    )
    yield started
    started.kill()
    started.wait(timeout=30)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
async def test_a_run_that_is_killed_leaves_no_container(
    engine: docker.DockerClient, run: subprocess.Popen[str], end: signal.Signals
) -> None:
    assert run.stdout is not None
    names = run.stdout.readline().split()
    assert len(names) == 2
    assert all(engine.containers.get(name).status == "running" for name in names)

    run.send_signal(end)

    async def gone() -> bool:
        return not any(exists(engine, name) for name in names)

    await eventually(gone, what="the containers are removed")


def test_an_image_that_isnt_there_is_named_with_its_setting(engine: docker.DockerClient) -> None:
    stack = ContainerStack(
        kafka_image=stack_settings().kafka_image, mongo_image="local/no-such-image:0"
    )
    names = (stack.broker.name, stack.mongod.name)
    with pytest.raises(CannotRunHere, match="KENTONGAN_TEST_MONGO_IMAGE=local/no-such-image:0"):
        run_apart(stack.start)
    assert not any(exists(engine, name) for name in names)


def exists(engine: docker.DockerClient, name: str) -> bool:
    """Asked by name: a list would look at containers of tests beside this one as they go."""
    try:
        engine.containers.get(name)
    except docker.errors.NotFound:
        return False
    return True
