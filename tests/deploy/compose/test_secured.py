"""The secured city: TLS, a user for each service, and no more rights than it needs."""

from collections.abc import Iterator

import pytest

from kentongan.demo.consistency.topics import read_topics
from kentongan.settings import KafkaSettings
from tests.deploy.compose.city import City, docker
from tests.deploy.compose.conftest import new_city, running


@pytest.fixture(scope="module")
def secured(images: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """Core and secured.yaml, up and healthy: every process got in with its own user."""
    city = new_city(tmp_path_factory.mktemp("secured"), images, overlays=["secured.yaml"])
    with running(city):
        yield city


def test_a_service_reaches_its_own_database_and_no_other(secured: City) -> None:
    look = (
        "import asyncio, os, sys; from pymongo import MongoClient;"
        "uri = open(os.environ['KENTONGAN_MONGO_URI_FILE']).read();"
        "client = MongoClient(uri, tlsCAFile=os.environ['KENTONGAN_MONGO_TLS_CA_FILE']);"
        "print(len(client[sys.argv[1]].list_collection_names()))"
    )
    [api] = secured.containers("registry-api")
    own = docker("exec", api, "python3", "-c", look, "kentongan_registry")
    assert int(own) > 0
    with pytest.raises(AssertionError, match="not authorized"):
        docker("exec", api, "python3", "-c", look, "kentongan_scoring")


def test_nobody_gets_in_without_a_certificate_s_authority_or_a_password(secured: City) -> None:
    open_door = (
        "from pymongo import MongoClient;"
        "MongoClient('mongodb://mongo/?directConnection=true', serverSelectionTimeoutMS=3000)"
        ".admin.command('hello')"
    )
    [api] = secured.containers("registry-api")
    with pytest.raises(AssertionError, match=r"connection closed|ServerSelectionTimeout"):
        docker("exec", api, "python3", "-c", open_door)


async def test_the_season_s_topics_are_read_by_a_user_only(secured: City) -> None:
    reading = await read_topics(administrator(secured), ["registry.kims"])
    assert reading.broken == ()


def administrator(city: City) -> KafkaSettings:
    """Kafka from this machine, as who may see all."""
    [container] = city.containers("registry-api")
    authority = city.folder / "authority.pem"
    authority.write_text(docker("exec", container, "cat", "/authority/authority.pem"))
    password = city.compose_folder / "secrets" / "password-administrator"
    return KafkaSettings(
        bootstrap_servers=f"127.0.0.1:{city.kafka_port}",
        security_protocol="SASL_SSL",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_username="administrator",
        sasl_password=password.read_text(),  # type: ignore[arg-type]
        ca_file=authority,
    )
