"""Spans of records: under the command that caused them, linked, split, and marked where refused."""

import asyncio
import time
from types import SimpleNamespace

import pytest
from opentelemetry.trace import SpanKind

from kentongan.messaging.kafka.turns import Turns
from kentongan.messaging.read_models.applying import Applying, Written
from kentongan.observability.tracing import works
from kentongan.observability.tracing.contexts import fresh, text_of, trace_id_of
from kentongan.observability.tracing.records import OWN_SPANS, follow_sending, note_round
from kentongan.observability.tracing.works import Causes, reacting
from tests.unit.messaging.applied import Aside
from tests.unit.messaging.drum_records import DRUMS, BeatsInMemory, record, unencodable
from tests.unit.tracing.conftest import Recorder

TRACE, COMMAND = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{COMMAND}-01"
"""Which all records of `drum_records` carry."""


def sampled() -> str:
    return text_of(fresh())[:-2] + "01"


async def test_a_record_is_sent_in_the_trace_of_its_command(recorder: Recorder) -> None:
    recorder.on()
    acknowledged = asyncio.get_running_loop().create_future()
    follow_sending(TRACEPARENT, "event-1", "drums", 3, acknowledged)
    assert recorder.spans() == []
    acknowledged.set_result(SimpleNamespace(offset=17))
    await asyncio.sleep(0)
    span = recorder.named("send drums")
    assert span.parent is not None
    assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE, COMMAND)
    assert [link.context.span_id for link in span.links] == [span.parent.span_id]
    assert (span.attributes or {})["messaging.kafka.offset"] == 17
    assert (span.attributes or {})["messaging.destination.partition.id"] == "3"


async def test_a_record_that_is_refused_or_given_up_says_so(recorder: Recorder) -> None:
    recorder.on()
    for end in (lambda one: one.set_exception(TimeoutError("secret")), lambda one: one.cancel()):
        acknowledged = asyncio.get_running_loop().create_future()
        follow_sending(TRACEPARENT, "event-1", "drums", 0, acknowledged)
        end(acknowledged)
        await asyncio.sleep(0)
    kinds = [(span.attributes or {})["error.type"] for span in recorder.spans()]
    assert kinds == ["TimeoutError", "CancelledError"]


async def test_an_unsampled_or_a_broken_context_makes_no_span(recorder: Recorder) -> None:
    recorder.on(ratio=1.0)
    for traceparent in (text_of(fresh()), "", "1", "nonsense-01"):
        acknowledged = asyncio.get_running_loop().create_future()
        follow_sending(traceparent, "event-1", "drums", 0, acknowledged)
        acknowledged.set_result(SimpleNamespace(offset=1))
        note_round([traceparent], began=time.monotonic())
    await asyncio.sleep(0)
    assert recorder.spans() == []


@pytest.mark.parametrize(
    ("number", "links"), [(1, [1]), (128, [128]), (129, [128, 1]), (300, [128, 128, 44])]
)
def test_a_round_is_linked_to_all_that_it_sent(
    recorder: Recorder, number: int, links: list[int]
) -> None:
    recorder.on()
    commands = [sampled() for _ in range(number)]
    note_round([*commands, text_of(fresh())], began=time.monotonic() - 5)
    rounds = recorder.spans()
    assert [len(span.links) for span in rounds] == links
    linked = {f"{link.context.trace_id:032x}" for span in rounds for link in span.links}
    assert linked == {trace_id_of(command) for command in commands}
    assert all(span.parent is None for span in rounds), "a trace of its own, kept by its links"
    assert {(span.attributes or {})["messaging.batch.message_count"] for span in rounds} == {
        number + 1
    }
    assert 4e9 < (rounds[0].end_time or 0) - (rounds[0].start_time or 0) < 60e9


async def applied(model: BeatsInMemory, numbers: range, *, group: str | None = "g") -> list[str]:
    """Apply records of these numbers; the traces in which reactions would be woken."""
    causes = Causes()
    woken: list[str] = []

    def written(_: Written) -> None:
        causes.note()
        woken.extend(f"{context.trace_id:032x}" for context in causes.take())

    applying = Applying(
        read_models=(model,),
        set_aside=Aside(),
        turns=Turns(),
        on_written=written,
        traced_for=group,
    )
    await applying.apply([record(number) for number in numbers])
    return woken


async def test_each_record_is_processed_in_its_own_trace(recorder: Recorder) -> None:
    recorder.on()
    assert await applied(BeatsInMemory(), range(3)) == [TRACE]
    processed = [span for span in recorder.spans() if span.name == f"process {DRUMS.name}"]
    assert [(span.attributes or {})["messaging.kafka.offset"] for span in processed] == [0, 1, 2]
    for span in processed:
        assert span.kind is SpanKind.CONSUMER
        assert span.parent is not None
        assert f"{span.parent.span_id:016x}" == COMMAND
        assert (span.attributes or {})["messaging.consumer.group.name"] == "g"
    poll = recorder.named(f"poll {DRUMS.name}")
    assert (poll.attributes or {})["messaging.batch.message_count"] == 3
    assert len(poll.links) == 3


async def test_of_a_large_write_some_are_shown_and_all_are_linked(recorder: Recorder) -> None:
    recorder.on()
    await applied(BeatsInMemory(), range(200))
    names = [span.name for span in recorder.spans()]
    assert names.count(f"process {DRUMS.name}") == OWN_SPANS < 200
    polls = [span for span in recorder.spans() if span.name == f"poll {DRUMS.name}"]
    assert [len(span.links) for span in polls] == [128, 72]


async def test_a_record_that_is_set_aside_says_why(recorder: Recorder) -> None:
    recorder.on()
    await applied(BeatsInMemory(refused={1: unencodable()}), range(3))
    told = [
        (span.attributes or {}).get("error.type")
        for span in recorder.spans()
        if span.name.startswith("process")
    ]
    assert told == [None, "unencodable", None]


@pytest.mark.parametrize("group", [None, "g"])
async def test_neither_a_rebuild_nor_a_process_without_collector_records(
    recorder: Recorder, group: str | None
) -> None:
    if group is None:
        recorder.on(ratio=1.0)
    assert await applied(BeatsInMemory(), range(3), group=group) == []
    assert recorder.spans() == []


def test_a_reaction_goes_on_with_the_trace_that_woke_it(recorder: Recorder) -> None:
    recorder.on()
    causes = Causes()
    with reacting("wakes", []):
        causes.note()
    assert causes.take() == [], "an unsampled step is no cause"
    recorder.on(ratio=1.0)
    for name in ("first", "second"):
        with reacting(name, []):
            causes.note()
    with reacting("flag", causes.take()):
        carried = works.own_command("assignment.flag")
    step, command = recorder.named("react flag"), recorder.named("command assignment.flag")
    assert step.parent == recorder.named("react first").context
    assert len(step.links) == 2
    assert command.parent == step.context
    assert carried.split("-")[2] == f"{command.context.span_id:016x}"
    assert causes.take() == []
