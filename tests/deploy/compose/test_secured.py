"""The secured city: TLS, a user for each service, and no more rights than it needs."""

import pytest
from aiokafka.errors import KafkaError

from kentongan.demo.consistency.topics import read_topics
from tests.deploy.compose.city import City, docker


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


async def test_a_user_of_kafka_sees_what_it_may(secured: City) -> None:
    reading = await read_topics(secured.kafka, ["registry.kims"])
    assert reading.broken == ()
    stranger = secured.kafka.model_copy(update={"sasl_username": "integrator"})
    with pytest.raises(KafkaError):
        await read_topics(stranger, ["registry.kims"])


def test_no_log_holds_a_password_or_what_is_derived_from_one(secured: City) -> None:
    logs = secured.logs()
    folder = secured.compose_folder / "secrets"
    assert [file.name for file in folder.iterdir() if file.read_text() in logs] == []
    assert "ScramCredential" not in logs
