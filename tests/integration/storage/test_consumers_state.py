from dataclasses import replace
from datetime import timedelta

import pytest

from kentongan.storage import plan
from kentongan.storage.dead_letters import (
    VALUE_LIMIT,
    DeadLetter,
    DeadLetters,
    LetterHeading,
    LetterStatus,
)
from kentongan.storage.driver import Database
from kentongan.storage.errors import BuildLost
from kentongan.storage.projections.build_markers import BuildMarkers
from kentongan.storage.projections.directory import Directory
from kentongan.storage.stopped_consumers import StoppedConsumers
from tests.integration.storage.drums import NOW

LETTER = DeadLetter(
    group="placement",
    topic="registry.kims",
    partition=3,
    offset=41,
    key=b"\xff\x00",
    value=b"not json \xfe",
    headers=(("ce_id", b"1"), ("ce_id", b"2"), ("empty", None), ("binary", b"\xff")),
    reason="broken-envelope",
    detail="ce_type is missing",
    at=NOW,
)


async def test_a_letter_is_kept_as_it_came_and_once(database: Database) -> None:
    letters = DeadLetters(database)
    assert await letters.add_many([LETTER, replace(LETTER, offset=42)]) == 2
    assert await letters.add_many([LETTER, replace(LETTER, offset=43)]) == 1

    assert await letters.get("placement:registry.kims:3:41") == LETTER
    assert await letters.get("placement:registry.kims:3:40") is None
    assert [letter.offset for letter in await letters.list()] == [41, 42, 43]
    assert await letters.count() == 3


async def test_headings_page_through_all_letters_in_order(database: Database) -> None:
    letters = DeadLetters(database)
    # Many at one time, as a batch of poison is set aside.
    await letters.add_many(
        [
            replace(LETTER, offset=offset, at=NOW + timedelta(minutes=offset // 10))
            for offset in range(10, 45)
        ]
    )
    paged = [await letters.headings(limit=10)]
    while page := await letters.headings(after=paged[-1][-1], limit=10):
        paged.append(page)

    assert [len(page) for page in paged] == [10, 10, 10, 5]
    whole = await letters.list(limit=100)
    assert [heading for page in paged for heading in page] == [
        LetterHeading(one.id, one.reason, one.at, one.attempts, one.status) for one in whole
    ]

    await letters.mark(whole[0].id, LetterStatus.REDRIVEN)
    assert [one.id for one in await letters.headings(limit=1)] == [whole[1].id]
    (first,) = await letters.headings(status=None, limit=1)
    assert (first.id, first.status) == (whole[0].id, LetterStatus.REDRIVEN)


async def test_its_copy_is_published_once(database: Database) -> None:
    letters = DeadLetters(database)
    await letters.add_many([LETTER, replace(LETTER, offset=42)])
    [first, _] = await letters.pending(10)
    assert first == LETTER

    await letters.clear([first.id])
    assert [letter.offset for letter in await letters.pending(10)] == [42]
    await letters.add_many([LETTER])
    assert [letter.offset for letter in await letters.pending(10)] == [42]
    assert await letters.count() == 2


async def test_a_redriven_letter_waits_again_if_it_is_poison_again(database: Database) -> None:
    letters = DeadLetters(database)
    await letters.add_many([LETTER])
    await letters.mark(LETTER.id, LetterStatus.WAITING, reason="schema", detail="still")
    [waiting] = await letters.list()
    assert (waiting.attempts, waiting.reason, waiting.detail) == (2, "schema", "still")

    await letters.mark(LETTER.id, LetterStatus.REDRIVEN)
    assert await letters.list() == []
    assert [letter.attempts for letter in await letters.list(status=None)] == [3]
    assert await letters.add_many([LETTER]) == 1
    assert await letters.list() == [LETTER]


async def test_a_value_beyond_a_document_is_cut_and_said_so(database: Database) -> None:
    letters = DeadLetters(database)
    await letters.add_many([replace(LETTER, value=b"x" * (VALUE_LIMIT * 2))])
    [kept] = await letters.list()
    assert kept.value is not None
    assert len(kept.value) == VALUE_LIMIT
    assert str(VALUE_LIMIT * 2) in kept.detail


async def test_a_marker_dies_with_its_read_model(database: Database) -> None:
    markers, directory = BuildMarkers(database), Directory(database, "kims")
    with pytest.raises(ValueError, match=r"directory\.kims"):
        await markers.mark_built("directory.kims", {}, made_of=["a"])
    await plan.apply(database, [directory.layout])
    assert await markers.built(["directory.kims"]) == {}

    positions = {("registry.kims", 1): 7, ("registry.kims", 0): 5}
    await markers.mark_built("directory.kims", positions, made_of=["a", "b"])
    assert await markers.built(["directory.kims"]) == {"directory.kims": ("a", "b")}
    assert await markers.positions("directory.kims") == positions

    await database.drop_collection("directory.kims")
    assert await markers.built(["directory.kims"]) == {}
    await plan.apply(database, [directory.layout])
    assert await markers.built(["directory.kims"]) == {}

    await markers.mark_built("directory.kims", {}, made_of=["a"])
    shadow = directory.shadow()
    identity = await shadow.start_over()
    await shadow.promote(identity)
    assert await markers.built(["directory.kims"]) == {}
    with pytest.raises(BuildLost):
        await markers.mark_built("directory.kims", {}, made_of=["a"], identity="another")
    assert await markers.built(["directory.kims"]) == {}
    await markers.mark_built("directory.kims", {}, made_of=["a"], identity=identity)
    assert await markers.built(["directory.kims"]) == {"directory.kims": ("a",)}
    await markers.clear()
    assert await markers.built(["directory.kims"]) == {}


async def test_a_stopped_group_stays_stopped_until_it_is_resumed(database: Database) -> None:
    here, elsewhere = (
        StoppedConsumers(database, "placement"),
        StoppedConsumers(database, "placement"),
    )
    assert await here.stopped() is None
    await here.stop("flood of poison")
    await elsewhere.stop("another")
    assert await elsewhere.stopped() == "flood of poison"
    assert await StoppedConsumers(database, "registry").stopped() is None

    assert await elsewhere.resume()
    assert not await here.resume()
    assert await here.stopped() is None
