"""What the doctor makes of what MongoDB and Kafka say."""

import re
from typing import Any

import pytest

from kentongan.messaging.kafka.authorized import Seen, SeenTopic
from kentongan.process.examination.cluster import (
    judge_copies,
    judge_group,
    judge_rights,
    wanted_operations,
)
from kentongan.process.examination.database import judge_clock, judge_set
from kentongan.process.examination.database import judge_rights as judge_privileges_found
from kentongan.process.examination.findings import State
from kentongan.settings import KafkaSettings
from kentongan.storage.driver import Greeting
from kentongan.storage.driver.privileges import NEEDED_ACTIONS, judge_privileges


def greeting(**changes: Any) -> Greeting:
    sound = {
        "replica_set": "kota",
        "members": ("a", "b", "c"),
        "sharded": False,
        "clock_difference": 0.1,
        "round_trip": 0.01,
    }
    return Greeting(**{**sound, **changes})


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, State.FINE),
        ({"members": ("a",)}, State.DOUBTFUL),
        ({"replica_set": None, "members": ()}, State.FAILING),
        ({"replica_set": None, "members": (), "sharded": True}, State.FINE),
    ],
)
def test_the_replica_set(changes: dict[str, Any], state: State) -> None:
    assert judge_set(greeting(**changes)).state is state


@pytest.mark.parametrize(
    ("seconds", "round_trip", "state"),
    [
        (0.2, 0.01, State.FINE),
        (-7, 0.01, State.DOUBTFUL),
        (600, 0.01, State.FAILING),
        (-600, 0.01, State.FAILING),
        (7, 6, State.FINE),
    ],
)
def test_the_clocks(seconds: float, round_trip: float, state: State) -> None:
    seen = greeting(clock_difference=seconds, round_trip=round_trip)
    assert judge_clock(seen).state is state


def privilege(db: str, actions: frozenset[str] = NEEDED_ACTIONS, collection: str = "") -> Any:
    return {"resource": {"db": db, "collection": collection}, "actions": sorted(actions)}


@pytest.mark.parametrize(
    ("privileges", "state", "says"),
    [
        ([privilege("kota_registry")], State.FINE, "registry: all that is needed"),
        ([privilege("")], State.DOUBTFUL, r"may also write to \*"),
        (
            [privilege("kota_registry"), privilege("kota_scoring")],
            State.DOUBTFUL,
            "may also write to kota_scoring",
        ),
        ([privilege("kota_registry", frozenset({"find"}))], State.FAILING, "lacks .*insert"),
        ([privilege("kota_registry", collection="kims")], State.FAILING, "lacks changeStream"),
        ([{"resource": {"cluster": True}, "actions": ["insert"]}], State.FAILING, "lacks"),
        ([], State.FAILING, "lacks"),
    ],
)
def test_rights_in_mongodb(privileges: list[Any], state: State, says: str) -> None:
    found = judge_privileges(("registry",), privileges, "kota_registry")
    (row,) = judge_privileges_found(found, "kota_registry")
    assert row.state is state
    assert re.search(says, row.detail)


ALL = frozenset({"Read", "Write", "Describe", "DescribeConfigs"})
KAFKA = KafkaSettings(topic_prefix="kota.")
PLACEMENT = ("registry.kims",)


def wanted(*roles: str) -> dict[str, frozenset[str]]:
    return wanted_operations("placement", PLACEMENT, roles, KAFKA)


def test_what_a_role_does_on_kafka() -> None:
    relay, consumer, api = wanted("relay"), wanted("consumer"), wanted("api")
    assert relay["kota.placement.activities"] == {"Describe", "DescribeConfigs", "Write"}
    assert relay["kota.registry.kims"] == {"Describe"}
    assert consumer["kota.registry.kims"] == {"Describe", "Read"}
    assert consumer["kota.placement.dead-letters"] == {"Describe", "DescribeConfigs"}
    assert set(api) == set(relay)


@pytest.mark.parametrize(
    ("kims", "state", "says"),
    [
        (SeenTopic(True, 3, ALL), State.FINE, "all that is needed"),
        (SeenTopic(True, 3, ALL - {"Read"}), State.FAILING, "lacks Read on kota.registry.kims"),
        (SeenTopic(False), State.FAILING, "lacks Describe, Read on kota.registry.kims"),
        # It is missing, which is said by the row of the topics.
        (SeenTopic(True), State.FINE, "all that is needed"),
    ],
)
def test_rights_on_topics(kims: SeenTopic, state: State, says: str) -> None:
    needed = wanted("consumer", "relay")
    topics = dict.fromkeys(needed, SeenTopic(True, 3, ALL)) | {"kota.registry.kims": kims}
    (row,) = judge_rights(Seen(3, topics), needed)
    assert (row.state, says in row.detail) == (state, True)


def test_a_broker_that_does_not_say_is_a_doubt() -> None:
    (row,) = judge_rights(Seen(1, {}), wanted("relay"))
    assert row.state is State.DOUBTFUL
    assert judge_group("placement", None).state is State.DOUBTFUL


def test_the_group() -> None:
    assert judge_group("placement", frozenset({"Read", "Describe"})).state is State.FINE
    assert judge_group("placement", frozenset({"Describe"})).state is State.FAILING


def test_fewer_copies_than_the_settings_speak_of() -> None:
    settings = KafkaSettings(replication_factor=3, min_insync_replicas=2)
    seen = Seen(3, {"a": SeenTopic(True, 1, ALL), "b": SeenTopic(True, 3, ALL)})
    (row,) = judge_copies(seen, settings)
    assert row.state is State.DOUBTFUL
    assert "of a" in row.detail
    assert list(judge_copies(Seen(3, {"b": SeenTopic(True, 3, ALL)}), settings)) == []
