"""Our codec against the CloudEvents SDK, both ways, over generated events."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event, to_binary_event
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from kentongan.contracts.catalogue import CATALOGUE
from kentongan.contracts.envelope import HEADERS, example_headers, example_key
from kentongan.contracts.event import Event
from kentongan.contracts.recorded import RecordedEvent
from kentongan.messaging.cloudevents import HIGHEST_SEQUENCE, decode, encode

SOURCE = "urn:kentongan:36.71:registry"

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40)
times = st.datetimes(
    min_value=datetime(1, 1, 3),
    max_value=datetime(9999, 12, 29),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=7)), timezone(timedelta(hours=-9))]),
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
recorded_events = st.builds(
    RecordedEvent,
    event_id=texts,
    type=texts,
    key=texts,
    sequence=st.integers(0, HIGHEST_SEQUENCE),
    time=times,
    data=st.dictionaries(texts, values, min_size=1, max_size=4),
    correlation_id=texts,
    causation_id=texts,
    traceparent=texts,
)


@given(recorded_events)
def test_the_sdk_reads_what_we_write(event: RecordedEvent) -> None:
    record = encode(event, source=SOURCE)

    read = from_binary_event(KafkaMessage(dict(record.headers), record.key, record.value))

    assert read.get_attributes() == {
        "specversion": "1.0",
        "id": event.event_id,
        "source": SOURCE,
        "type": event.type,
        "subject": event.key,
        "time": event.time,
        "datacontenttype": "application/json",
        "partitionkey": event.key,
        "sequence": f"{event.sequence:020}",
        "correlationid": event.correlation_id,
        "causationid": event.causation_id,
        "traceparent": event.traceparent,
    }
    assert read.get_data() == event.data


@given(recorded_events)
def test_we_read_what_the_sdk_writes(event: RecordedEvent) -> None:
    written = to_binary_event(
        CloudEvent(
            {
                "id": event.event_id,
                "source": SOURCE,
                "type": event.type,
                "time": event.time,
                "datacontenttype": "application/json",
                "partitionkey": event.key,
                "sequence": str(event.sequence),
                "correlationid": event.correlation_id,
                "causationid": event.causation_id,
                "traceparent": event.traceparent,
            },
            event.data,
        )
    )
    assert isinstance(written.key, str)

    envelope = decode(list(written.headers.items()), written.key.encode(), written.value)

    assert envelope.id == event.event_id
    assert envelope.source == SOURCE
    assert envelope.type == event.type
    assert envelope.time == event.time
    assert envelope.time.tzinfo is UTC
    assert envelope.sequence == event.sequence
    assert envelope.key == event.key
    assert envelope.correlation_id == event.correlation_id
    assert envelope.causation_id == event.causation_id
    assert envelope.traceparent == event.traceparent
    assert json.loads(envelope.data) == event.data


@given(recorded_events, recorded_events)
def test_sequences_compare_as_text_as_they_do_as_numbers(
    one: RecordedEvent, other: RecordedEvent
) -> None:
    as_text = [dict(encode(event, source=SOURCE).headers)["ce_sequence"] for event in (one, other)]

    assert (as_text[0] < as_text[1]) == (one.sequence < other.sequence)


@pytest.mark.parametrize("event", CATALOGUE.events, ids=lambda event: event.__name__)
def test_documented_records_are_what_the_codec_writes(event: type[Event]) -> None:
    headers = example_headers(event)
    recorded = RecordedEvent(
        event_id=headers["ce_id"],
        type=event.contract.type,
        key=example_key(event),
        sequence=int(headers["ce_sequence"]),
        time=datetime.fromisoformat(headers["ce_time"]),
        data=event.contract.example,
        correlation_id=headers["ce_correlationid"],
        causation_id=headers["ce_causationid"],
        traceparent=headers["ce_traceparent"],
    )

    record = encode(recorded, source=headers["ce_source"])

    assert [(name, value.decode()) for name, value in record.headers] == list(headers.items())
    assert [name for name, _ in record.headers] == [header.name for header in HEADERS]
    assert record.key.decode() == example_key(event)
