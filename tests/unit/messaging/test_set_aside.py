"""What a log says of a record that was set aside: its place and reason, never what it holds."""

from kentongan.messaging.cloudevents import Reason
from kentongan.messaging.read_models import set_aside
from kentongan.messaging.read_models.poison import Poison, Refused
from kentongan.messaging.read_models.set_aside import LINES, WINDOW_SECONDS, SetAsideLog
from tests.support.logs import logged_by
from tests.unit.messaging.drum_records import record

SITI = "Siti Aminah 3671"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def poison(offset: int, reason: Reason | Refused = Refused.SCHEMA) -> Poison:
    return Poison(record(offset), reason, f"/name: {SITI}")


def test_a_line_has_place_reason_and_ids() -> None:
    with logged_by(set_aside) as lines:
        SetAsideLog().note([poison(7)])
    (line,) = lines
    assert line["event"] == "record.set_aside"
    assert (line["topic"], line["partition"], line["offset"]) == ("test.drums", 0, 7)
    assert line["reason"] == "schema"
    headers = dict(record(7).headers)
    assert line["event_id"] == headers["ce_id"].decode()
    assert line["type"] == headers["ce_type"].decode()
    assert line["trace_id"] == headers["ce_traceparent"].decode().split("-")[1]
    assert SITI not in str(lines)


def test_ids_that_are_none_are_left_out() -> None:
    broken = record(1)
    broken.headers = [
        ("ce_id", SITI.encode()),
        ("ce_type", b"a"),
        ("ce_type", b"b"),
        ("ce_x", None),
        ("ce_traceparent", f"00-{SITI}-01".encode()),
    ]
    with logged_by(set_aside) as lines:
        SetAsideLog().note([Poison(broken, Reason.HEADER_REPEATED, "")])
    assert not {"event_id", "type", "trace_id"} & lines[0].keys()


def test_a_flood_has_few_lines_and_a_sum() -> None:
    clock = Clock()
    log = SetAsideLog(clock)
    with logged_by(set_aside) as lines:
        for number in range(1_000):
            log.note([poison(number), poison(number, Reason.HEADER_NULL)])
        log.settle()
        assert len(lines) == LINES
        clock.now += WINDOW_SECONDS
        log.settle()
    (total,) = lines[LINES:]
    assert total["event"] == "records.set_aside"
    assert total["number"] == 2_000 - LINES
    assert sum(total["reasons"].values()) == 2_000 - LINES
    with logged_by(set_aside) as lines:
        log.settle(ending=True)
        log.note([poison(5)])
    assert [line["event"] for line in lines] == ["record.set_aside"]
