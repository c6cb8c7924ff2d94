"""Records: their sending, their polling and their processing, each in the trace of its command.

An event's `traceparent`, kept in the outbox and never changed, is its creation context. It is the
parent of what becomes of the record and, by the conventions, linked as well: a span of many records
that had only links would lie in a trace of its own, where nobody who follows one command looks.
"""

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from types import TracebackType
from typing import Any, NamedTuple

from kentongan.domain.clock import epoch_nanoseconds
from kentongan.observability.tracing.contexts import Entered, is_sampled, parsed
from kentongan.observability.tracing.conventions import LINKS_PER_SPAN, Attributes, Key, Name
from kentongan.observability.tracing.spans import Kind, Span, SpanContext, begin, fail, is_on, tell

Place = tuple[str, int, int]
"""Topic, partition, offset."""


OWN_SPANS = 32
"""So many records of one write have spans of their own; in a batch of thousands, which a reader
that catches up takes, the others are only linked by the poll's: each span costs as much CPU as
applying a few records."""


class TracedRecord(NamedTuple):
    """A record whose trace is sampled."""

    topic: str
    partition: int
    offset: int
    traceparent: str

    @property
    def place(self) -> Place:
        """Where it is."""
        return self.topic, self.partition, self.offset


def follow_sending(
    traceparent: str,
    event_id: str,
    topic: str,
    partition: int,
    acknowledgement: "asyncio.Future[Any]",
) -> None:
    """A span from here until the broker has the record, where its trace is sampled."""
    if not is_on() or not is_sampled(traceparent):
        return
    creation = parsed(traceparent)
    if creation is None:
        return
    attributes: Attributes = {
        **_operation("send", "send", topic),
        Key.MESSAGING_PARTITION: str(partition),
        Key.MESSAGING_MESSAGE_ID: event_id,
    }
    name = Name.SEND.of(topic=topic)
    span = begin(name, Kind.CLIENT, attributes, parent=creation, links=[creation])
    acknowledgement.add_done_callback(partial(_acknowledged, span))


def note_round(traceparents: Iterable[str], *, began: float) -> None:
    """A round of the relay that is over, linked to what it sent; `began` by the monotonic clock.

    Without a sampled record there is none: metrics tell of rounds, and traces of commands.
    """
    if not is_on():
        return
    all_sent = list(traceparents)
    nanoseconds = epoch_nanoseconds() - int((time.monotonic() - began) * 1e9)
    for contexts in _split(filter(is_sampled, all_sent)):
        size = {Key.MESSAGING_BATCH_SIZE: len(all_sent)}
        begin(
            Name.RELAY_ROUND.of(), Kind.INTERNAL, size, links=contexts, start_time=nanoseconds
        ).end()


def note_poll(
    group: str, traced: Sequence[TracedRecord], polled: Mapping[str, int], *, began: int
) -> None:
    """A poll that brought sampled records among those `polled` by topic, a span a topic.

    `began` in nanoseconds.
    """
    for topic in dict.fromkeys(one.topic for one in traced):
        for contexts in _split(one.traceparent for one in traced if one.topic == topic):
            attributes: Attributes = {
                **_operation("poll", "receive", topic),
                Key.MESSAGING_GROUP: group,
                Key.MESSAGING_BATCH_SIZE: polled[topic],
            }
            name = Name.POLL.of(topic=topic)
            begin(name, Kind.CLIENT, attributes, links=contexts, start_time=began).end()


class Processing:
    """Spans of the sampled records of one write: one a record, each in its own trace.

    They share one write, which is shown under the first of them.
    """

    __slots__ = ("_entered", "_group", "_records", "_spans")

    def __init__(self, group: str, records: Sequence[TracedRecord]) -> None:
        self._group = group
        self._records = records[:OWN_SPANS]
        self._spans: dict[Place, Span] = {}
        self._entered: Entered | None = None

    def __enter__(self) -> "Processing":
        for record in self._records:
            creation = parsed(record.traceparent)
            if creation is None:
                continue
            attributes: Attributes = {
                **_operation("process", "process", record.topic),
                Key.MESSAGING_GROUP: self._group,
                Key.MESSAGING_PARTITION: str(record.partition),
                Key.MESSAGING_OFFSET: record.offset,
            }
            name = Name.PROCESS.of(topic=record.topic)
            span = begin(name, Kind.CONSUMER, attributes, parent=creation, links=[creation])
            self._spans[record.place] = span
            if self._entered is None:
                self._entered = Entered(span)
        return self

    def set_aside(self, reasons: Mapping[Place, str]) -> None:
        """These could not be applied, and why."""
        for place in reasons.keys() & self._spans.keys():
            fail(self._spans[place], reasons[place])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._entered is not None:
            self._entered.leave()
        for span in self._spans.values():
            if isinstance(error, Exception):
                fail(span, type(error).__name__)
            span.end()


def _acknowledged(span: Span, acknowledgement: "asyncio.Future[Any]") -> None:
    if acknowledgement.cancelled():
        fail(span, "CancelledError")
    elif (failure := acknowledgement.exception()) is not None:
        fail(span, type(failure).__name__)
    else:
        tell(span, Key.MESSAGING_OFFSET, acknowledgement.result().offset)
    span.end()


def _operation(name: str, kind: str, topic: str) -> Attributes:
    return {
        Key.MESSAGING_SYSTEM: "kafka",
        Key.MESSAGING_OPERATION: name,
        Key.MESSAGING_OPERATION_TYPE: kind,
        Key.MESSAGING_DESTINATION: topic,
    }


def _split(traceparents: Iterable[str]) -> Iterator[list[SpanContext]]:
    """Contexts by so many as one span may link."""
    contexts = filter(None, map(parsed, traceparents))
    while some := list(islice(contexts, LINKS_PER_SPAN)):
        yield some
