"""The same code on a secured Kafka cluster and a MongoDB replica set, by settings alone.

TLS everywhere, a user per service with the rights that `docs/operations.md` lists, and nobody else
let in: what refuses an operator or a process is said, and no password is.
"""

import shutil
from collections.abc import AsyncIterator
from functools import partial

import httpx
import pytest
import pytest_asyncio
import trustme

from kentongan.local.service_process import ServiceProcess
from kentongan.messaging.kafka.clients import make_admin
from kentongan.messaging.kafka.tail import count_events
from kentongan.messaging.kafka.topics import topic_name
from kentongan.storage.driver import close, connect, open_database
from kentongan.testing.poison_records import kim_record, put
from kentongan.testing.running_services import RunningServices, logged
from tests.integration.conformance.city import CA_FILES, KAFKA_PASSWORD, WRONG_PASSWORD, City
from tests.integration.conformance.examining import examined
from tests.integration.conformance.secured import (
    DATABASE_PREFIX,
    OPERATOR,
    OWN_OPERATOR,
    secured_backends,
)
from tests.integration.registry.desk import Desk
from tests.support.desk import token
from tests.support.doctor_table import rows
from tests.support.waiting import eventually, until_shown

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("secured")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    folder = tmp_path_factory.mktemp("secured")
    trustme.CA().cert_pem.write_to_path(str(folder / "stranger.pem"))
    async with secured_backends(folder) as backends:
        settings = backends.settings(OPERATOR)
        services = RunningServices(
            kafka_bootstrap=backends.kafka_address,
            mongo_uri=settings["KENTONGAN_MONGO_URI"],
            log_folder=folder / "logs",
        )
        services.environment.update(settings)
        try:
            for command in ("topics", "storage"):
                applied = await services.command(command, "apply")
                assert applied.exit_code == 0, applied.output
            yield City(backends, services, folder)
        finally:
            await services.stop()
    # The databases are large, and pytest keeps the folders of its last runs.
    for half in ("kafka", "mongod"):
        shutil.rmtree(folder / half)


async def test_a_registered_group_becomes_visible_in_placement(city: City) -> None:
    settings = {name: city.backends.settings(name) for name in ("registry", "placement")}
    registry = city.services.process("registry", settings=settings["registry"])
    placement = city.services.process("placement", settings=settings["placement"])
    await city.services.start(registry, placement)
    async with client(registry) as at_registry, client(placement) as at_placement:
        kim_id = await Desk(at_registry, token("diskominfo")).registered()
        onlooker = Desk(at_placement, token("diskominfo"))
        shown = await until_shown(onlooker, f"/kims/{kim_id}", lambda kim: kim["version"] == 5)
        assert shown["status"] == "registered"

        rebuild = ("rebuild", "placement", "kims")
        rebuilt = await city.services.command(*rebuild, settings=settings["placement"])
        assert "1 records read, 1 applied" in rebuilt.output, rebuilt.output
        await until_shown(onlooker, f"/kims/{kim_id}", lambda kim: kim["version"] == 5)

    inner, poison = city.backends.inner_kafka, kim_record("kim-poison").without_data("status")
    await put(inner, topic_name(inner, "registry.kims"), [poison])
    letters = "placement.dead-letters"
    await eventually(lambda: holds_one(city, letters), what="the copy of the dead letter")

    await city.services.stop()
    assert [*refusals(registry), *refusals(placement)] == []
    assert city.told_secrets() == []


@pytest.mark.parametrize(
    ("command", "how", "says"),
    [
        ("topics", "password", "invalid credentials with SASL mechanism SCRAM-SHA-512"),
        ("topics", "authority", "certificate verify failed"),
        ("topics", "name", "certificate is not valid for 'localhost'"),
        ("topics", "rights", "TopicAuthorizationFailedError"),
        ("topics", "sight", "TopicAuthorizationFailedError: DescribeConfigs of tangerang."),
        ("storage", "password", "MongoDB: storage-unavailable: OperationFailure: Authentication"),
        ("storage", "authority", "certificate verify failed"),
        ("storage", "name", "certificate is not valid for 'localhost'"),
        ("storage", "rights", "not authorized on bandung_broadcast to execute command"),
    ],
)
async def test_a_command_that_is_refused_says_by_what(
    city: City, command: str, how: str, says: str
) -> None:
    ended = await city.services.command(command, "apply", settings=city.refused(how))
    assert ended.exit_code == 1
    assert says in ended.output
    assert "Traceback" not in ended.output
    assert city.told_secrets() == []


