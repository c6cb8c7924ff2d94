"""Kafka's settings for one node on a person's machine."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from kentongan.local.ports import LOOPBACK, free_port, is_free


@dataclass(frozen=True, slots=True)
class KafkaPorts:
    """The loopback ports of one broker."""

    client: int
    controller: int
    proxied: int

    @classmethod
    def choose(cls) -> "KafkaPorts":
        """Three free ports that differ from each other."""
        chosen: set[int] = set()
        while len(chosen) < 3:
            chosen.add(free_port())
        return cls(*chosen)

    def are_free(self) -> bool:
        """Whether all of them could be bound now."""
        return all(is_free(port) for port in astuple(self))


def server_properties(
    log_folder: Path,
    ports: KafkaPorts,
    *,
    advertised_via: str | None = None,
    changes: Mapping[str, str] | None = None,
) -> str:
    """The content of `server.properties`; a second listener is added for a proxy.

    `changes` are put in the place of what stands here, or beside it.
    """
    listeners = {
        "PLAINTEXT": f"{LOOPBACK}:{ports.client}",
        "CONTROLLER": f"{LOOPBACK}:{ports.controller}",
    }
    advertised = dict(listeners)
    if advertised_via is not None:
        listeners["PROXIED"] = f"{LOOPBACK}:{ports.proxied}"
        advertised["PROXIED"] = advertised_via
    settings = {
        **single_node(listeners, advertised),
        "controller.quorum.bootstrap.servers": listeners["CONTROLLER"],
        "log.dirs": log_folder.absolute(),
        **(changes or {}),
    }
    return "".join(f"{key}={value}\n" for key, value in settings.items())


def single_node(
    listeners: Mapping[str, str], advertised: Mapping[str, str]
) -> dict[str, str | int]:
    """What holds for one node alone, wherever it runs: broker and controller, nothing replicated.

    Addresses by the listener's name, of which PLAINTEXT and CONTROLLER are two.
    """
    return {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listeners": _addresses(listeners),
        "advertised.listeners": _addresses(advertised),
        "listener.security.protocol.map": ",".join(f"{name}:PLAINTEXT" for name in listeners),
        # Topics are kept for good: they are what every read model is rebuilt from.
        "log.retention.ms": -1,
        "auto.create.topics.enable": "false",
        "default.replication.factor": 1,
        "min.insync.replicas": 1,
        "offsets.topic.replication.factor": 1,
        "offsets.topic.num.partitions": 3,
        "transaction.state.log.replication.factor": 1,
        "transaction.state.log.min.isr": 1,
        "transaction.state.log.num.partitions": 3,
        "share.coordinator.state.topic.replication.factor": 1,
        "share.coordinator.state.topic.min.isr": 1,
        "share.coordinator.state.topic.num.partitions": 1,
        "group.initial.rebalance.delay.ms": 0,
        "num.network.threads": 2,
        "num.io.threads": 4,
        "log.cleaner.dedupe.buffer.size": 4_194_304,
        # Short, because a restart waits until the session of the killed broker has ended.
        "broker.session.timeout.ms": 3000,
        "broker.heartbeat.interval.ms": 250,
    }


def _addresses(listeners: Mapping[str, str]) -> str:
    return ",".join(f"{name}://{address}" for name, address in listeners.items())
