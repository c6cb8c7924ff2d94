import pytest

from kentongan.messaging.subscriptions import (
    DirectorySubscription,
    InvalidSubscriptions,
    LedgerSubscription,
    Reaction,
    Subscriptions,
)
from tests.unit.messaging.drum_records import DrumStruck


async def nothing() -> int:
    return 0


DRUMS = DirectorySubscription("drums", (DrumStruck,), lambda event: {"beats": event.beats})
BEATS = LedgerSubscription("beats", (DrumStruck,), lambda event: {"beats": event.beats})


def test_each_topic_is_read_once() -> None:
    assert Subscriptions((DRUMS, BEATS)).topics == ("test.drums",)


def test_names_are_unique_over_directories_and_ledgers() -> None:
    with pytest.raises(InvalidSubscriptions):
        Subscriptions((DRUMS, LedgerSubscription("drums", (DrumStruck,), lambda _: {})))


def test_a_reaction_waits_for_read_models_that_are_there() -> None:
    Subscriptions((DRUMS,), (Reaction("flag", ("drums",), nothing),))
    with pytest.raises(InvalidSubscriptions):
        Subscriptions((DRUMS,), (Reaction("flag", ("kims",), nothing),))
