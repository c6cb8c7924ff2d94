import io
import json
from datetime import UTC, datetime

import pytest
from rich.console import Console

from kentongan.cli.events import as_line, print_on
from kentongan.messaging.cloudevents import Envelope
from kentongan.messaging.kafka.tail import TailedEvent
from tests.unit.messaging.drum_records import DrumStruck


def event(data: bytes, *, key: str = "kim-1", type_: str = DrumStruck.contract.type) -> TailedEvent:
    envelope = Envelope(
        id="1",
        source="urn:kentongan:36.71:test",
        type=type_,
        key=key,
        sequence=7,
        time=datetime(2026, 9, 22, tzinfo=UTC),
        correlation_id="correlation",
        causation_id="causation",
        traceparent="",
        data=data,
    )
    return TailedEvent("test.drums", 3, 41, envelope)


def printed(event: TailedEvent) -> str:
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    print_on(Console(file=out, soft_wrap=True), event)
    out.seek(0)
    return out.read()


UNREADABLE = [
    b"no JSON",
    b"\xff\xfe",
    b"",
    b"NaN",
    b'{"name": "\\ud800"}',
    b"9" * 5_000,
    b"[" * 100_000,
    b"[/nothing]",
]


@pytest.mark.parametrize("data", UNREADABLE, ids=lambda data: repr(data[:10]))
def test_data_that_is_no_json_is_shown_as_text(data: bytes) -> None:
    shown = event(data)
    line = json.loads(as_line(shown))
    assert line["data"] is None
    assert line["raw"] == data.decode(errors="backslashreplace")
    assert (line["topic"], line["partition"], line["offset"]) == ("test.drums", 3, 41)
    assert line["raw"] in printed(shown)


def test_data_is_shown_as_it_was_published() -> None:
    shown = event('{"name": "Bale Désa"}'.encode())
    line = json.loads(as_line(shown))
    assert line["data"] == {"name": "Bale Désa"}
    assert "raw" not in line
    assert '"name": "Bale Désa"' in printed(shown)


@pytest.mark.parametrize("key", ["a[/b]", "[bold]", "a\\", ":smile:", "[link=x]y[/link]"])
def test_nothing_of_an_event_is_taken_for_markup(key: str) -> None:
    shown = event(b"{}", key=key, type_=f"x.{key}.v1")
    assert key in printed(shown)
    assert json.loads(as_line(shown))["key"] == key
