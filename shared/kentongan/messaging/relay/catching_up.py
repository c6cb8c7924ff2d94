"""What a restored database needs before its service publishes again.

Without it, a restored aggregate gives new events sequences that readers have seen, and every reader
ignores them without a sound; and a restored read model lacks what its group has committed since.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kentongan.contracts.catalogue import Catalogue
from kentongan.messaging.kafka.tail import tail
from kentongan.settings import KafkaSettings
from kentongan.storage.driver import Database
from kentongan.storage.projections.build_markers import BuildMarkers
from kentongan.storage.restored import raise_versions


@dataclass(frozen=True, slots=True)
class CaughtUp:
    """Aggregates seen in the topics, those whose version was raised, those the database lacks."""

    seen: int
    raised: int
    missing: list[str]


async def catch_up(
    service: str,
    *,
    catalogue: Catalogue,
    database: Database,
    collections: Sequence[str],
    kafka: KafkaSettings,
) -> CaughtUp:
    """Raise each aggregate's version to the newest sequence that the service has published.

    Its read models are forgotten, so that they are built anew at the start. To be run while no
    process of the service is running. Raises KafkaError, StorageError.
    """
    await BuildMarkers(database).clear()
    newest: dict[str, int] = {}
    topics = sorted({event.contract.topic.name for event in catalogue.published_by(service)})
    if topics:
        async for event in tail(kafka, catalogue, topics=topics, start="beginning", follow=False):
            envelope = event.envelope
            newest[envelope.key] = max(envelope.sequence, newest.get(envelope.key, 0))
    raised, missing = await raise_versions(database, collections, newest)
    return CaughtUp(len(newest), raised, missing)
