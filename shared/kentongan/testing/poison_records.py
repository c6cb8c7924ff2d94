"""Records that nobody should publish, made by hand, and the way to get them into a topic."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import for_code
from aiokafka.protocol.produce import ProduceRequest
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy
from aiokafka.structs import TopicPartition

from kentongan.contracts.event import Event
from kentongan.contracts.recorded import RecordedEvent
from kentongan.contracts.registry import KimRegistered
from kentongan.domain.clock import utc_now
from kentongan.messaging.cloudevents import encode
from kentongan.settings import KafkaSettings

HUGE = 2**70
"""Over what BSON can hold, and fine with JSON and pydantic."""
_TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class HeaderName(str):
    """A header's name by its bytes, which need not be UTF-8."""

    raw: bytes

    def __new__(cls, raw: bytes) -> Self:
        """As text it reads as the kit's consumers show it."""
        name = super().__new__(cls, raw.decode(errors="backslashreplace"))
        name.raw = raw
        return name

    def encode(self, encoding: str = "utf-8", errors: str = "strict") -> bytes:
        """The bytes as they were given."""
        return self.raw


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as its bytes; what is made from it differs in one thing."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]

    def with_header(self, name: str, value: bytes | None) -> "RawRecord":
        """The same with this header, in place of one with the same name."""
        return replace(self, headers=(*self.without_header(name).headers, (name, value)))

    def without_header(self, name: str) -> "RawRecord":
        """The same without this header."""
        return replace(self, headers=tuple(one for one in self.headers if one[0] != name))

    def with_data(self, **fields: Any) -> "RawRecord":
        """The same with other fields in its data."""
        return replace(self, value=json.dumps({**self.data, **fields}).encode())

    def without_data(self, field: str) -> "RawRecord":
        """The same without a field in its data."""
        rest = {name: value for name, value in self.data.items() if name != field}
        return replace(self, value=json.dumps(rest).encode())

    @property
    def data(self) -> dict[str, Any]:
        """The data, where it is JSON."""
        data: dict[str, Any] = json.loads(self.value or b"{}")
        return data


def kim_record(kim_id: str, *, sequence: int = 1) -> RawRecord:
    """A flawless KimRegistered, as a registry would publish it."""
    return event_record(KimRegistered, kim_id, sequence=sequence)


def event_record(kind: type[Event], key: str, *, sequence: int = 1, **changed: Any) -> RawRecord:
    """A flawless event, as its service would publish it: its example with other fields."""
    contract = kind.contract
    event = kind.model_validate({**contract.example, contract.topic.key: key, **changed})
    record = encode(
        RecordedEvent(
            event_id=f"{key}-{sequence}",
            type=contract.type,
            key=key,
            sequence=sequence,
            time=utc_now(),
            data=event.model_dump(mode="json"),
            correlation_id="by-hand",
            causation_id="by-hand",
            traceparent=_TRACEPARENT,
        ),
        source=f"urn:kentongan:36.71:{contract.topic.service}",
    )
    return RawRecord(record.key, record.value, tuple(record.headers))


def poison_records(
    kind: type[Event] = KimRegistered, key: str = "kim-poison"
) -> Iterable[tuple[str, RawRecord]]:
    """Each with the reason for which a reader of this event has to set it aside."""
    good = event_record(kind, key)
    field = _plain_field(kind)
    return (
        ("schema", replace(good, value=b"bukan JSON")),
        ("schema", replace(good, value=b"\xff\xfe\x00")),
        ("schema", replace(good, value=b"[]")),
        ("schema", good.without_data(field)),
        ("schema", good.with_data(**{field: HUGE})),
        ("schema", good.with_data(**{field: None})),
        ("value-missing", replace(good, value=None)),
        ("key-missing", replace(good, key=None)),
        ("key-mismatch", good.with_data(**{kind.contract.topic.key: "kunci-lain"})),
        ("key-not-utf8", replace(good, key=b"\xff\xfe")),
        ("header-missing", replace(good, headers=())),
        ("header-missing", good.without_header("ce_id")),
        ("header-missing", good.without_header("ce_id").with_header(_MANGLED_ID, b"1")),
        ("header-null", good.with_header("ce_type", None)),
        ("header-empty", good.with_header("ce_source", b"")),
        ("header-not-utf8", good.with_header("ce_correlationid", b"\xff\xfe\x00")),
        ("header-repeated", replace(good, headers=(*good.headers, ("ce_id", b"twice")))),
        ("sequence-invalid", good.with_header("ce_sequence", str(HUGE).encode())),
        ("sequence-invalid", good.with_header("ce_sequence", b"-1")),
        ("time-invalid", good.with_header("ce_time", b"kemarin")),
        ("specversion-unknown", good.with_header("ce_specversion", b"9.9")),
        ("content-type-not-json", good.with_header("content-type", b"text/plain")),
    )


def _plain_field(kind: type[Event]) -> str:
    """A field that must be there and hold text, beside the key."""
    return next(
        name
        for name, field in kind.model_fields.items()
        if field.is_required() and field.annotation is str and name != kind.contract.topic.key
    )


_MANGLED_ID = HeaderName(b"ce_\xffid")


async def put(
    kafka: KafkaSettings, topic: str, records: Sequence[RawRecord], *, partition: int = 0
) -> None:
    """Write records, in this order, into one partition of a topic (with its prefix).

    By a protocol request of our own: a producer refuses most of what is wanted here.
    """
    batch = _DefaultRecordBatchBuilderPy(
        magic=2,
        compression_type=0,
        is_transactional=0,
        producer_id=-1,
        producer_epoch=-1,
        base_sequence=-1,
        batch_size=2**30,
    )
    for place, record in enumerate(records):
        batch.append(
            place,
            timestamp=round(utc_now().timestamp() * 1000),
            key=record.key,
            value=record.value,
            headers=list(record.headers),
        )
    client = AIOKafkaClient(bootstrap_servers=kafka.bootstrap_servers)
    await client.bootstrap()
    try:
        await client.set_topics([topic])
        leader = client.cluster.leader_for_partition(TopicPartition(topic, partition))
        request = ProduceRequest(
            required_acks=-1,
            timeout=10_000,
            topics=[(topic, [(partition, bytes(batch.build()))])],
            transactional_id=None,
        )
        async with asyncio.timeout(30):
            answer = await client.send(leader, request)
    finally:
        await client.close()
    code = answer.topics[0][1][0][1]
    if code:
        raise for_code(code)(topic)
