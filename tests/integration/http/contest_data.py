"""Competitions in every standing and a campaign, made over HTTP; groups told to the directory."""

from dataclasses import dataclass, field
from datetime import timedelta

import httpx

from kentongan.domain.clock import utc_now
from kentongan.local.service_process import ServiceProcess
from kentongan.testing.running_services import RunningServices
from tests.integration.scoring.contest import IMPACT, JUDGES, Contest, kim_event
from tests.integration.scoring.processes import at

GROUPS = 6
SHARING = 5
"""Groups that share the first rank of a closed competition."""
JUDGE = JUDGES[0]
GRACE = {"KENTONGAN_SCORING_VOTE_GRACE_SECONDS": "0"}
"""A campaign that is over is counted at once."""


@dataclass
class StoredContests:
    """Ids of what scoring holds."""

    judged: list[str] = field(default_factory=list)
    """Open, with entries, of which some are scored."""
    closed: str = ""
    """Its only stage is closed, and all its entries share the first rank."""
    published: str = ""
    entries: list[str] = field(default_factory=list)
    campaigns: list[str] = field(default_factory=list)


async def store_contests(services: RunningServices, scoring: ServiceProcess) -> StoredContests:
    """Open, judge, close and publish."""
    stored = StoredContests()
    async with (
        services.database("scoring") as database,
        httpx.AsyncClient(trust_env=False, timeout=60) as client,
    ):
        running = at(scoring, database, client)
        for number in range(GROUPS, GROUPS + 20):
            await running.tell("kims", kim_event(number))
        for _ in range(4):
            contest = Contest(running)
            await contest.open(contest.stage(), contest.stage(IMPACT))
            await contest.entered(range(GROUPS))
            await contest.score(0, JUDGE, {"kreativitas": 70})
            stored.judged.append(contest.id)
            stored.entries += contest.entries.values()
        for published in (False, True):
            contest = await Contest(running).open()
            await contest.entered(range(SHARING))
            await contest.scored({number: {"kreativitas": 60} for number in range(SHARING)})
            await contest.closed()
            if published:
                assert (await contest.published()).status_code == 200
                stored.published = contest.id
            else:
                stored.closed = contest.id
        now = utc_now()
        for number in range(3):
            body = {
                "title": f"Kampanye {number}",
                "region_code": "36.71",
                "starts_at": (now - timedelta(days=1)).isoformat(),
                "ends_at": (now + timedelta(days=5)).isoformat(),
                "options": [{"option_id": each, "label": each} for each in ("ya", "tidak")],
            }
            opened = await contest.office.post("/campaigns", body)
            assert opened.status_code == 201, opened.text
            stored.campaigns.append(str(opened.json()["id"]))
    return stored
