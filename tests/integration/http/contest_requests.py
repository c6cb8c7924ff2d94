"""Good requests to scoring, and what is refused to whoever else sends them."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from kentongan.domain.calendar import day_in
from kentongan.domain.clock import utc_now
from tests.integration.http.group_data import REASON
from tests.integration.http.refusing import Bad
from tests.integration.scoring.contest import CREATIVITY, IMPACT, JUDGES
from tests.integration.scoring.polls import campaign_body
from tests.support.clock import CITY

NOW = utc_now()
TODAY = day_in(CITY, NOW).isoformat()
SOON = (day_in(CITY, NOW) + timedelta(days=3)).isoformat()
LATER = (NOW + timedelta(days=20)).isoformat()

STAGE = {
    "name": "Penilaian",
    "criteria": [CREATIVITY, IMPACT],
    "judges": JUDGES[:2],
    "deadline": LATER,
}
COMPETITION = {
    "title": "Lomba Kampung Digital",
    "region_code": "36.71",
    "period_start": TODAY,
    "period_end": SOON,
    "submissions_until": LATER,
    "stages": [STAGE],
}
RUBRIC, BENCH = {"criteria": [CREATIVITY, IMPACT]}, {"judges": JUDGES[1:]}
WORK = {"title": "Lapak digital", "summary": "Toko bersama."}
SCORE = {"stage": 1, "points": {"kreativitas": 70}}
CORRECTION = {**SCORE, **REASON}
ABSENT = {"incomplete_reason": "Satu juri berhalangan hadir."}
CAMPAIGN = campaign_body(NOW)
CHOICE = {"option_id": "ya"}
SEEN = {"day": TODAY, "platform": "instagram", "option_id": "ya", "count": 250}

OPEN, CALL = "POST /competitions", "POST /campaigns"
RUBRIC_AT = "PUT /competitions/{edited}/stages/1/rubric"
JUDGES_AT = "PUT /competitions/{edited}/stages/1/judges"
ENTER = "POST /competitions/{judged}/entries"
CLOSE = "POST /competitions/{judged}/stages/1/closing"
AWARD = "POST /competitions/{closed}/results"
MARK = "POST /entries/{scored}/scores"
CORRECT = "POST /entries/{scored}/scores/corrections"
DECLARE = "POST /entries/{entry}/conflicts"
VOTE = "POST /campaigns/{campaign}/votes"
RECORD = "POST /campaigns/{campaign}/interactions"
EDITED = {"If-Match": "{edited_etag}"}

_ID = re.compile(r"\{\w+\}")


def stages(*changed: dict[str, Any]) -> dict[str, Any]:
    """A competition with these stages."""
    return {**COMPETITION, "stages": [{**STAGE, **each} for each in changed]}


def bad_for_the_office(request: str, body: Any = None) -> Iterator[Bad]:
    """Of what diskominfo alone may ask for, in its own region."""
    headers = EDITED if request.startswith("PUT") else {}

    def bad(what: str, caller: str, status: int, rule: str, at: str | None = None) -> Bad:
        name = f"{what}: {request}"
        return Bad(name, request, status, rule, at, body=body, caller=caller, headers=headers)

    yield bad("foreign region", "foreign", 403, "foreign-region")
    yield bad("wrong role", "group", 403, "wrong-role")
    yield bad("no token", "nobody", 401, "unauthenticated", "Authorization")
    if _ID.search(request):
        unknown = _ID.sub("nowhere", request)
        yield Bad(f"unknown: {request}", unknown, 404, "not-found", body=body, headers=headers)


def bad_for_judges(request: str, body: dict[str, Any]) -> Iterator[Bad]:
    """Of a command that a judge of the stage alone may give, about an entry."""

    def bad(what: str, caller: str, status: int, rule: str, **changed: Any) -> Bad:
        sent = {**body, **changed}
        return Bad(f"{what}: {request}", request, status, rule, body=sent, caller=caller)

    yield bad("wrong role", "office", 403, "wrong-role")
    yield bad("no token", "nobody", 401, "unauthenticated")
    yield bad("a judge of nothing", "judge", 403, "foreign-judge")
    yield bad("another's judge", "juri-9", 403, "foreign-judge")
    yield bad("no such stage", "juri-1", 404, "stage-unknown", stage=6)
    unknown = _ID.sub("nowhere", request)
    yield Bad(f"unknown: {request}", unknown, 404, "not-found", body=body, caller="juri-1")
    closed = _ID.sub("{left}", request)
    yield Bad(f"closed: {request}", closed, 409, "stage-closed", body=body, caller="juri-1")


def bad_for_others() -> Iterator[Bad]:
    """Whatever diskominfo or judges alone may ask for."""
    for request, body in (
        (OPEN, COMPETITION),
        (RUBRIC_AT, RUBRIC),
        (JUDGES_AT, BENCH),
        (CLOSE, ABSENT),
        (AWARD, {}),
        (CALL, CAMPAIGN),
        (RECORD, SEEN),
        ("GET /competitions/{judged}/stages/1/progress", None),
        ("GET /competitions/{judged}/decisions", None),
        ("GET /campaigns/{campaign}/decisions", None),
        ("GET /campaigns/{campaign}/suggestions", None),
    ):
        yield from bad_for_the_office(request, body)
    for request, sent in ((MARK, SCORE), (CORRECT, CORRECTION), (DECLARE, {"stage": 1})):
        yield from bad_for_judges(request, sent)
