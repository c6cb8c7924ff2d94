"""A group's inbox, and the notice of a student who was assigned to it."""

from datetime import timedelta
from typing import Any

import pytest

from kentongan.contracts.placement import (
    ASSIGNMENT,
    AssignmentFlagged,
    AssignmentState,
    StudentAssigned,
)
from kentongan.storage.errors import StorageUnavailable
from tests.integration.broadcast.couriers import (
    AUDIENCE,
    courier_of,
    deliveries_of,
    registered,
)
from tests.integration.broadcast.receiver import Receiver
from tests.integration.broadcast.running import Running
from tests.support.desk import refused

pytestmark = pytest.mark.days


async def tell(
    running: Running,
    number: int,
    kim_id: str = "kim-001",
    event: type[AssignmentState] = StudentAssigned,
    **changed: object,
) -> str:
    today = running.clock.today()
    facts = {
        **ASSIGNMENT,
        "enrolment_id": f"enrolment-{number:04}",
        "kim_id": kim_id,
        "period_start": today,
        "period_end": today + timedelta(days=60),
        "assigned_at": running.clock.now,
    }
    told = event.model_validate(facts | changed)
    await running.tell("assignments", told)
    return told.enrolment_id


async def test_a_group_gets_one_notice_of_each_student_in_its_inbox_and_webhooks(
    running: Running, receiver: Receiver
) -> None:
    kim = running.kim(await running.tell_kim(1))
    channel = await registered(kim, receiver.url())
    await running.tell_kim(2)
    enrolment_id = await tell(running, 1)
    await tell(running, 2, "kim-002")
    assert await running.react("notify-groups") == 2
    assert await running.react("notify-groups") == 0
    await courier_of(running).turn()
    (got,) = receiver.received
    assert got.webhook_id == f"notice:{enrolment_id}:1:{channel['id']}"
    body = got.verified(channel["secret"])
    assert body["type"] == "notice.student-assigned"
    assert body["data"]["enrolment_id"] == enrolment_id
    (item,) = (await kim.get("/kims/kim-001/inbox")).json()["items"]
    assert (item["subject"], item["notice"]["enrolment_id"]) == ("notice", enrolment_id)


async def test_a_student_who_comes_again_is_told_again(running: Running) -> None:
    await running.tell_kim(1)
    await tell(running, 1)
    await running.react("notify-groups")
    await tell(running, 1, event=AssignmentFlagged, status="flagged", flag="kim-suspended")
    assert await running.react("notify-groups") == 0
    await tell(running, 1)
    assert await running.react("notify-groups") == 1
    assert len(await deliveries_of(running, inbox=True)) == 2


async def test_a_period_that_is_over_gives_no_notice(running: Running) -> None:
    yesterday = running.clock.today() - timedelta(days=1)
    await tell(running, 1, period_start=yesterday, period_end=yesterday)
    assert await running.react("notify-groups") == 0


def fails_once(running: Running, collection: str, write: str, *, lands: bool) -> None:
    """The next write of this kind is of unknown outcome: it landed, or it never did."""
    (store,) = [each for each in running.assembly.facts if each.name == collection]
    real = getattr(store, write)

    async def fail(*arguments: Any) -> int:
        setattr(store, write, real)
        if lands:
            await real(*arguments)
        raise StorageUnavailable(f"{write} of {collection}")

    setattr(store, write, fail)


@pytest.mark.parametrize("lands", [True, False])
@pytest.mark.parametrize(
    ("collection", "write"),
    [("notices", "insert_new"), ("deliveries", "insert_new"), ("notices", "update")],
)
async def test_a_reaction_that_ends_between_its_writes_loses_no_webhook(
    running: Running, receiver: Receiver, collection: str, write: str, lands: bool
) -> None:
    """Whatever a courier finds meanwhile, and however long it takes until the reaction goes on."""
    kim = running.kim(await running.tell_kim(1))
    channel = await registered(kim, receiver.url())
    enrolment_id = await tell(running, 1)
    fails_once(running, collection, write, lands=lands)
    with pytest.raises(StorageUnavailable):
        await running.react("notify-groups")
    for _ in range(2):
        await courier_of(running).turn()
        running.clock.forward(minutes=1)
    assert await running.react("notify-groups") == (not (write == "update" and lands))
    running.clock.forward(minutes=1)
    await courier_of(running).turn()
    assert await running.react("notify-groups") == 0
    assert receiver.ids() == [f"notice:{enrolment_id}:1:{channel['id']}"]
    (item,) = (await kim.get("/kims/kim-001/inbox")).json()["items"]
    assert item["notice"]["enrolment_id"] == enrolment_id


async def test_an_assignment_flagged_while_its_notice_was_under_way_is_told_to_nobody(
    running: Running, receiver: Receiver
) -> None:
    kim = running.kim(await running.tell_kim(1))
    await registered(kim, receiver.url())
    await tell(running, 1)
    fails_once(running, "notices", "insert_new", lands=True)
    with pytest.raises(StorageUnavailable):
        await running.react("notify-groups")
    await tell(running, 1, event=AssignmentFlagged, status="flagged", flag="kim-suspended")
    assert await running.react("notify-groups") == 0
    await courier_of(running).turn()
    assert receiver.ids() == []
    assert (await kim.get("/kims/kim-001/inbox")).json()["items"] == []


async def test_more_assignments_than_one_page_holds(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.broadcast.delivering.notices.AT_ONCE", 2)
    for number in range(5):
        await tell(running, number, f"kim-{number % 2:03}")
    assert await running.react("notify-groups") == 5
    assert await running.react("notify-groups") == 0


async def test_the_inbox_shows_contents_as_they_stand_and_pages(running: Running) -> None:
    kim = running.kim(await running.tell_kim(1))
    office = running.desk("diskominfo")
    contents = []
    for number in range(3):
        contents.append(await office.published(audience=AUDIENCE, title=f"Berita {number}"))
        await courier_of(running).turn()
        running.clock.forward(seconds=1)
    await office.retract(contents[0])
    first = (await kim.get("/kims/kim-001/inbox", limit=2)).json()
    rest = (await kim.get("/kims/kim-001/inbox", limit=2, cursor=first["next_cursor"])).json()
    items = first["items"] + rest["items"]
    assert [each["content"]["title"] for each in items] == ["Berita 2", "Berita 1", "Berita 0"]
    assert [each["content"]["status"] for each in items] == ["published", "published", "retracted"]
    assert rest["next_cursor"] is None


async def test_an_inbox_is_the_groups_own(running: Running) -> None:
    await running.tell_kim(1)
    refused(await running.kim("kim-002").get("/kims/kim-001/inbox"), 403, "not-own")
    refused(await running.desk("village").get("/kims/kim-001/inbox"), 403, "wrong-role")
    refused(await running.public.get("/kims/kim-001/inbox"), 401, "unauthenticated")
