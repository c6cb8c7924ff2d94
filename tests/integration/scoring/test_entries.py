"""Registered groups enter, once each, while submissions last."""

import asyncio

import pytest

from kentongan.domain.kims import Kim
from kentongan.kims.directory import KimDirectory
from tests.integration.scoring.conftest import Running
from tests.integration.scoring.contest import Contest, kim_event
from tests.support.desk import refused


async def test_a_group_enters_once_and_everybody_sees_it(scoring: Running) -> None:
    contest = await Contest(scoring).open()
    await scoring.tell("kims", kim_event(1))

    first = await contest.enter(1, Idempotency_Key="k1")
    replayed = await contest.enter(1, Idempotency_Key="k1")
    again = await contest.enter(1)

    assert first.status_code == 201
    assert replayed.json() == first.json()
    assert replayed.headers["idempotency-replayed"] == "true"
    refused(again, 409, "already-exists")
    entry_id = first.json()["id"]
    assert first.headers["location"] == f"/v1/entries/{entry_id}"
    shown = (await scoring.public.get(f"/entries/{entry_id}")).json()
    assert (shown["kim_id"], shown["title"]) == ("kim-001", "Karya 1")
    listed = (await scoring.public.get(f"/competitions/{contest.id}/entries")).json()
    assert listed["items"] == [shown]
    [event] = await scoring.outbox("entries", entry_id)
    assert event["type"] == "kentongan.scoring.EntrySubmitted.v1"
    assert event["data"]["kim_id"] == "kim-001"


async def test_who_may_not_enter(scoring: Running) -> None:
    contest = await Contest(scoring).open()
    unknown = await contest.enter(1)
    refused(unknown, 409, "not-known-yet")
    assert unknown.headers["retry-after"] == "1"
    await scoring.tell("kims", kim_event(1, "suspended"))
    refused(await contest.enter(1), 409, "kim-not-registered")
    region = {**kim_event(2).region.model_dump(), "code": "36.72.01.1001"}
    await scoring.tell("kims", kim_event(2, region=region))
    refused(await contest.enter(2), 409, "kim-outside-competition")
    body = {"title": "a", "summary": "b"}
    nameless = scoring.desk("kim")
    refused(await nameless.post(f"/competitions/{contest.id}/entries", body), 403, "not-own")
    office = await contest.office.post(f"/competitions/{contest.id}/entries", body)
    refused(office, 403, "wrong-role")
    refused(await contest.group(1).post("/competitions/none/entries", body), 404, "not-found")


async def test_submissions_end(scoring: Running) -> None:
    contest = await Contest(scoring).open()
    await contest.entered([1])
    await scoring.tell("kims", kim_event(2))
    scoring.clock.forward(days=10)
    refused(await contest.enter(2), 409, "submissions-over")


async def test_many_groups_enter_at_once_on_two_processes(
    scoring: Running, second_scoring: Running
) -> None:
    contest = await Contest(scoring).open()
    elsewhere = Contest(second_scoring, contest.id)
    for number in range(30):
        await scoring.tell("kims", kim_event(number))

    answers = await asyncio.gather(
        *(
            (contest, elsewhere)[number % 2].enter(number, Idempotency_Key="k")
            for number in range(30)
        ),
        *(elsewhere.enter(number, Idempotency_Key="k") for number in range(0, 30, 2)),
    )

    busy = [answer for answer in answers if answer.status_code != 201]
    assert {answer.json()["rule"] for answer in busy} <= {"too-many-conflicts"}
    for number in range(30):
        again = await contest.enter(number, Idempotency_Key="k")
        assert again.status_code == 201, again.text
    assert await scoring.database["entries"].count_documents({}) == 30
    decisions = (await contest.office.get(f"/competitions/{contest.id}/decisions")).json()
    assert len(decisions) == 1


async def test_an_entry_never_slips_past_a_closing(
    scoring: Running, second_scoring: Running
) -> None:
    """Every group whose entry was answered is ranked, every later one refused."""
    contest = await Contest(scoring).open()
    await contest.entered(range(5))
    elsewhere = Contest(second_scoring, contest.id)
    for number in range(5, 60):
        await scoring.tell("kims", kim_event(number))
    rules: set[str] = set()

    async def enter(number: int) -> None:
        answer = await elsewhere.enter(number)
        if answer.status_code == 201:
            contest.entries[number] = answer.json()["id"]
        else:
            rules.add(answer.json()["rule"])

    async def close() -> None:
        while len(contest.entries) < 12:
            await asyncio.sleep(0.005)
        while (answer := await contest.close(incomplete_reason="Uji.")).status_code != 200:
            assert answer.json()["rule"] == "too-many-conflicts", answer.text

    async with asyncio.timeout(60):
        await asyncio.gather(close(), *(enter(number) for number in range(5, 60)))
        shown = await contest.until_closed()

    assert "submissions-over" in rules
    assert shown["stages"][0]["entries"] == len(contest.entries)
    ranked = {each["entry_id"] for each in await contest.ranking()}
    assert ranked == set(contest.entries.values())


async def test_an_entry_decided_before_a_closing_is_decided_anew(
    scoring: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = await Contest(scoring).open()
    await scoring.tell("kims", kim_event(1))
    decided, closed = asyncio.Event(), asyncio.Event()
    named_by_command = KimDirectory.named_by_command

    async def slow(self: KimDirectory, kim_id: str) -> Kim:
        kim = await named_by_command(self, kim_id)
        decided.set()
        await closed.wait()
        return kim

    monkeypatch.setattr(KimDirectory, "named_by_command", slow)
    entering = asyncio.create_task(contest.enter(1))
    await decided.wait()
    await contest.closed()
    closed.set()

    refused(await entering, 409, "submissions-over")
    assert await scoring.database["entries"].count_documents({}) == 0
