"""The checks can fail: each wrong manifest, one word away from the right one, is refused."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.deploy.lab.kubernetes.control_plane import ControlPlane
from tests.deploy.manifests.rendering import BASE, OPERATORS, Document, documents, of_kind

pytestmark = pytest.mark.usefixtures("helm")
Spoiling = Callable[[Any], None]


def _container(pod: Any) -> Any:
    return pod["spec"]["template"]["spec"]["containers"][0]


def _misspell_probe(one: Any) -> None:
    container = _container(one)
    container["readynessProbe"] = container.pop("readinessProbe")


def _run_as_nobody_there_is(one: Any) -> None:
    one["spec"]["template"]["spec"]["securityContext"]["runAsUser"] = -1


def _select_others(one: Any) -> None:
    one["spec"]["selector"]["matchLabels"]["kentongan/role"] = "other"


def _never_scale(one: Any) -> None:
    one["spec"]["maxReplicas"] = 0


def _unknown_key(one: Any) -> None:
    one["spec"]["podSelecter"] = one["spec"].pop("podSelector")


def _except_outside(one: Any) -> None:
    one["spec"]["egress"][-1]["to"][0]["ipBlock"]["cidr"] = "10.0.0.0/8"


def _port_by_no_name(one: Any) -> None:
    one["spec"]["ports"][0]["targetPort"] = "Http_Port"


def _unknown_operation(one: Any) -> None:
    one["spec"]["authorization"]["acls"][0]["operations"] = ["Publish"]


def _operation_alone(one: Any) -> None:
    acl = one["spec"]["authorization"]["acls"][0]
    acl["operation"] = acl.pop("operations")[0]


def _no_partition(one: Any) -> None:
    one["spec"]["partitions"] = 0


def _no_trigger(one: Any) -> None:
    one["spec"]["triggers"] = []


def _more_than_most(one: Any) -> None:
    one["spec"]["minReplicaCount"] = one["spec"]["maxReplicaCount"] + 1


def _number_for_text(one: Any) -> None:
    one["spec"]["triggers"][0]["metadata"]["lagThreshold"] = 1000


def _unknown_field(one: Any) -> None:
    one["spec"]["podMetricsEndpoint"] = one["spec"].pop("podMetricsEndpoints")


PLAIN: dict[str, tuple[str, str, Spoiling, str]] = {
    "an unknown field": ("Deployment", "kentongan-registry-api", _misspell_probe, "readynessProbe"),
    "a user below zero": (
        "Deployment",
        "kentongan-registry-api",
        _run_as_nobody_there_is,
        "runAsUser",
    ),
    "a selector of other pods": (
        "Deployment",
        "kentongan-registry-api",
        _select_others,
        "does not match template",
    ),
    "an HPA up to none": (
        "HorizontalPodAutoscaler",
        "kentongan-registry-api",
        _never_scale,
        "maxReplicas",
    ),
    "a policy with a misspelt key": (
        "NetworkPolicy",
        "kentongan-deny",
        _unknown_key,
        "podSelecter",
    ),
    "an exception outside its block": (
        "NetworkPolicy",
        "kentongan-courier",
        _except_outside,
        "except",
    ),
    "a port by no name": ("Service", "kentongan-registry", _port_by_no_name, "targetPort"),
}
CUSTOM: dict[str, tuple[str, str, Spoiling, str]] = {
    "an unknown right": ("KafkaUser", "registry", _unknown_operation, "Publish"),
    "a right in the old spelling": ("KafkaUser", "registry", _operation_alone, "operation"),
    "a topic without partition": ("KafkaTopic", "registry.kims", _no_partition, "partitions"),
    "an autoscaler without trigger": (
        "ScaledObject",
        "kentongan-registry-consumer",
        _no_trigger,
        "triggers",
    ),
    "more at least than at most": (
        "ScaledObject",
        "kentongan-registry-consumer",
        _more_than_most,
        "minReplicaCount",
    ),
    "a number where text belongs": (
        "ScaledObject",
        "kentongan-registry-consumer",
        _number_for_text,
        "lagThreshold",
    ),
    "a monitor of nothing": ("PodMonitor", "kentongan", _unknown_field, "podMetricsEndpoint"),
}


@pytest.fixture(scope="module")
def everything() -> list[Document]:
    return documents(values=(BASE, OPERATORS))


@pytest.mark.parametrize("case", PLAIN)
def test_refused(api_server: ControlPlane, everything: list[Document], case: str) -> None:
    _refused(api_server, everything, *PLAIN[case])


@pytest.mark.parametrize("case", CUSTOM)
def test_custom_refused(
    with_operators: ControlPlane, everything: list[Document], case: str
) -> None:
    _refused(with_operators, everything, *CUSTOM[case])


def test_a_pod_that_is_not_restricted_is_warned_of(
    api_server: ControlPlane, everything: list[Document]
) -> None:
    def loosen(one: Any) -> None:
        del one["spec"]["template"]["spec"]["securityContext"]["seccompProfile"]
        del _container(one)["securityContext"]

    answer = api_server.dry_run(_spoilt(everything, "Deployment", "kentongan-registry-api", loosen))
    assert "Warning: would violate" in answer.all


def test_a_bare_pod_that_is_not_restricted_is_refused(
    api_server: ControlPlane, everything: list[Document]
) -> None:
    def loosen(one: Any) -> None:
        one["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] = True

    answer = api_server.dry_run(_spoilt(everything, "Pod", "kentongan-registry-doctor", loosen))
    assert answer.code != 0
    assert "restricted" in answer.all


def _refused(
    plane: ControlPlane,
    found: list[Document],
    kind: str,
    name: str,
    spoil: Spoiling,
    told: str,
) -> None:
    right = plane.dry_run(_spoilt(found, kind, name, lambda one: None))
    assert right.code == 0, right.all
    wrong = plane.dry_run(_spoilt(found, kind, name, spoil))
    assert wrong.code != 0
    assert told in wrong.all


def _spoilt(found: list[Document], kind: str, name: str, spoil: Spoiling) -> str:
    one = yaml.safe_load(yaml.safe_dump(of_kind(found, kind)[name]))
    spoil(one)
    return yaml.safe_dump(one)
