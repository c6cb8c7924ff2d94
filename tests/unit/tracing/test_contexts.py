"""The text of a trace's context: what is taken over, what is replaced, what counts as sampled."""

import pytest

from kentongan.observability.tracing.contexts import (
    current_trace_id,
    current_traceparent,
    fresh,
    is_sampled,
    parsed,
    text_of,
    trace_id_of,
)

VALID = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"


@pytest.mark.parametrize("flags", ["00", "01", "02", "03"])
def test_a_valid_context_is_handed_on_as_it_came(flags: str) -> None:
    context = parsed(f"{VALID}-{flags}")
    assert context is not None
    assert text_of(context) == f"{VALID}-{flags}"
    assert is_sampled(f"{VALID}-{flags}") == context.trace_flags.sampled


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "00-0-0-01",
        VALID,
        f"ff{VALID[2:]}-01",
        f"{VALID.upper()}-01",
        f"{VALID}-01-more",
        "00-" + "0" * 32 + "-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-" + "0" * 16 + "-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473٣-00f067aa0ba902b7-01",
    ],
)
def test_an_invalid_one_is_none(text: str) -> None:
    assert parsed(text) is None
    assert trace_id_of(text) is None


def test_a_fresh_one_is_valid_new_and_not_sampled() -> None:
    texts = {text_of(fresh()) for _ in range(100)}
    assert len(texts) == 100
    assert all(parsed(text) is not None and not is_sampled(text) for text in texts)


def test_outside_of_all_there_is_no_trace_to_name_and_a_new_one_for_each_event() -> None:
    assert current_trace_id() is None
    assert current_traceparent() != current_traceparent()
