"""Pytest plugin: one Kafka and one MongoDB for a whole run, and names that no two tests share."""

import uuid
from collections.abc import Iterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from kentongan.local.ports import free_port as choose_free_port
from kentongan.local.replica_set import drop_databases
from kentongan.testing.environment import (
    Backends,
    RunBackends,
    WrongTestSettings,
    chosen_stack,
    run_apart,
    selection_needs_stack,
    stack_settings,
)
from kentongan.testing.stacks import BreakableStack

_RUN = pytest.StashKey[RunBackends]()


def pytest_configure(config: pytest.Config) -> None:
    """Prepare the run's backends; nothing starts yet, and wrong settings start nothing."""
    try:
        stack_settings()
    except WrongTestSettings as wrong:
        raise pytest.UsageError(str(wrong)) from None
    config.stash[_RUN] = RunBackends()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """With xdist, the controller starts the stack before its workers, which then share it."""
    config = session.config
    distributes = config.pluginmanager.hasplugin("dsession")
    if distributes and not config.option.collectonly and selection_needs_stack(config.args):
        config.stash[_RUN].export()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything has to run, a skipped test is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if stack_settings().require_all and reporter is not None and reporter.stats.get("skipped"):
        reporter.write_line("tests were skipped, and KENTONGAN_TEST_REQUIRE_ALL is set", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what this process started, after Ctrl-C too."""
    run = config.stash.get(_RUN, None)
    if run is not None:
        run.stop()


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what the tests ran against."""
    backends = config.stash[_RUN].started
    if backends is not None:
        terminalreporter.section("Kafka and MongoDB of this run")
        for line in backends.description:
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def stack(pytestconfig: pytest.Config) -> Backends:
    """Kafka and MongoDB, shared by the run: never stop them; that needs `own_stack`."""
    return pytestconfig.stash[_RUN].get()


@pytest.fixture(scope="module")
def own_stack() -> Iterator[BreakableStack]:
    """A stack of this module alone, to be killed, paused and restarted."""
    settings = stack_settings()
    if settings.stack == "none":
        pytest.skip("KENTONGAN_TEST_STACK=none: no stack to break")
    mine = chosen_stack(settings)
    try:
        run_apart(mine.start)
        yield mine
    finally:
        run_apart(mine.stop)


@pytest.fixture
def mongo_database_name(stack: Backends) -> Iterator[str]:
    """A database name of this test alone; every database that starts with it is dropped after."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield name
    run_apart(lambda: drop_databases(stack.mongo_uri, prefix=name))


@pytest.fixture
def topic_prefix(stack: Backends) -> Iterator[str]:
    """A topic prefix of this test alone; every topic that starts with it is deleted after."""
    prefix = f"test-{uuid.uuid4().hex[:12]}."
    yield prefix
    run_apart(lambda: _delete_topics(stack.kafka_bootstrap, prefix))


@pytest.fixture
def free_port() -> int:
    """A loopback port that nobody listens on now."""
    return choose_free_port()


async def _delete_topics(bootstrap: str, prefix: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        topics = [topic for topic in await admin.list_topics() if topic.startswith(prefix)]
        if topics:
            await admin.delete_topics(topics)
    finally:
        await admin.close()
