"""A wrong value is refused by its name, before anything starts."""

import pytest

from deploy.generate.rendered import RenderingFailed, render
from tests.deploy.manifests.rendering import BASE

pytestmark = pytest.mark.usefixtures("helm")

REFUSED = {
    "a misspelt service": ("--set=services.registri.enabled=true", "registri"),
    "a misspelt value": ("--set=kafka.bootstrapServer=kafka:9092", "bootstrapServer"),
    "a misspelt setting": ("--set=settings.KENTONGAN_LOG_LEVLE=INFO", "KENTONGAN_LOG_LEVLE"),
    "a setting's wrong value": ("--set=settings.KENTONGAN_LOG_LEVEL=LOUD", "KENTONGAN_LOG_LEVEL"),
    "a setting out of its bounds": (
        "--set=services.placement.settings.KENTONGAN_PLACEMENT_PLAN_STUDENTS=5000",
        "KENTONGAN_PLACEMENT_PLAN_STUDENTS",
    ),
    "another service's setting": (
        "--set=services.registry.settings.KENTONGAN_BROADCAST_ATTEMPTS=3",
        "KENTONGAN_BROADCAST_ATTEMPTS",
    ),
    "a secret as a value": (
        "--set=services.placement.settings.KENTONGAN_PLACEMENT_SECRET=abc",
        "KENTONGAN_PLACEMENT_SECRET",
    ),
    "what the chart decides": ("--set=settings.KENTONGAN_HTTP_PORT=9000", "KENTONGAN_HTTP_PORT"),
    "an unknown protocol": ("--set=kafka.securityProtocol=TLS", "securityProtocol"),
    "no broker": ("--set=kafka.bootstrapServers=", "kafka.bootstrapServers"),
    "a broker without port": ("--set=kafka.bootstrapServers=kafka", "bootstrapServers"),
    "a city as a number": ("--set-json=city=36.71", "city"),
    "more copies in sync than there are": (
        "--set=kafka.minInsyncReplicas=4",
        "kafka.minInsyncReplicas",
    ),
    "a prefix without its dot": ("--set=kafka.topicPrefix=tangerang", "topicPrefix"),
    "fewer than no pods": ("--set=roles.relay.replicas=-1", "replicas"),
    "a role that a service hasn't": (
        "--set=services.registry.roles.courier.replicas=1",
        "courier",
    ),
    "an API scaled by lag": ("--set=roles.api.autoscaling.lagRecords=10", "lagRecords"),
    "a consumer scaled by CPU": ("--set=roles.consumer.autoscaling.cpuPercent=70", "cpuPercent"),
    "no more than none": ("--set=roles.api.autoscaling.maxReplicas=0", "maxReplicas"),
    "more at least than at most": (
        "--set=roles.api.autoscaling.minReplicas=9",
        "roles.api.autoscaling.minReplicas",
    ),
    "more consumers than partitions": (
        "--set=roles.consumer.autoscaling.enabled=true,roles.consumer.autoscaling.maxReplicas=7",
        "roles.consumer.autoscaling.maxReplicas",
    ),
    "couriers scaled by nobody's word": (
        "--set=roles.courier.autoscaling.enabled=true",
        "roles.courier.autoscaling.prometheusAddress",
    ),
    "two owners of topics": ("--set=topics.managedBy=both", "managedBy"),
    "topics of no cluster": ("--set=topics.managedBy=strimzi", "strimzi.cluster"),
    "users of no cluster": ("--set=strimzi.users=true", "strimzi.cluster"),
    "a network open to all": ("--set-json=networkPolicy.kafka.to=[]", "kafka"),
    "a relay from everywhere": ("--set-json=networkPolicy.metrics.from=[]", "metrics"),
    "a digest that is a tag": ("--set=image.digests.registry=latest", "digests"),
    "a disruption of nothing": ("--set=roles.api.disruption.maxUnavailable=0", "maxUnavailable"),
    "memory in words": ("--set=roles.api.resources.limits.memory=plenty", "memory"),
    "an unknown provider": ("--set=identity.provider=ldap", "provider"),
    "Keycloak nowhere": ("--set=identity.keycloak.url=", "identity.keycloak.url"),
    "production without keys": ("--set=identity.provider=oidc", "identity.keySet"),
    "keys from two places": (
        "--set=identity.keySet.url=https://a.example,identity.keySet.configMap=keys",
        "identity.keySet",
    ),
    "an end longer than its bound": ("--set=shutdown.lameDuckSeconds=20", "shutdown.seconds"),
    "a gateway without name": ("--set=exposure.kind=gateway", "exposure.gateway.name"),
}


def test_the_values_as_rendered_are_taken() -> None:
    assert "kind: Deployment" in render([BASE])


@pytest.mark.parametrize("case", REFUSED)
def test_refused_by_name(case: str) -> None:
    argument, name = REFUSED[case]
    with pytest.raises(RenderingFailed) as refusal:
        render([BASE], argument)
    assert name in str(refusal.value)
