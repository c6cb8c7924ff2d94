"""Feeding placement by hand, and looking at what it made of it."""

from collections.abc import Sequence

import httpx

from kentongan.messaging.kafka.reading import TopicReader
from kentongan.messaging.kafka.topics import dead_letter_topic, topic_name
from kentongan.storage.dead_letters import DeadLetter
from kentongan.testing.poison_records import RawRecord, put
from tests.integration.poison import readers
from tests.support.town import Town
from tests.support.verdict import TOPIC


async def feed(town: Town, records: Sequence[RawRecord]) -> None:
    """Put records into one partition of the groups' topic, in this order."""
    await put(town.services.kafka, topic_name(town.services.kafka, TOPIC), records)


async def shows(town: Town, kim_id: str) -> bool:
    """Whether placement shows the group to the public."""
    return (await ask(town, f"/v1/kims/{kim_id}")).status_code == httpx.codes.OK


async def letters(town: Town) -> list[DeadLetter]:
    """The dead letters that wait at placement, oldest first."""
    return await readers.letters(town.services, "placement")


async def copies(town: Town) -> list[dict[str, bytes | None]]:
    """The headers of each record in placement's dead-letter topic."""
    kafka = town.services.kafka
    name = dead_letter_topic(kafka, "placement")
    async with TopicReader(kafka, [name], client_id="test") as reader:
        return [
            dict(record.headers)
            async for batch in reader.read(await reader.beginnings(), await reader.ends())
            for record in batch
        ]


async def metric(town: Town, name: str) -> float:
    """The sum of a metric of placement over its labels."""
    return await readers.metric(town.placement, name)


async def ask(town: Town, path: str) -> httpx.Response:
    """A query to placement without a token."""
    return await readers.ask(town.placement, path)
