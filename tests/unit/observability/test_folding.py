"""A library that says one thing for ever is heard once a period, with a number."""

import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

import pytest
import structlog

from kentongan.observability.folding import PERIOD_SECONDS, FoldingHandler
from kentongan.observability.logging import configure_logging


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Process:
    """The logs of one, by a clock that is moved by hand."""

    clock: Clock
    written: StringIO

    def said(self) -> list[dict[str, object]]:
        lines = [json.loads(line) for line in self.written.getvalue().splitlines()]
        self.written.truncate(0)
        self.written.seek(0)
        return lines


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Iterator[Process]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    process = Process(Clock(), StringIO())
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", process.written)
        configure_logging("registry", log_format="json")
    handler = root.handlers[0]
    assert isinstance(handler, FoldingHandler)
    handler._now = process.clock
    yield process
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def complain(node: int, *, client: str = "registry-relay") -> None:
    with structlog.contextvars.bound_contextvars(client=client):
        logging.getLogger("aiokafka.client").error("Unable connect to node %s", node)


def test_repeats_become_a_number(process: Process) -> None:
    for second in range(600):
        process.clock.now = 1_000.0 + second / 10
        complain(second % 3)
    (first,) = process.said()
    assert first["event"] == "library.said"
    assert first["text"] == "Unable connect to node 0"
    assert (first["library"], first["service"]) == ("aiokafka.client", "registry")
    assert (first["client"], first["level"]) == ("registry-relay", "error")
    assert "repeated" not in first

    process.clock.now += PERIOD_SECONDS
    structlog.get_logger("kit").info("kit.goes_on")
    again, own = process.said()
    assert again["repeated"] == 599
    assert again["client"] == "registry-relay", "not of the context of whoever logs next"
    assert own["event"] == "kit.goes_on"

    process.clock.now += 2 * PERIOD_SECONDS
    complain(1)
    process.clock.now += 2 * PERIOD_SECONDS
    complain(1)
    assert ["repeated" in one for one in process.said()] == [False, False]


def test_another_kind_is_heard_at_once(process: Process) -> None:
    complain(1)
    complain(2)
    complain(1, client="registry-consumer")
    logging.getLogger("aiokafka.client").error("something else")
    logging.getLogger("aiokafka.client").warning("Unable connect to node %s", 1)
    for failure in (ValueError(), KeyError(), ValueError()):
        logging.getLogger("asyncio").error("failed", exc_info=failure)
    assert len(process.said()) == 6


def test_the_kit_is_never_folded(process: Process) -> None:
    for _ in range(50):
        structlog.get_logger("kit").warning("relay.waits")
    assert len(process.said()) == 50
