"""Campaigns over HTTP: who opens them, who sees them, what they refuse."""

from datetime import timedelta
from typing import Any

import pytest

from tests.integration.scoring.conftest import Running
from tests.integration.scoring.polls import campaign_body, opened
from tests.support.desk import Desk, refused

pytestmark = pytest.mark.days


async def test_a_campaign_is_opened_once_and_seen_by_anyone(
    scoring: Running, diskominfo: Desk
) -> None:
    body = campaign_body(scoring.clock.now)
    first = await diskominfo.post("/campaigns", body, Idempotency_Key="open-1")
    scoring.clock.forward(hours=23)
    again = await diskominfo.post("/campaigns", body, Idempotency_Key="open-1")
    assert (first.status_code, again.json()) == (201, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"

    path = first.headers["Location"].removeprefix("/v1")
    shown = await scoring.public.get(path)
    assert shown.headers["ETag"] == '"1"'
    assert [option["option_id"] for option in shown.json()["options"]] == [
        "gerendeng",
        "sukasari",
        "cikokol",
    ]
    refused(await scoring.public.get("/campaigns/unknown"), 404, "not-found")

    (decision,) = (await diskominfo.get(f"{path}/decisions")).json()
    assert (decision["command"], decision["actor"]) == ("campaign.open", "diskominfo")
    other_city = scoring.desk("diskominfo", region="18.72")
    refused(await other_city.get(f"{path}/decisions"), 403, "foreign-region")


async def test_a_retry_after_the_end_is_answered_as_the_first_time(
    scoring: Running, diskominfo: Desk
) -> None:
    ends = {"ends_at": (scoring.clock.now + timedelta(hours=1)).isoformat()}
    body = campaign_body(scoring.clock.now, **ends)
    first = await diskominfo.post("/campaigns", body, Idempotency_Key="open-1")
    scoring.clock.forward(hours=2)
    again = await diskominfo.post("/campaigns", body, Idempotency_Key="open-1")
    assert (again.status_code, again.json()) == (201, first.json())
    refused(await diskominfo.post("/campaigns", body), 409, "campaign-over", "#/ends_at")


async def test_the_list_knows_regions(scoring: Running) -> None:
    ids = {code: await opened(scoring, region_code=code) for code in ("36.71", "36.71.07", "18.72")}
    for region, expected in (("36.71", {"36.71", "36.71.07"}), ("18", {"18.72"}), (None, ids)):
        params = {} if region is None else {"region": region}
        page = (await scoring.public.get("/campaigns", **params)).json()
        assert {one["region_code"] for one in page["items"]} == set(expected)
    first = (await scoring.public.get("/campaigns", limit=2)).json()
    second = (await scoring.public.get("/campaigns", cursor=first["next_cursor"])).json()
    seen = [one["id"] for one in first["items"] + second["items"]]
    assert seen == sorted(ids.values())


@pytest.mark.parametrize(
    ("changed", "status", "rule", "pointer"),
    [
        ({"ends_at": "2026-01-01T00:00:00Z"}, 422, "campaign-period-reversed", "#/ends_at"),
        ({"ends_at": "2099-01-01T00:00:00Z"}, 422, "campaign-too-long", "#/ends_at"),
        ({"options": [{"option_id": "a", "label": "A"}]}, 422, "validation", "#/options"),
        (
            {"options": [{"option_id": "a", "label": each} for each in "AB"]},
            422,
            "option-repeated",
            "#/options/1/option_id",
        ),
        ({"interaction_weight": 101}, 422, "validation", "#/interaction_weight"),
        ({"starts_at": "2026-01-01T00:00:00"}, 422, "validation", "#/starts_at"),
        ({"region_code": "18.72"}, 403, "foreign-region", None),
    ],
)
async def test_what_is_refused(
    scoring: Running,
    diskominfo: Desk,
    changed: dict[str, Any],
    status: int,
    rule: str,
    pointer: str | None,
) -> None:
    answer = await diskominfo.post("/campaigns", campaign_body(scoring.clock.now, **changed))
    refused(answer, status, rule, pointer)
    assert await scoring.database["campaigns"].count_documents({}) == 0


async def test_only_diskominfo_opens(scoring: Running) -> None:
    body = campaign_body(scoring.clock.now)
    refused(await scoring.public.post("/campaigns", body), 401, "unauthenticated")
    refused(await scoring.desk("kim", kim_id="k").post("/campaigns", body), 403, "wrong-role")
