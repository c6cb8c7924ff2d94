"""What the chart takes from the code: services with their roles, topics, rights on Kafka."""

import asyncio
from typing import Any

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.messaging.kafka.topics import wanted_topics
from kentongan.process.kafka_rights import rights_of, rights_of_others
from kentongan.process.service import find_service, service_names
from kentongan.settings import KafkaSettings
from kentongan.testing.assemblies import assemble

ON_THE_CHART = frozenset({"min.insync.replicas"})
"""What a value of the chart says about every topic."""


def services() -> dict[str, Any]:
    """Roles, topics read and their largest number of partitions, the variable of its secret."""
    return {name: _service(name) for name in service_names()}


def topics() -> list[dict[str, Any]]:
    """All topics, without prefix."""
    return [
        {
            "name": topic.name,
            "partitions": topic.partitions,
            "configuration": {
                key: value for key, value in topic.configuration.items() if key not in ON_THE_CHART
            },
        }
        for topic in wanted_topics(CATALOGUE, unprefixed())
    ]


def rights(settings: KafkaSettings | None = None) -> dict[str, list[dict[str, Any]]]:
    """Who may do what, by user; without prefix where no settings say one."""
    chosen = settings or unprefixed()
    found = asyncio.run(rights_of([find_service(name) for name in service_names()], chosen))
    by_user: dict[str, list[dict[str, Any]]] = {}
    for right in [*found, *rights_of_others(chosen)]:
        document = right.as_document()
        by_user.setdefault(str(document.pop("user")), []).append(
            {key: str(value) if key != "operations" else value for key, value in document.items()}
        )
    return by_user


def unprefixed() -> KafkaSettings:
    """Kafka's settings as they are when nothing is set, whatever this shell has."""
    return KafkaSettings.model_construct(
        **{name: field.default for name, field in KafkaSettings.model_fields.items()}
    )


def _service(name: str) -> dict[str, Any]:
    definition = find_service(name)
    consumed = assemble(name).assembly.subscriptions.topics
    secret = f"{name}_secret"
    return {
        "roles": list(definition.roles),
        "consumes": list(consumed),
        "partitions": max((CATALOGUE.topics[topic].partitions for topic in consumed), default=1),
        "secret": f"KENTONGAN_{secret.upper()}"
        if secret in definition.settings.model_fields
        else "",
    }
