"""What becomes of a delivery after each attempt."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.broadcast.domain.channels import OffReason
from services.broadcast.domain.deliveries import (
    Attempted,
    Cancelled,
    DeliveryStatus,
    Fault,
    PromisedEdition,
    arrived,
    cancelled,
    channel_off,
    content_delivery_id,
    inbox_delivery,
    missed,
    notice_delivery_id,
    off_reason,
    replayed,
    webhook_delivery,
)
from services.broadcast.domain.errors import DeliveryNotReplayable
from services.broadcast.domain.retries import RetryPolicy

NOW = datetime(2026, 10, 5, 2, tzinfo=UTC)
PROMISED = NOW + timedelta(minutes=5)
EDITION = PromisedEdition("content-1", 2, PROMISED)
POLICY = RetryPolicy(attempts=3, first_delay=5, factor=3, longest_delay=3600)
DELIVERED, FAILED = DeliveryStatus.DELIVERED, DeliveryStatus.FAILED


def pending(**changed: Any) -> dict[str, Any]:
    return webhook_delivery(EDITION, "kim-1", "channel-1", NOW) | changed


def test_natural_ids_name_edition_group_and_channel() -> None:
    assert pending()["_id"] == content_delivery_id("content-1", 2, "kim-1", "channel-1")
    assert pending()["_id"] == "content-1:2:kim-1:channel-1"
    integrators = webhook_delivery(EDITION, None, "channel-1", NOW)
    assert integrators["_id"] == "content-1:2:-:channel-1"
    assert inbox_delivery(EDITION, "kim-1", NOW)["_id"] == "content-1:2:kim-1:inbox"
    assert notice_delivery_id("enrolment:3", "inbox") == "notice:enrolment:3:inbox"


def test_the_inbox_has_it_as_soon_as_it_is_planned() -> None:
    planned = inbox_delivery(EDITION, "kim-1", NOW)
    assert (planned["status"], planned["delivered_at"], planned["late"]) == (
        "delivered",
        NOW,
        False,
    )
    assert inbox_delivery(EDITION, "kim-1", PROMISED + timedelta(seconds=1))["late"]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_an_arrival(status: int) -> None:
    assert Attempted(status=status).arrived
    done = arrived(pending(), Attempted(status=status), NOW)
    assert (done["status"], done["attempts"], done["late"]) == ("delivered", 1, False)
    assert done["last"] == {"at": NOW, "status": status, "error": None}


@pytest.mark.parametrize("status", [100, 301, 302, 307, 400, 404, 429, 500, 503])
def test_anything_else_is_none_a_redirect_least_of_all(status: int) -> None:
    assert not Attempted(status=status).arrived


def test_an_arrival_after_the_promised_time_is_late() -> None:
    assert arrived(pending(), Attempted(status=200), PROMISED + timedelta(seconds=1))["late"]
    assert not arrived(pending(), Attempted(status=200), PROMISED)["late"]


def test_a_miss_is_tried_again_later_each_time_then_given_up() -> None:
    fault = Attempted(fault=Fault.TIMEOUT)
    first = missed(pending(), fault, NOW, POLICY, spread=0)
    assert first["due_at"] == NOW + timedelta(seconds=5)
    assert "status" not in first
    second = missed(pending(attempts=1), fault, NOW, POLICY, spread=0)
    assert second["due_at"] == NOW + timedelta(seconds=15)
    third = missed(pending(attempts=2), fault, NOW, POLICY, spread=0)
    assert (third["status"], third["attempts"]) == ("failed", 3)
    assert third["last"] == {"at": NOW, "status": None, "error": "timeout"}


def test_a_busy_receiver_is_left_alone_as_long_as_it_asks() -> None:
    busy = Attempted(status=503, retry_after=120)
    assert missed(pending(), busy, NOW, POLICY, spread=0)["due_at"] == NOW + timedelta(seconds=120)


def test_gone_gives_up_at_once_and_switches_off() -> None:
    gone = Attempted(status=410)
    assert missed(pending(), gone, NOW, POLICY, spread=0)["status"] == "failed"
    assert off_reason(gone, [FAILED], 10) is OffReason.GONE


def test_a_row_of_failures_switches_off_and_one_arrival_breaks_it() -> None:
    failed = Attempted(status=500)
    assert off_reason(failed, [FAILED] * 2, 3) is None
    assert off_reason(failed, [FAILED] * 3, 3) is OffReason.GIVEN_UP
    assert off_reason(failed, [FAILED, DELIVERED, FAILED], 3) is None


def test_what_is_called_off_or_meets_a_dead_channel_counts_no_attempt() -> None:
    assert cancelled(Cancelled.RETRACTED, NOW)["cancelled"] == "retracted"
    assert "attempts" not in cancelled(Cancelled.SUPERSEDED, NOW) | channel_off(NOW)
    assert channel_off(NOW)["last"]["error"] == "channel-off"


def test_a_replay_begins_anew_under_the_same_id() -> None:
    again = replayed(pending(status="failed", attempts=8), NOW, timedelta(minutes=5))
    assert (again["status"], again["attempts"], again["due_at"]) == ("pending", 0, NOW)
    assert again["replays"] == 1
    assert "_id" not in again


@pytest.mark.parametrize("status", ["pending", "cancelled"])
def test_what_is_on_its_way_or_called_off_is_not_replayed(status: str) -> None:
    with pytest.raises(DeliveryNotReplayable) as refusal:
        replayed(pending(status=status), NOW, timedelta(minutes=5))
    assert refusal.value.facts == {"status": status}
