"""Where everything that runs here can be reached, each address with its name."""

from kentongan.local.stack import EmbeddedStack
from kentongan.local.system import LocalSystem

_WIDTH = 10


def ways_in(stack: EmbeddedStack, system: LocalSystem) -> list[str]:
    """A line for each service's documentation page, one for Kafka and one for MongoDB."""
    named = {
        **{name: f"{address}/docs" for name, address in system.addresses.items()},
        "kafka": stack.kafka_bootstrap,
        "mongodb": stack.mongo_uri if stack.embeds_mongod else "KENTONGAN_MONGO_URI",
    }
    return [f"{name:<{_WIDTH}} {address}" for name, address in named.items()]


def named_link(service: str, address: str) -> str:
    """An address of a service, behind its name."""
    return f"{service:<{_WIDTH}} {address}"
