"""From raw records to entries of read models, one record at a time, so that none harms another."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from pydantic import ValidationError

from kentongan.contracts.event import Event
from kentongan.messaging.cloudevents import BrokenEnvelope, Envelope, Reason, decode
from kentongan.messaging.read_models.bound import ReadModel
from kentongan.messaging.read_models.poison import Poison, Refused
from kentongan.observability.tracing.contexts import SAMPLED
from kentongan.observability.tracing.records import Place, TracedRecord, note_poll
from kentongan.observability.tracing.spans import is_on


class Entry(NamedTuple):
    """An entry on its way into a read model, with the record that it comes from."""

    record: Any
    entry: Any


@dataclass(slots=True)
class Decoded:
    """What records came to. Grows slice by slice, and is taken for writing as a whole."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    """By read model, in the order of the records."""
    poison: list[Poison] = field(default_factory=list)
    traced: list[TracedRecord] = field(default_factory=list)
    """Records whose trace is sampled, where the decoder looks for them."""
    set_aside: dict[Place, str] = field(default_factory=dict)
    """What was refused in the end, here or by the database, and why."""

    def note_set_aside(self, poison: Iterable[Poison]) -> None:
        """These are kept as dead letters; their spans are to say so."""
        for one in poison if self.traced else ():
            place = (one.record.topic, one.record.partition, one.record.offset)
            self.set_aside[place] = one.reason

    @property
    def empty(self) -> bool:
        """Nothing to write and nothing to set aside."""
        return not self.entries and not self.poison


_new_entry: Callable[[tuple[Any, Any]], Entry] = partial(tuple.__new__, Entry)


class _Reader(NamedTuple):
    model: type[Event]
    validate: Callable[[bytes], Event]
    key_of: Callable[[Event], str]
    read_models: tuple[ReadModel, ...]


class Decoder:
    """Knows which event types a set of read models is made from, and skips all others."""

    def __init__(self, read_models: Sequence[ReadModel], *, traced_for: str | None = None) -> None:
        self.traced_for = traced_for or ""
        """The group whose sampled records get spans; none where nobody is named."""
        self._sampled: list[TracedRecord] = []
        readers: dict[str, _Reader] = {}
        for read_model in read_models:
            for event in read_model.events:
                contract = event.contract
                known = readers.get(contract.type)
                readers[contract.type] = _Reader(
                    event,
                    event.__pydantic_validator__.validate_json,
                    attrgetter(contract.topic.key),
                    (*(known.read_models if known else ()), read_model),
                )
        self._readers = readers
        self._skipped: Counter[str] = Counter()

    def take_skipped(self) -> Counter[str]:
        """Records of types that nobody here subscribes to, by topic, since the last time."""
        skipped, self._skipped = self._skipped, Counter()
        return skipped

    def decode(self, records: Iterable[Any], into: Decoded) -> None:
        """Add what the records come to. Raises nothing for any record."""
        readers = self._readers
        traced = into.traced if self.traced_for and is_on() else None
        known = len(into.traced)
        for record in records:
            try:
                envelope = decode(record.headers, record.key, record.value)
            except BrokenEnvelope as broken:
                into.poison.append(Poison(record, broken.reason, str(broken)))
                continue
            reader = readers.get(envelope.type)
            if reader is None:
                self._skipped[record.topic] += 1
                continue
            if traced is not None and envelope.traceparent[-1] in SAMPLED:
                traced.append(_traced(record, envelope))
            poison = _read(record, envelope, reader, into.entries)
            if poison is not None:
                into.poison.append(poison)
        self._sampled += into.traced[known:]

    def note_poll(self, records: Sequence[Any], *, began: int) -> None:
        """All of a poll was decoded: a span for it, where sampled records were among it."""
        sampled, self._sampled = self._sampled, []
        if sampled:
            polled = Counter(record.topic for record in records)
            note_poll(self.traced_for, sampled, polled, began=began)


def _traced(record: Any, envelope: Envelope) -> TracedRecord:
    return TracedRecord(record.topic, record.partition, record.offset, envelope.traceparent)


def _read(
    record: Any, envelope: Envelope, reader: _Reader, entries: dict[str, list[Entry]]
) -> Poison | None:
    try:
        event = reader.validate(envelope.data)
        if reader.key_of(event) != envelope.key:
            detail = "the data names another aggregate than the key"
            return Poison(record, Reason.KEY_MISMATCH, detail)
        for read_model in reader.read_models:
            entry = _new_entry((record, read_model.entry(envelope, event)))
            known = entries.get(read_model.name)
            if known is None:
                entries[read_model.name] = [entry]
            else:
                known.append(entry)
    except ValidationError as error:
        return Poison(record, Refused.SCHEMA, _places(error))
    except Exception as error:  # noqa: BLE001  # the reader's own code: repaired, then redriven
        detail = f"{type(error).__name__} in {reader.model.__name__}"
        return Poison(record, Refused.READER_FAILED, detail)
    return None


def _places(error: ValidationError) -> str:
    """Where and how the data breaks the schema, without the values, which may name a person."""
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(
        f"/{'/'.join(str(part) for part in problem['loc'])}: {problem['type']}"
        for problem in problems[:5]
    )
