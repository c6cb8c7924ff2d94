"""The closing list of `up` and `demo`: every address has its name, Kafka's among them."""

from pathlib import Path

from kentongan.local.stack import EmbeddedStack
from kentongan.local.system import LocalSystem
from kentongan.local.ways_in import named_link, ways_in
from kentongan.settings.machine import LocalSettings


def test_every_address_has_its_name(tmp_path: Path) -> None:
    outside = LocalSettings(
        kafka_bootstrap_servers="kafka.test:9092", mongo_uri="mongodb://office:drum@mongo.test/"
    )
    system = LocalSystem(environment={}, log_folder=tmp_path)
    lines = [line.split() for line in ways_in(EmbeddedStack(outside), system)]
    addresses = system.addresses
    assert lines == [
        *([name, f"{addresses[name]}/docs"] for name in addresses),
        ["kafka", "kafka.test:9092"],
        # An address from outside may hold a password.
        ["mongodb", "KENTONGAN_MONGO_URI"],
    ]
    assert set(addresses) == {"registry", "placement", "broadcast", "scoring"}


def test_a_link_begins_with_its_service() -> None:
    assert named_link("scoring", "http://x/v1/y").split() == ["scoring", "http://x/v1/y"]
