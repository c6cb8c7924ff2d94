"""Where kit and bare are to do the same work, they come to the same results."""

from datetime import UTC
from typing import Any

import pytest
from bson import decode, encode
from bson.codec_options import CodecOptions

from kentongan.domain.clock import utc_now
from kentongan.domain.kims import Kim
from services.broadcast.domain.channels import Channel
from services.scoring.domain.activity import Doings
from services.scoring.domain.competitions import CompetitionStatus
from services.scoring.domain.entries import Entry
from services.scoring.domain.rubrics import check_rubric
from services.scoring.domain.sealing import place, seal
from tests.bench import broadcasting
from tests.bench.campaigning import campaign, option_of, suggestion_of
from tests.bench.contest import (
    QUALIFYING,
    RUBRIC,
    activities,
    closing_competition,
    contents,
    entries,
)
from tests.bench.judging_bare import ranked, sealed
from tests.bench.likeness import refuse_different, shape

AWARE: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True, tzinfo=UTC)


def test_documents_of_another_shape_are_refused() -> None:
    kit = {"_id": "a", "state": {"n": 1}, "outbox": [{"id": "x"}], "keys": []}
    refuse_different(kit, {"state": {"n": 2}, "_id": "b", "outbox": [{"id": "y"}], "keys": []})
    with pytest.raises(AssertionError):
        refuse_different(kit, kit | {"outbox": []})
    with pytest.raises(AssertionError):
        refuse_different(kit, kit | {"state": {"n": "1"}})
    assert shape([{"a": None}]) == [{"a": "NoneType"}]


@pytest.mark.parametrize("doings", [(0, 0), (1, 2), (2, 3), (0, 1), (9, 9)])
@pytest.mark.parametrize("rank", [1, QUALIFYING, QUALIFYING + 1])
def test_a_stage_closed_by_hand_ends_as_the_service_ends_it(
    doings: tuple[int, int], rank: int
) -> None:
    stage = closing_competition().stage(1)
    for document in entries(20):
        entry = Entry.model_validate(document["state"])
        by_kit = place(seal(entry, stage, Doings(*doings)).state, stage, rank, last=False).state
        state: dict[str, Any] = decode(encode(document["state"]), AWARE)
        by_hand = changed(changed(state, sealed(state, *doings)), ranked(rank))
        assert Entry.model_validate(by_hand) == by_kit
        assert by_hand.keys() == document["state"].keys()


def changed(state: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """What `$set` makes of a state, as far as the bench uses it."""
    for path, value in fields.items():
        *way, last = path.split(".")[1:]
        place_of: Any = state
        for step in way:
            place_of = place_of[int(step)] if isinstance(place_of, list) else place_of[step]
        if isinstance(place_of, list):
            place_of.insert(int(last), value)
        else:
            place_of[last] = value
    return state


def test_the_contest_is_one_that_the_service_could_hold() -> None:
    competition = closing_competition()
    check_rubric(RUBRIC, "/criteria")
    assert competition.status is CompetitionStatus.CLOSING
    found = list(entries(50))
    assert len({entry["_id"] for entry in found}) == 50
    groups = {entry["state"]["kim_id"] for entry in found}
    for doings in (list(contents(50)), list(activities(50))):
        assert len({each["_id"] for each in doings}) == len(doings) > 0
        assert {each["entry"]["kim_id"] for each in doings} < groups


def test_the_groups_and_webhooks_are_ones_that_the_service_could_hold() -> None:
    audience = broadcasting.content(1).audience
    for number in range(20):
        assert audience.holds(Kim.model_validate(broadcasting.known_kim(number)["entry"]))
    channels = [
        broadcasting.channel(number, seat, "http://x") for number in range(9) for seat in (1, 2)
    ]
    assert len({each["_id"] for each in channels}) == 18
    for each in channels:
        assert Channel.model_validate(each["state"]).channel_id == each["_id"]


def test_every_vote_is_for_an_option_of_a_campaign_that_is_open() -> None:
    opened = campaign(14)
    now = utc_now()
    assert opened.starts_at < now < opened.ends_at
    assert len(list(opened.days_until(opened.day_of(now)))) == 14
    for number in range(300):
        opened.ensure_option(option_of(number))
    assert [number for number in range(21) if suggestion_of(number)] == [0, 10, 20]
