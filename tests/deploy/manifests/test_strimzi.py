"""Topics and rights as Strimzi makes them are those that the code needs, behind any prefix."""

import pytest

from deploy.generate import facts
from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.kafka.topics import wanted_topics
from kentongan.settings import KafkaSettings
from tests.deploy.manifests.rendering import BASE, OPERATORS, documents, of_kind

pytestmark = pytest.mark.usefixtures("helm")


@pytest.mark.parametrize("prefix", ["", "tangerang."])
def test_topics(prefix: str) -> None:
    settings = KafkaSettings(topic_prefix=prefix, replication_factor=3, min_insync_replicas=2)
    found = documents(f"--set=kafka.topicPrefix={prefix}", values=(BASE, OPERATORS))
    topics = of_kind(found, "KafkaTopic").values()
    assert {
        one["spec"]["topicName"]: (one["spec"]["partitions"], one["spec"]["config"])
        for one in topics
    } == {
        topic.name: (topic.partitions, dict(topic.configuration))
        for topic in wanted_topics(CATALOGUE, settings)
    }
    for one in topics:
        assert one["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}
        assert one["metadata"]["labels"]["strimzi.io/cluster"] == "kota"
        assert one["spec"]["replicas"] == 3
    assert "kentongan-topics" not in of_kind(found, "Job")


@pytest.mark.parametrize("prefix", ["", "tangerang."])
def test_rights(prefix: str) -> None:
    found = documents(f"--set=kafka.topicPrefix={prefix}", values=(BASE, OPERATORS))
    users = of_kind(found, "KafkaUser")
    made = {
        name: [
            {
                "resource": acl["resource"]["type"],
                "name": acl["resource"]["name"],
                "pattern": acl["resource"]["patternType"],
                "operations": acl["operations"],
            }
            for acl in user["spec"]["authorization"]["acls"]
        ]
        for name, user in users.items()
    }
    assert made == facts.rights(KafkaSettings(topic_prefix=prefix))
    for user in users.values():
        assert user["metadata"]["labels"]["strimzi.io/cluster"] == "kota"


def test_consumers_are_scaled_by_each_topic_that_they_read() -> None:
    found = of_kind(documents(values=(BASE, OPERATORS)), "ScaledObject")
    for name, service in facts.services().items():
        spec = found[f"kentongan-{name}-consumer"]["spec"]
        assert [one["metadata"]["topic"] for one in spec["triggers"]] == service["consumes"]
        assert {one["metadata"]["consumerGroup"] for one in spec["triggers"]} == {name}
        assert {one["metadata"]["offsetResetPolicy"] for one in spec["triggers"]} == {"earliest"}
        assert spec["maxReplicaCount"] == service["partitions"]
        assert spec["minReplicaCount"] >= 1
