"""The rights of all installed services on Kafka, read off what each of them subscribes to."""

from collections.abc import Iterable, Iterator

from kentongan.messaging.kafka.rights import (
    Right,
    operator_rights,
    scaler_rights,
    service_rights,
)
from kentongan.process.composition import connected
from kentongan.process.service import ServiceDefinition
from kentongan.settings import KafkaSettings


async def rights_of(
    definitions: Iterable[ServiceDefinition], settings: KafkaSettings
) -> list[Right]:
    """The rights of these services, in their order; nothing is connected to."""
    rights: list[Right] = []
    for definition in definitions:
        subscribed = await _subscribed(definition)
        rights.extend(service_rights(definition.name, subscribed, settings))
    return rights


def rights_of_others(settings: KafkaSettings) -> Iterator[Right]:
    """Of those who are no service: who makes the topics, and who scales by lag."""
    yield from operator_rights(settings)
    yield from scaler_rights(settings)


async def _subscribed(definition: ServiceDefinition) -> tuple[str, ...]:
    # Wired as in development: whoever asks for rights has none of the service's secrets.
    settings = definition.settings(environment="development")
    async with connected(definition, settings) as (assembly, _):
        return assembly.subscriptions.topics