async def test_one_service_is_prepared_with_its_own_rights_alone(city: City) -> None:
    own = city.backends.settings(OWN_OPERATOR)
    lost = topic_name(city.backends.inner_kafka, "registry.dead-letters")
    admin = make_admin(city.backends.inner_kafka)
    await admin.start()
    try:
        await admin.delete_topics([lost])
    finally:
        await admin.close()
    for command, made in (("topics", f"create\t{lost}"), ("storage", "create-collection kims")):
        if command == "storage":
            await drop_collection(city, "registry", "kims")
        planned = await city.services.command(command, "plan", "registry", settings=own)
        assert (planned.exit_code, made in planned.output) == (1, True), planned.output
        applied = await city.services.command(command, "apply", "registry", settings=own)
        assert applied.exit_code == 0, applied.output
        planned = await city.services.command(command, "plan", "registry", settings=own)
        assert planned.exit_code == 0, planned.output
        foreign = await city.services.command(command, "apply", "placement", settings=own)
        assert foreign.exit_code == 1, foreign.output
    assert city.told_secrets() == []


async def test_a_process_that_is_refused_waits_and_says_by_what(city: City) -> None:
    right = city.backends.settings("placement")
    unknown = {CA_FILES[1]: str(city.folder / "stranger.pem")}
    wrong_for_mongo = city.backends.settings("placement", WRONG_PASSWORD)
    refused = {
        "kafka-password": (right | {KAFKA_PASSWORD: WRONG_PASSWORD}, "invalid credentials"),
        "mongo-password": (wrong_for_mongo, "OperationFailure: Authentication failed."),
        "mongo-authority": (right | unknown, "certificate verify failed"),
    }
    processes = {
        city.services.process("placement", name=name, settings=settings): says
        for name, (settings, says) in refused.items()
    }
    for process in processes:
        process.start()
    for process, says in processes.items():
        await eventually(partial(tells, process, says), what=f"{process.name}: {says}")
        async with client(process) as http:
            assert (await http.get("/health/live")).status_code == httpx.codes.OK
    await city.services.stop()
    assert city.told_secrets() == []


async def test_the_doctor_finds_nothing_wrong_with_the_rights_that_a_service_needs(
    city: City,
) -> None:
    seen = await examined(city.services, city.backends.settings("placement"), "relay", "consumer")
    assert seen.exit_code == 0, seen.output
    found = {each.name: each for each in rows(seen)}
    assert found["kafka rights"].detail == "all that is needed on 7 topics"
    assert found["kafka group"].detail == "tangerang.placement: may read"
    assert found["mongodb rights"].detail.startswith("placement: all that is needed on")
    assert not {"KENTONGAN_KAFKA_SECURITY_PROTOCOL", "KENTONGAN_MONGO_TLS_CA_FILE"} & set(found)
    assert city.told_secrets() == []


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("password", ("Authentication failed", "invalid credentials")),
        ("authority", ("certificate verify failed",)),
        ("rights", ("not authorized on bandung_placement", "lacks Describe")),
        ("sight", ("DescribeConfigs", "lacks Read on the group")),
    ],
)
async def test_the_doctor_says_what_a_process_would_be_refused(
    city: City, how: str, says: tuple[str, ...]
) -> None:
    seen = await examined(city.services, city.refused(how))
    assert seen.exit_code == 1
    details = "\n".join(each.detail for each in rows(seen) if each.state == "failing")
    for said in says:
        assert said in details, seen.output
    assert "Traceback" not in seen.output
    assert city.told_secrets() == []


async def test_an_authority_that_cannot_be_read_is_a_wrong_setting(city: City) -> None:
    file = str(city.folder / "logs" / "kafka.log")
    for command, name in zip(("topics", "storage"), CA_FILES, strict=True):
        ended = await city.services.command(command, "plan", settings={name: file})
        assert ended.exit_code == 2
        assert f"{name}: " in ended.output
        assert "kafka.log holds no PEM certificate" in ended.output


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256"])
async def test_other_mechanisms_let_in_as_well(city: City, mechanism: str) -> None:
    """SCRAM-SHA-512 is that of the other tests."""
    settings = {"KENTONGAN_KAFKA_SASL_MECHANISM": mechanism}
    planned = await city.services.command("topics", "plan", settings=settings)
    assert planned.exit_code == 0, planned.output


def client(process: ServiceProcess) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=process.base_url, timeout=30, trust_env=False)


async def drop_collection(city: City, service: str, name: str) -> None:
    settings = city.backends.settings(service)
    client = connect(
        settings["KENTONGAN_MONGO_URI"], application="test", tls_ca_file=city.backends.authority
    )
    try:
        await open_database(client, f"{DATABASE_PREFIX}{service}").drop_collection(name)
    finally:
        close(client)


async def holds_one(city: City, topic: str) -> bool:
    return (await count_events(city.backends.inner_kafka, [topic]))[topic] == 1


def tells(process: ServiceProcess, words: str) -> bool:
    """Whether it waits, and its log says why."""
    return bool(logged(process, "process.waits")) and words in process.log_file.read_text()


def refusals(process: ServiceProcess) -> list[str]:
    """Where a right was missing, also one that the visible outcome didn't need."""
    lines = process.log_file.read_text().splitlines()
    return [line for line in lines if "authoriz" in line.lower()]
