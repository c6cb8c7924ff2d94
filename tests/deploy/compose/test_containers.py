"""What the containers may do: little."""

import json

import pytest

from tests.deploy.compose.city import SERVICES, City, docker

LARGEST_MEGABYTES = 110.0
OURS = (
    *("registry-api", "registry-worker", "placement-api", "placement-worker"),
    *("broadcast-api", "broadcast-consumer", "broadcast-relay", "broadcast-courier"),
    *("scoring-api", "scoring-consumer", "scoring-relay"),
)


@pytest.mark.parametrize("service", OURS)
def test_a_process_has_no_rights(core: City, service: str) -> None:
    [container] = core.containers(service)
    found = core.inspect(container)
    assert found["Config"]["User"] == "10001:10001"
    assert found["HostConfig"]["ReadonlyRootfs"]
    assert found["HostConfig"]["CapDrop"] == ["ALL"]
    assert found["HostConfig"]["Memory"] > 0
    assert not found["HostConfig"]["PortBindings"]
    status = docker("exec", container, "cat", "/proc/1/status")
    assert "CapEff:\t0000000000000000" in status
    assert "NoNewPrivs:\t1" in status


def test_the_courier_alone_has_a_way_out(core: City) -> None:
    way_out = [one for one in (*OURS, "mongo") if not _only_inside(core, one)]
    assert way_out == ["broadcast-courier"]


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_says_what_it_is_made_of(core: City, service: str) -> None:
    [container] = core.containers(f"{service}-api")
    labels = core.inspect(container)["Config"]["Labels"]
    assert labels["org.opencontainers.image.title"] == f"kentongan-{service}"
    assert len(labels["org.opencontainers.image.revision"]) == 40
    parts = json.loads(docker("exec", container, "cat", "/opt/kentongan/sbom.cdx.json"))
    names = {part["name"] for part in parts["components"]}
    assert "aiokafka" in names
    assert ("ortools" in names) == (service == "placement")


@pytest.mark.parametrize("service", ["registry", "broadcast", "scoring"])
def test_an_image_is_not_much_larger_than_its_base(core: City, service: str) -> None:
    layers = docker("history", "--format", "{{.Size}}\t{{.CreatedBy}}", core.image(service))
    [own] = [line for line in layers.splitlines() if "/opt/kentongan /opt/kentongan" in line]
    print(f"{service}: {own.split()[0]} above the base")
    assert own.split("\t")[0].endswith("MB")
    assert float(own.split("MB")[0]) <= LARGEST_MEGABYTES


def _only_inside(city: City, service: str) -> bool:
    """Whether the engine lets nothing out of any network that the container is in."""
    [container] = city.containers(service)
    networks = city.inspect(container)["NetworkSettings"]["Networks"]
    found = json.loads(docker("network", "inspect", *networks))
    return all(network["Internal"] for network in found)
