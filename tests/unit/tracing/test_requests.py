"""A request's span: whose trace, which name, what it tells of a failure; with spans and without."""

import asyncio

import pytest
from opentelemetry.trace import SpanKind

from kentongan.observability.tracing import works
from kentongan.observability.tracing.contexts import (
    current_trace_id,
    current_traceparent,
    is_sampled,
    parsed,
    trace_id_of,
)
from kentongan.observability.tracing.requests import OTHER_METHOD, RequestSpan, sending_webhook
from kentongan.observability.tracing.spans import recording
from tests.unit.tracing.conftest import Recorder

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SAMPLED = f"00-{TRACE}-00f067aa0ba902b7-01"
UNSAMPLED = f"00-{TRACE}-00f067aa0ba902b7-00"


def served(
    traceparent: str = SAMPLED,
    *,
    method: str = "POST",
    command: str | None = "kim.propose",
    route: str | None = "/v1/kims",
    status: int = 201,
    rule: str | None = None,
    failure: str | None = None,
) -> str:
    """Serve a request; the `traceparent` that its events would carry."""
    with RequestSpan(method, traceparent) as span:
        if command is not None:
            span.begin_command(command)
        carried = current_traceparent()
        span.answered(route, status, rule, failure)
    assert current_trace_id() is None
    return carried


@pytest.mark.parametrize("incoming", [SAMPLED, UNSAMPLED])
def test_without_a_collector_the_context_is_handed_on_unchanged(incoming: str) -> None:
    assert served(incoming) == incoming


@pytest.mark.parametrize("incoming", ["", "nonsense"])
def test_without_a_collector_a_new_one_is_not_sampled(incoming: str) -> None:
    carried = served(incoming)
    assert parsed(carried) is not None
    assert not is_sampled(carried)


def test_a_sampled_request_is_recorded_with_its_command(recorder: Recorder) -> None:
    recorder.on()
    carried = served()
    request, command = recorder.named("POST /v1/kims"), recorder.named("command kim.propose")
    assert request.kind is SpanKind.SERVER
    assert request.parent is not None
    assert f"{request.parent.span_id:016x}" == "00f067aa0ba902b7"
    assert command.parent == request.context
    assert carried == f"00-{TRACE}-{command.context.span_id:016x}-01"
    assert dict(request.attributes or {}) == {
        "http.request.method": "POST",
        "http.route": "/v1/kims",
        "http.response.status_code": 201,
    }


def test_an_unsampled_one_is_not_even_at_the_highest_ratio(recorder: Recorder) -> None:
    recorder.on(ratio=1.0)
    carried = served(UNSAMPLED)
    assert trace_id_of(carried) == TRACE
    assert not is_sampled(carried)
    assert recorder.spans() == []


@pytest.mark.parametrize(("ratio", "number"), [(0.0, 0), (1.0, 2)])
def test_without_a_context_the_ratio_decides(recorder: Recorder, ratio: float, number: int) -> None:
    recorder.on(ratio=ratio)
    carried = served("")
    assert is_sampled(carried) == (number > 0)
    assert len(recorder.spans()) == number


@pytest.mark.parametrize(
    ("status", "rule", "failure", "told"),
    [
        (404, "not-found", None, None),
        (503, "storage-unavailable", None, "storage-unavailable"),
        (500, "unexpected", "ZeroDivisionError", "ZeroDivisionError"),
    ],
)
def test_only_what_the_service_is_to_blame_for_is_an_error(
    recorder: Recorder, status: int, rule: str, failure: str | None, told: str | None
) -> None:
    recorder.on()
    served(status=status, rule=rule, failure=failure)
    for name in ("POST /v1/kims", "command kim.propose"):
        span = recorder.named(name)
        attributes = span.attributes or {}
        assert (attributes.get("error.type"), attributes["kentongan.rule"]) == (told, rule)
        assert span.status.is_ok == (told is None)


def test_what_a_caller_made_up_is_no_name(recorder: Recorder) -> None:
    recorder.on()
    served(method=OTHER_METHOD, command=None, route=None, status=404)
    assert (recorder.named("HTTP").attributes or {})["http.request.method"] == "_OTHER"


async def test_a_task_that_outlives_its_request_adds_nothing_to_it(recorder: Recorder) -> None:
    recorder.on()
    over = asyncio.Event()

    async def later() -> tuple[bool, str]:
        await over.wait()
        return recording() is None, works.own_command("tally.finish")

    with RequestSpan("POST", SAMPLED) as span:
        task = asyncio.create_task(later())
        span.answered("/v1/votes", 201, None, None)
    over.set()
    ended, carried = await task
    assert ended
    assert trace_id_of(carried) != TRACE, "an own command, later, is not the voter's"


@pytest.mark.parametrize(
    ("status", "fault", "failed"),
    [(204, None, False), (410, None, True), (None, "timeout", True)],
)
def test_a_webhook_tells_what_came_back_and_not_where_it_went(
    recorder: Recorder, status: int | None, fault: str | None, failed: bool
) -> None:
    recorder.on(ratio=1.0)
    with sending_webhook() as span:
        span.answered(status, fault)
    told = recorder.named("POST webhook")
    assert told.kind is SpanKind.CLIENT
    assert told.status.is_ok != failed
    assert set(told.attributes or {}) <= {
        "http.request.method",
        "http.response.status_code",
        "error.type",
    }
