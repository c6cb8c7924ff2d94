"""What is recorded: as the parent is, where a link is, else by the ratio."""

import pytest

from kentongan.observability.tracing.contexts import fresh, parsed, text_of
from kentongan.observability.tracing.conventions import Name
from kentongan.observability.tracing.spans import Kind, SpanContext, begin
from tests.unit.tracing.conftest import Recorder

SPANS = 4_000


def context(flags: int) -> SpanContext:
    found = parsed(f"{text_of(fresh())[:-2]}{flags:02x}")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("ratio", "parent", "links", "kept"),
    [
        (0.0, None, [], False),
        (1.0, None, [], True),
        (0.0, None, [0, 1], True),
        (0.0, None, [0], False),
        (0.0, 1, [], True),
        (0.0, 3, [], True),
        (1.0, 0, [], False),
        (1.0, 0, [1], False),
        (1.0, 2, [], False),
    ],
)
def test_by_parent_by_link_or_by_the_ratio(
    recorder: Recorder, ratio: float, parent: int | None, links: list[int], kept: bool
) -> None:
    recorder.on(ratio)
    under = None if parent is None else context(parent)
    linked = [context(flags) for flags in links]
    span = begin(Name.RELAY_ROUND.of(), Kind.INTERNAL, {}, parent=under, links=linked)
    assert span.is_recording() == kept
    assert span.get_span_context().is_valid
    assert span.get_span_context().trace_flags.sampled == kept
    if under is not None:
        assert span.get_span_context().trace_id == under.trace_id


def test_the_ratio_is_that_share_of_traces(recorder: Recorder) -> None:
    recorder.on(0.25)
    kept = [begin(Name.RELAY_ROUND.of(), Kind.INTERNAL, {}).is_recording() for _ in range(SPANS)]
    # Seven standard deviations to either side.
    assert 0.2 * SPANS < sum(kept) < 0.3 * SPANS
