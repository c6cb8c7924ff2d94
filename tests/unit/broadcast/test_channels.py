"""A channel's life: given a channel, when a command comes, then it is, or a rule says no."""

from datetime import UTC, datetime, timedelta

import pytest

from services.broadcast.domain.channels import (
    Channel,
    ChannelStatus,
    OffReason,
    Owner,
    Wanted,
    activate,
    free_seat,
    integrator_owner,
    kim_owner,
    register_channel,
    remove,
    rotate_secret,
    switch_off,
)
from services.broadcast.domain.contents import ContentKind
from services.broadcast.domain.errors import (
    ImpossibleTransition,
    TooManyChannels,
    TooManyRotations,
)

NOW = datetime(2026, 10, 5, 2, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
URL = "https://kim.example.id/hook"


def registered(kim_id: str | None = "kim-1", **wanted: object) -> Channel:
    return register_channel(
        "channel-1",
        Wanted.model_validate({"name": "Situs", "url": URL, **wanted}),
        owner=kim_owner(kim_id) if kim_id else integrator_owner("smart-city"),
        kim_id=kim_id,
        region_code="36.71.07.1013" if kim_id else "36.71",
        seat=1,
        now=NOW,
    ).state


def test_a_new_channel_is_active_and_records_no_event() -> None:
    decision = register_channel(
        "channel-1",
        Wanted(name="Situs", url=URL, kinds=(ContentKind.ACTIVITY, ContentKind.ACTIVITY)),
        owner="kim:kim-1",
        kim_id="kim-1",
        region_code="36.71.07.1013",
        seat=2,
        now=NOW,
    )
    assert decision.event is None
    assert decision.state.status is ChannelStatus.ACTIVE
    assert decision.state.kinds == (ContentKind.ACTIVITY,)
    assert (decision.state.seat, decision.state.generation) == (2, 1)


def test_a_group_has_no_regions_and_an_integrator_its_own_where_it_names_none() -> None:
    assert registered().regions == ()
    assert registered(None).owner_kind is Owner.INTEGRATOR
    assert registered(None).regions == ("36.71",)
    assert registered(None, regions=["36.71.07"]).regions == ("36.71.07",)


def test_seats_are_taken_from_the_lowest_and_five_are_all() -> None:
    assert free_seat(set()) == 1
    assert free_seat({1, 3}) == 2
    with pytest.raises(TooManyChannels) as refusal:
        free_seat({1, 2, 3, 4, 5})
    assert refusal.value.facts == {"limit": 5}


def test_a_rotation_makes_the_next_generation() -> None:
    rotated = rotate_secret(registered(), LATER).state
    assert (rotated.generation, rotated.rotations) == (2, (LATER,))


def rotated(*hours: float) -> Channel:
    """Rotated so many hours after its registration, one after the other."""
    channel = registered()
    for each in hours:
        channel = rotate_secret(channel, NOW + timedelta(hours=each)).state
    return channel


def test_rotations_are_kept_for_as_long_as_the_replaced_secret_signs() -> None:
    assert rotated(0, 20, 30).rotations == (
        LATER + timedelta(hours=19),
        LATER + timedelta(hours=29),
    )
    assert rotated(0, 30).rotations == (LATER + timedelta(hours=29),)


def test_a_fifth_rotation_within_a_day_is_refused_until_the_first_is_a_day_old() -> None:
    often = rotated(0, 1, 2, 3)
    with pytest.raises(TooManyRotations) as refusal:
        rotate_secret(often, NOW + timedelta(hours=23.9))
    again_at = NOW + timedelta(hours=24)
    assert refusal.value.facts == {"limit": 4, "at": again_at.isoformat()}
    again = rotate_secret(often, again_at).state
    assert (again.generation, len(again.rotations)) == (6, 4)


def test_a_rotation_by_a_process_whose_clock_is_behind_comes_after_the_one_before() -> None:
    assert rotated(1, 0.5).rotations == (LATER, LATER)


def test_a_channel_that_is_off_says_why_until_it_is_activated() -> None:
    off = switch_off(registered(), OffReason.GONE, LATER)
    assert off.rule == "channel.switch-off:gone"
    assert (off.state.status, off.state.off_reason) == (ChannelStatus.OFF, OffReason.GONE)
    again = activate(off.state, LATER + timedelta(hours=1)).state
    assert (again.status, again.off_reason, again.off_at) == (ChannelStatus.ACTIVE, None, None)
    assert again.activated_at == LATER + timedelta(hours=1)


def test_a_removed_channel_frees_its_seat_and_stays_removed() -> None:
    removed = remove(registered()).state
    assert (removed.status, removed.seat) == (ChannelStatus.REMOVED, None)
    for command in (
        lambda: rotate_secret(removed, LATER),
        lambda: activate(removed, LATER),
        lambda: remove(removed),
        lambda: switch_off(removed, OffReason.GONE, LATER),
    ):
        with pytest.raises(ImpossibleTransition) as refusal:
            command()
        assert refusal.value.facts["status"] == "removed"


def test_only_what_is_off_is_activated_and_only_what_is_active_switched_off() -> None:
    with pytest.raises(ImpossibleTransition):
        activate(registered(), LATER)
    off = switch_off(registered(), OffReason.GIVEN_UP, LATER).state
    with pytest.raises(ImpossibleTransition):
        switch_off(off, OffReason.GONE, LATER)
