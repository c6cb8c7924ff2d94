from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from kentongan.messaging.kafka.clients import group_id
from kentongan.messaging.read_models.redrive import Redrive
from kentongan.messaging.subscriptions import Subscriptions
from kentongan.storage.dead_letters import DeadLetter
from kentongan.storage.errors import StorageUnavailable
from kentongan.storage.projections.directory import Directory
from tests.integration.messaging.test_poison import raw, record_of
from tests.integration.messaging.village import (
    ACTIVITIES,
    BOTH,
    KIMS,
    SERVICE,
    Village,
)
from tests.support.waiting import eventually


def letter_of(group: str, number: int) -> DeadLetter:
    record = record_of(f"kim-{number:02}")
    return DeadLetter(
        group=group,
        topic="registry.kims",
        partition=0,
        offset=number,
        key=record.key,
        value=record.value,
        headers=tuple(record.headers),
        reason="reader-failed",
        detail="",
        at=datetime(2026, 9, 22, 8, number // 10, tzinfo=UTC),
    )


async def test_a_repaired_reader_redrives_what_the_broken_one_refused(village: Village) -> None:
    def forgetful(_: object) -> dict[str, Any]:
        raise KeyError("status")

    broken = Subscriptions((replace(KIMS, entry=forgetful), ACTIVITIES))
    await village.consumer(broken)
    await village.publish_raw([raw(record_of(f"kim-{number}")) for number in range(3)])

    async def three_letters() -> bool:
        return await village.dead_letters.count() == 3

    await eventually(three_letters)
    assert await village.directory.count() == 0

    still = await Redrive(subscriptions=broken, database=village.database).all_waiting()
    assert [reason for _, reason in still.still_poison] == ["reader-failed"] * 3

    report = await Redrive(subscriptions=BOTH, database=village.database).all_waiting()

    assert len(report.applied) == 3
    assert await village.dead_letters.count() == 0
    assert await village.knows("kim-2", "Gerendeng")


async def test_all_that_wait_are_redriven_whatever_their_number(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kentongan.messaging.read_models.redrive._PAGE", 7)
    group = group_id(village.kafka, SERVICE)
    letters = [letter_of(group, number) for number in range(30)]
    # Some are poison still, and wait on.
    letters[::10] = [replace(one, value=b"no JSON") for one in letters[::10]]
    await village.dead_letters.add_many(letters)

    report = await Redrive(subscriptions=BOTH, database=village.database).all_waiting()

    assert len(report.applied) == await village.directory.count() == 27
    assert [letter_id for letter_id, _ in report.still_poison] == [one.id for one in letters[::10]]


async def test_a_redrive_says_that_the_database_is_away(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise StorageUnavailable("nobody there")

    await village.dead_letters.add_many([letter_of("group", 1)])
    monkeypatch.setattr("kentongan.messaging.read_models.writing.LONGEST_RETRY_SECONDS", 0.0)
    monkeypatch.setattr(Directory, "apply", away)

    with pytest.raises(StorageUnavailable):
        await Redrive(subscriptions=BOTH, database=village.database).all_waiting()

    assert await village.dead_letters.count() == 1
