"""The reader printed in docs/integrators.md runs as it stands: a Kafka client and the schemas."""

import asyncio
import os
import sys
from pathlib import Path

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.contracts.event import Event
from kentongan.contracts.recorded import RecordedEvent
from kentongan.contracts.registry import EXAMPLE, KimRegistered, KimSuspended
from kentongan.domain.clock import utc_now
from kentongan.messaging.cloudevents import encode
from kentongan.messaging.kafka import topics
from kentongan.messaging.kafka.clients import make_producer
from kentongan.settings import KafkaSettings
from kentongan.testing.environment import Backends
from tests.e2e.printed import ROOT, printed


def recorded(event: Event, sequence: int) -> RecordedEvent:
    return RecordedEvent(
        event_id=f"event-{sequence}",
        type=event.contract.type,
        key=event.key,
        sequence=sequence,
        time=utc_now(),
        data=event.model_dump(mode="json"),
        correlation_id="c",
        causation_id="c",
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )


async def publish(kafka: KafkaSettings, *events: RecordedEvent) -> None:
    producer = make_producer(kafka, client_id="test")
    await producer.start()
    try:
        for event in events:
            record = encode(event, source="urn:kentongan:36.71:registry")
            await producer.send_and_wait(
                f"{kafka.topic_prefix}registry.kims",
                key=record.key,
                value=record.value,
                headers=record.headers,
            )
    finally:
        await producer.stop()


async def test_the_printed_reader_keeps_the_newest_state(
    stack: Backends, topic_prefix: str, tmp_path: Path
) -> None:
    kafka = KafkaSettings(bootstrap_servers=stack.kafka_bootstrap, topic_prefix=topic_prefix)
    await topics.apply(kafka, CATALOGUE)
    registered = recorded(KimRegistered.model_validate(EXAMPLE), 4)
    suspended = recorded(KimSuspended.model_validate({**EXAMPLE, "status": "suspended"}), 5)
    await publish(kafka, registered, suspended, registered)

    program = tmp_path / "reader.py"
    program.write_text(printed("integrators.md", "Subscribe in five minutes", "python"))
    reader = await asyncio.create_subprocess_exec(
        sys.executable,
        str(program),
        env={
            **os.environ,
            "KAFKA": stack.kafka_bootstrap,
            "TOPIC_PREFIX": topic_prefix,
            "GROUP": f"{topic_prefix}reader",
            "KENTONGAN_SCHEMAS": str(ROOT / "shared/kentongan/contracts/schemas"),
        },
        stdout=asyncio.subprocess.PIPE,
    )
    assert reader.stdout is not None
    try:
        lines = [await asyncio.wait_for(reader.stdout.readline(), 60) for _ in range(2)]
        assert lines == [
            b"KimRegistered 36.71-0001 KIM Gerendeng registered\n",
            b"KimSuspended 36.71-0001 KIM Gerendeng suspended\n",
        ]
        await publish(kafka, recorded(KimRegistered.model_validate(EXAMPLE), 6))
        # Had the late repeat of version 4 been taken for news, it would stand before this line.
        last = await asyncio.wait_for(reader.stdout.readline(), 60)
        assert last == b"KimRegistered 36.71-0001 KIM Gerendeng registered\n"
    finally:
        reader.terminate()
        await reader.wait()
