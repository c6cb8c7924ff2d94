"""What scoring's tables of refusals speak of, made over HTTP; time alone is moved by hand."""

from datetime import timedelta
from typing import Any

import httpx

from kentongan.domain.clock import utc_now
from kentongan.local.service_process import ServiceProcess
from kentongan.storage.lease import Lease
from kentongan.testing.running_services import RunningServices
from services.scoring.judging.closing import TASK
from tests.integration.http.contest_data import GROUPS, StoredContests
from tests.integration.http.refusing import Scene
from tests.integration.scoring.conftest import Running
from tests.integration.scoring.contest import IMPACT, JUDGES, Contest, kim_event
from tests.integration.scoring.polls import opened, vote, voter
from tests.integration.scoring.processes import at
from tests.support.desk import refused, token
from tests.support.waiting import eventually, until_shown

AN_HOUR, A_DAY, LONG_SECONDS = timedelta(hours=1), timedelta(days=1), 3600.0
NEW, SUSPENDED, ELSEWHERE = GROUPS, 90, 91
"""Numbers of groups that have entered nothing."""


async def store_scene(
    services: RunningServices, scoring: ServiceProcess, stored: StoredContests
) -> Scene:
    """A scene of what is stored, and of what more the tables need.

    From then on no closing goes on: somebody else holds its lease.
    """
    entries = [
        stored.entries[start : start + GROUPS] for start in range(0, len(stored.entries), GROUPS)
    ]
    places = {
        "judged": stored.judged[0],
        **dict(zip(("scored", "entry", "conflicted"), entries[0], strict=False)),
        "growing": stored.judged[1],
        **dict(zip(("corrected", "marked", "declared"), entries[1], strict=False)),
        "ending": stored.judged[2],
        "closed": stored.closed,
        "published": stored.published,
        "campaign": stored.campaigns[0],
    }
    async with (
        services.database("scoring") as database,
        httpx.AsyncClient(trust_env=False, timeout=60) as client,
    ):
        running = at(scoring, database, client)
        places["judged_etag"] = await _etag(Contest(running, stored.judged[0]))
        await running.tell("kims", kim_event(SUSPENDED, "suspended"))
        village = {**kim_event(ELSEWHERE).region.model_dump(), "code": "36.72.01.1001"}
        await running.tell("kims", kim_event(ELSEWHERE, region=village))
        conflict = f"/entries/{places['conflicted']}/conflicts"
        declared = await Contest(running).judge(JUDGES[2]).post(conflict, {"stage": 1})
        assert declared.status_code == 200, declared.text
        for name in ("edited", "seated"):
            places |= await _edited(running, name)
        places |= await _unjudged(running)
        places |= await _past_deadline(running)
        places |= await _second_stage(running)
        places |= await _closing(running)
        places |= await _campaigns(running)
    return Scene(services, scoring, places, _callers())


def _callers() -> dict[str, dict[str, str]]:
    groups = {"group": NEW, "entered": 0, "suspended": SUSPENDED, "elsewhere": ELSEWHERE}
    judges = (*JUDGES, "juri-9")
    return {
        **{name: token("kim", kim_id=f"kim-{number:03}") for name, number in groups.items()},
        "stranger": token("kim", kim_id="nowhere"),
        "no group": token("kim"),
        **{each: token("judge", judge_id=each, sub=f"judge:{each}") for each in judges},
        "voter": token(region=None, sub="warga"),
    }


async def _etag(contest: Contest) -> str:
    return str((await contest.office.get(f"/competitions/{contest.id}")).headers["etag"])


async def _edited(running: Running, name: str) -> dict[str, str]:
    """Nobody has entered, and its judges were changed once."""
    contest = await Contest(running).open()
    path = f"/competitions/{contest.id}/stages/1/judges"
    answer = await contest.office.put(path, {"judges": JUDGES[:2]}, 1)
    assert answer.status_code == 200, answer.text
    return {name: contest.id, f"{name}_etag": answer.headers["etag"]}


async def _unjudged(running: Running) -> dict[str, str]:
    """One group has entered, and has no score."""
    contest = await (await Contest(running).open()).entered([0])
    return {"unjudged": contest.entries[0]}


async def _past_deadline(running: Running) -> dict[str, str]:
    """Neither entries nor first scores are taken any more."""
    contest = await (await Contest(running).open()).entered([0])
    past = utc_now() - AN_HOUR
    await running.database["competitions"].update_one(
        {"_id": contest.id},
        {"$set": {"state.submissions_until": past, "state.stages.0.deadline": past}},
    )
    return {"past": contest.id, "past_entry": contest.entries[0]}


async def _second_stage(running: Running) -> dict[str, str]:
    """Its first stage is closed; one of two entries came to the second."""
    contest = Contest(running)
    await contest.open(contest.stage(qualifying=1), contest.stage(IMPACT))
    await contest.entered(range(2))
    await contest.scored({number: {"kreativitas": 60 + number} for number in range(2)})
    await contest.closed()
    return {
        "second": contest.id,
        "second_etag": await _etag(contest),
        "left": contest.entries[0],
    }


async def _closing(running: Running) -> dict[str, str]:
    """Its closing was begun, and doesn't come to its end."""
    contest = await (await Contest(running).open()).entered([0])
    lease = Lease(running.database, TASK, "nobody", ttl=LONG_SECONDS)
    await eventually(lease.acquire, what="the lease of the closings")
    begun = await contest.close(incomplete_reason="Juri berhalangan.")
    assert begun.status_code == 200, begun.text
    return {
        "closing": contest.id,
        "closing_etag": begun.headers["etag"],
        "closing_entry": contest.entries[0],
    }


async def _campaigns(running: Running) -> dict[str, str]:
    """One that begins tomorrow, and one that is over, its figures final."""
    now = running.clock.now
    ahead = await opened(running, starts_at=(now + A_DAY).isoformat())
    over = await opened(running)
    await running.database["campaigns"].update_one(
        {"_id": over}, {"$set": {"state.ends_at": utc_now() - AN_HOUR}}
    )
    # The first that comes late tells the process so, and is kept as one that doesn't count.
    refused(await vote(voter(running, "late"), over), 409, "campaign-over")

    def final(shown: Any) -> bool:
        return bool(shown["status"] == "final")

    await until_shown(running.public, f"/campaigns/{over}/tally", final)
    return {"ahead": ahead, "over": over}
