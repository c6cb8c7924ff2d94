"""Who reaches whom: deny by default, and the courier alone reaches the Internet, nothing inside."""

import ipaddress
from itertools import pairwise

import pytest

from services.broadcast.domain.targets import is_public
from tests.deploy.manifests.rendering import Document, documents, labels_of_pods, of_kind

pytestmark = pytest.mark.usefixtures("helm")


@pytest.fixture(scope="module")
def policies() -> dict[str, Document]:
    return of_kind(documents(), "NetworkPolicy")


def test_everything_is_denied_that_is_not_opened(policies: dict[str, Document]) -> None:
    deny = policies["kentongan-deny"]["spec"]
    assert deny["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in deny
    assert "egress" not in deny
    for name, labels in labels_of_pods(documents()):
        assert deny["podSelector"]["matchLabels"].items() <= labels.items(), name


def test_no_rule_is_open_to_everybody(policies: dict[str, Document]) -> None:
    for name, policy in policies.items():
        for rule in policy["spec"].get("egress", ()):
            assert rule["to"], name
        for rule in policy["spec"].get("ingress", ()):
            assert rule["from"], name


def test_the_courier_alone_has_blocks_of_addresses(policies: dict[str, Document]) -> None:
    outward = {
        name
        for name, policy in policies.items()
        for rule in policy["spec"].get("egress", ())
        if any("ipBlock" in peer for peer in rule["to"])
    }
    assert outward == {"kentongan-courier"}
    inward = [
        peer
        for rule in policies["kentongan-courier"]["spec"]["egress"]
        for peer in rule["to"]
        if "ipBlock" not in peer
    ]
    names = {
        peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] for peer in inward
    }
    assert names == {"kube-system", "mongodb"}


INSIDE = [
    *("0.1.2.3", "10.0.0.1", "10.96.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254"),
    *("172.16.0.1", "172.31.255.255", "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.51.100.1"),
    *("203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "64:ff9b::a00:1", "100::1", "2001:db8::1", "2002:a00:1::"),
    *("fc00::1", "fdff::1", "fe80::1", "ff02::1"),
]
OUTSIDE = ["1.1.1.1", "9.255.255.255", "11.0.0.0", "100.128.0.0", "172.32.0.0", "192.169.0.0"]
OUTSIDE += ["223.255.255.255", "2400:cb00::1", "2606:4700::1111", "2a00:1450::1"]


@pytest.mark.parametrize("address", INSIDE)
def test_policy_and_courier_both_refuse_what_is_inside(
    policies: dict[str, Document], address: str
) -> None:
    assert not is_public(address)
    assert not _reached(policies["kentongan-courier"], address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_policy_and_courier_both_let_through_what_is_outside(
    policies: dict[str, Document], address: str
) -> None:
    assert is_public(address)
    assert _reached(policies["kentongan-courier"], address)


def test_ranges_that_a_city_adds_are_closed_too() -> None:
    found = documents(
        "--set=networkPolicy.internet.except={20.1.0.0/16}",
        "--set=networkPolicy.internet.exceptIPv6={2400:1::/32}",
        "--set=networkPolicy.internet.ports={443}",
    )
    courier = of_kind(found, "NetworkPolicy")["kentongan-courier"]
    four, six = _blocks(courier)
    assert "20.1.0.0/16" in four["except"]
    assert "2400:1::/32" in six["except"]
    assert courier["spec"]["egress"][-1]["ports"] == [{"protocol": "TCP", "port": 443}]


def test_no_range_stands_there_twice(policies: dict[str, Document]) -> None:
    for block in _blocks(policies["kentongan-courier"]):
        ranges = sorted(ipaddress.ip_network(one) for one in block["except"])  # type: ignore[type-var]
        for one, other in pairwise(ranges):
            assert not one.overlaps(other), (one, other)


def _reached(policy: Document, address: str) -> bool:
    parsed = ipaddress.ip_address(address)
    return any(
        parsed in ipaddress.ip_network(block["cidr"])
        and not any(parsed in ipaddress.ip_network(one) for one in block["except"])
        for block in _blocks(policy)
    )


def _blocks(policy: Document) -> list[Document]:
    return [
        peer["ipBlock"]
        for rule in policy["spec"]["egress"]
        for peer in rule["to"]
        if "ipBlock" in peer
    ]
