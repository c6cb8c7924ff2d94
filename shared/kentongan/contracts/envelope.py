"""The envelope of every event: CloudEvents 1.0 attributes as Kafka headers, told to readers.

The codec in `kentongan.messaging.cloudevents` writes exactly these; a contract test holds the two
together. Documents are generated from here.
"""

import json
from dataclasses import dataclass
from typing import Any

from kentongan.contracts.event import Event


@dataclass(frozen=True, slots=True)
class Header:
    """One header of every record. All are always present, UTF-8, and never empty."""

    name: str
    description: str
    example: str
    schema: tuple[tuple[str, str], ...] = ()
    """Further keywords of its JSON Schema, where its text has a fixed form."""


HEADERS: tuple[Header, ...] = (
    Header("ce_specversion", "CloudEvents version", "1.0", (("const", "1.0"),)),
    Header(
        "ce_id",
        "identity of the event within its source: the same id again is the same event repeated",
        "0b9f6a52-3c1e-5d57-8a0c-6f1f0f7c9d21",
    ),
    Header(
        "ce_source",
        "city and publishing service, so that cities may share a cluster",
        "urn:kentongan:36.71:{service}",
        (("pattern", "^urn:kentongan:[0-9.]+:[a-z]+$"),),
    ),
    Header("ce_type", "the event's type with its version", "{type}"),
    Header("ce_subject", "the aggregate's id, the same as the key", "{key}"),
    Header(
        "ce_time",
        "when the event was recorded, RFC 3339 in UTC",
        "2026-10-05T02:00:00Z",
        (("format", "date-time"),),
    ),
    Header("ce_partitionkey", "the record's key: the aggregate's id", "{key}"),
    Header(
        "ce_sequence",
        "the aggregate's version, 20 digits with leading zeros: grows per key, with gaps",
        "00000000000000000007",
        (("pattern", "^[0-9]{20}$"),),
    ),
    Header(
        "ce_correlationid",
        "the chain of commands and events that this one belongs to",
        "4f6c2f5e-0a51-4a3d-9a3e-6d0c4f6a8b77",
    ),
    Header(
        "ce_causationid",
        "what caused this event: a command's or an event's id",
        "9c1f7a3e-51b0-4d5b-8d2a-1d5f6b1e58f5",
    ),
    Header(
        "ce_traceparent",
        "W3C trace context of the command",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    ),
    Header(
        "content-type",
        "media type of the record's value",
        "application/json",
        (("const", "application/json"),),
    ),
)


def example_key(event: type[Event]) -> str:
    """The key of an event's example: the field of its data that the topic names."""
    return str(event.contract.example[event.contract.topic.key])


def example_headers(event: type[Event]) -> dict[str, str]:
    """The headers of an event's example, as they lie on the wire."""
    facts = {
        "type": event.contract.type,
        "service": event.contract.topic.service,
        "key": example_key(event),
    }
    return {header.name: header.example.format_map(facts) for header in HEADERS}


def headers_schema() -> dict[str, Any]:
    """One JSON Schema for the headers of all events, read as text."""
    return {
        "type": "object",
        "required": [header.name for header in HEADERS],
        "properties": {
            header.name: {
                "type": "string",
                "minLength": 1,
                "description": header.description,
                **dict(header.schema),
            }
            for header in HEADERS
        },
    }


def example_record(event: type[Event]) -> str:
    """An event's example as a console consumer would show its record: key, headers, value."""
    headers = "\n".join(f"{name}: {value}" for name, value in example_headers(event).items())
    value = json.dumps(event.contract.example, indent=2, ensure_ascii=False)
    return f"key: {example_key(event)}\n\n{headers}\n\n{value}"
