"""Several hands on one content at the same moment: one order, nothing lost, nothing twice."""

import asyncio
from typing import Any

from tests.integration.broadcast.desk import WRITING, Desk
from tests.integration.broadcast.running import Running


async def test_corrections_and_a_retraction_at_once_have_one_order(
    broadcast: Running, diskominfo: Desk
) -> None:
    content_id = await diskominfo.published()
    path = f"/contents/{content_id}"

    async def correction(number: int) -> tuple[int, str]:
        body = {**WRITING, "title": f"Ralat {number}", "reason": "x"}
        answer = await diskominfo.post(f"{path}/correction", body)
        return answer.status_code, f"Ralat {number}"

    *corrected, retracted = await asyncio.gather(
        *(correction(number) for number in range(5)),
        diskominfo.post(f"{path}/retraction", {"reason": "Batal."}),
    )
    assert retracted.status_code == 200
    taken = {title for status, title in corrected if status == 200}
    assert {status for status, _ in corrected} <= {200, 409}

    history = (await broadcast.public.get(f"{path}/history")).json()["items"]
    assert [each["edition"] for each in history] == list(range(1, len(taken) + 2))
    assert {each["title"] for each in history[1:]} == taken
    events = await broadcast.recorded(content_id)
    assert [each["title"] for each in events[:-1]] == [each["title"] for each in history]
    assert (events[-1]["event"], events[-1]["edition"]) == ("ContentRetracted", len(history))


async def test_one_of_two_editors_learns_of_the_other(broadcast: Running, diskominfo: Desk) -> None:
    content_id = await diskominfo.draft()

    def edited(title: str) -> Any:
        body = {"kind": "information", **WRITING, "title": title}
        return diskominfo.put(f"/contents/{content_id}", body, version=1)

    answers = await asyncio.gather(edited("Satu"), edited("Dua"))
    assert sorted(each.status_code for each in answers) == [200, 412]
    winner = "Satu" if answers[0].status_code == 200 else "Dua"
    shown = await diskominfo.content(content_id)
    assert (shown["title"], shown["version"]) == (winner, 2)


async def test_one_key_sent_many_times_at_once_makes_one_content(
    broadcast: Running, diskominfo: Desk
) -> None:
    body = {"kind": "information", **WRITING}
    answers = await asyncio.gather(
        *(diskominfo.post("/contents", body, Idempotency_Key="once") for _ in range(8))
    )
    assert {each.status_code for each in answers} == {201}
    assert len({each.json()["id"] for each in answers}) == 1
    assert len(await diskominfo.listed(status="draft")) == 1
