"""Sums that must agree do, and each way in which they could differ is found."""

from typing import Any

import pytest

from kentongan.demo.consistency.findings import FindingKind
from kentongan.demo.consistency.journal import Answer, Entry, Expectation
from kentongan.demo.consistency.recounting import (
    Recount,
    recount_awards,
    recount_notices,
    recount_reach,
    recount_scores,
    recount_votes,
    recount_webhooks,
)
from kentongan.demo.consistency.topics import ObservedEvent, TopicReading
from tests.unit.demo.consistency import NOW, check, fact, published

DAY = "2026-09-22"


def kinds(recount: Recount) -> list[FindingKind]:
    return [finding.kind for finding in recount.findings]


def reading(*events: ObservedEvent) -> TopicReading:
    return TopicReading(events, ())


def vote(vote_id: str, option: str = "a") -> ObservedEvent:
    data = {"vote_id": vote_id, "campaign_id": "c", "option_id": option, "day": DAY}
    return fact("scoring.votes", "VoteCast", vote_id, **data)


def cast(vote_id: str, option: str = "a", *, status: int = 201) -> Entry:
    promised = Expectation("VoteCast", vote_id, 1, {"campaign_id": "c", "option_id": option})
    answer = Answer(status, vote_id, 1, None, 1, 4.0, replayed=False, at=NOW.isoformat())
    path = "/v1/campaigns/c/votes"
    entry = Entry(vote_id, "vote.cast", "POST", path, None, "VoteCast", NOW.isoformat(), answer)
    entry.expectations = (promised,) if answer.accepted else ()
    return entry


def test_votes_agree_whoever_repeats_an_event_or_a_vote() -> None:
    journal = [cast("1"), cast("2", "b"), cast("3", status=409)]
    recount = recount_votes(
        journal,
        reading(vote("1"), vote("2", "b"), vote("1")),
        {("c", "a", DAY): 1, ("c", "b", DAY): 1},
    )
    assert (kinds(recount), recount.counted) == ([], 2)


@pytest.mark.parametrize(
    ("events", "tally", "kind"),
    [
        ((vote("1"),), {("c", "a", DAY): 2}, FindingKind.DIVERGED),
        ((vote("1"),), {}, FindingKind.DIVERGED),
        ((vote("1"),), {("c", "a", "2026-09-21"): 1}, FindingKind.DIVERGED),
        ((), {}, FindingKind.LOST),
        ((vote("1"), vote("2")), {("c", "a", DAY): 2}, FindingKind.DOUBLED),
    ],
)
def test_a_tally_that_differs_is_found(
    events: tuple[ObservedEvent, ...], tally: dict[tuple[str, str, str], int], kind: FindingKind
) -> None:
    assert kind in kinds(recount_votes([cast("1")], reading(*events), tally))


def score(judge: str, sequence: int, *, stage: int = 1, **points: int) -> ObservedEvent:
    return fact(
        "scoring.scores",
        "ScoreSubmitted",
        "e",
        sequence,
        stage=stage,
        judge_id=judge,
        points=points,
    )


def results(
    points: list[float], total: float, *, entries: int = 1, contents: int = 2
) -> ObservedEvent:
    formula = {"per_content": 5, "per_activity": 2, "target": 32}
    karya = {"criterion_id": "karya", "kind": "judged", "weight": 3, "activity": None}
    aktif = {"criterion_id": "aktif", "kind": "activity", "weight": 1, "activity": formula}
    rubric: list[dict[str, Any]] = [
        {**karya, "scale_min": 0, "scale_max": 100},
        {**aktif, "scale_min": 0, "scale_max": 50},
    ]
    doings = {"contents": contents, "activities": 3}
    counted = [
        {"criterion_id": "karya", "points": points, "mean": 0.0},
        {"criterion_id": "aktif", "points": [25.0], "mean": 25.0, "counted": doings},
    ]
    stage = {"number": 1, "rank": 1, "total": total, "criteria": counted}
    prize = {"name": "Juara 1", "entry_id": "e", "kim_id": "k", "rank": 1}
    return fact(
        *("scoring.competitions", "ResultsPublished", "l", 9),
        stages=[{"number": 1, "criteria": rubric}],
        results={
            "entries": entries,
            "ranking": [{"rank": 1, "entry_id": "e", "kim_id": "k", "stages": [stage]}],
            "prizes": [prize],
        },
    )


def test_a_result_is_recomputed_from_scores_and_their_corrections() -> None:
    given = (score("x", 2, karya=90), score("y", 3, karya=70), score("x", 4, karya=80))
    recount = recount_scores(reading(*given, results([70, 80], 68.75)))
    assert (kinds(recount), recount.counted) == ([], 3)


@pytest.mark.parametrize(
    "event",
    [
        results([70, 90], 72.5),
        results([70], 65.0),
        results([70, 80], 68.0),
        results([70, 80], 68.75, contents=3),
    ],
    ids=[
        "a correction is missing",
        "a score is missing",
        "the total is another",
        "the count is another",
    ],
)
def test_a_result_that_does_not_follow_from_the_scores_is_found(event: ObservedEvent) -> None:
    given = (score("x", 2, karya=90), score("y", 3, karya=70), score("x", 4, karya=80))
    assert kinds(recount_scores(reading(*given, event))) == [FindingKind.DIVERGED]


def test_where_nobody_gave_points_the_entry_has_the_fewest() -> None:
    assert kinds(recount_scores(reading(results([], 12.5)))) == []


def test_a_scored_entry_that_is_not_ranked_is_lost() -> None:
    forgotten = fact(
        *("scoring.scores", "ScoreSubmitted", "other", 2),
        **{"stage": 1, "judge_id": "x", "points": {"karya": 50}},
    )
    events = (score("x", 2, karya=80), forgotten, results([80], 72.5))
    assert kinds(recount_scores(reading(*events))) == [FindingKind.LOST]


AWARD = {"competition_id": "l", "competition": "Lomba", "prize": "Juara 1", "rank": 1}


def test_every_prize_stands_on_its_groups_page_once() -> None:
    event = reading(results([], 50))
    assert kinds(recount_awards(event, {"k": [AWARD]})) == []
    assert kinds(recount_awards(event, {"k": []})) == [FindingKind.LOST]
    assert kinds(recount_awards(event, {"k": [AWARD, AWARD]})) == [FindingKind.UNEXPLAINED]
    moved = recount_awards(event, {"other": [AWARD]})
    assert kinds(moved) == [FindingKind.LOST, FindingKind.UNEXPLAINED]


def content(name: str, sequence: int, edition: int, **reach: int) -> ObservedEvent:
    told = {"edition": edition, **reach} if reach else None
    return fact("broadcast.contents", name, "c", sequence, edition=edition, reach=told)


def test_the_reach_of_an_edition_is_published_once_with_its_figures() -> None:
    published_, delivered = (
        content("ContentPublished", 1, 1),
        content("ContentDelivered", 2, 1, delivered=9, failed=1),
    )
    counted = {"c": {"delivered": 9, "failed": 1}}
    assert kinds(recount_reach(reading(published_, delivered), counted)) == []
    assert kinds(recount_reach(reading(published_), counted)) == [FindingKind.LOST]
    corrected = content("ContentCorrected", 3, 2)
    assert kinds(recount_reach(reading(published_, delivered, corrected), {})) == [FindingKind.LOST]
    again = content("ContentDelivered", 3, 1, delivered=9, failed=1)
    twice = recount_reach(reading(published_, delivered, again), counted)
    assert kinds(twice) == [FindingKind.DOUBLED]
    other = recount_reach(reading(published_, delivered), {"c": {"delivered": 8}})
    assert kinds(other) == [FindingKind.DIVERGED]


def test_every_active_assignment_has_its_notice_in_the_groups_inbox() -> None:
    assert kinds(recount_notices({"e": "k"}, {"k": ["e", "earlier"]})) == []
    assert kinds(recount_notices({"e": "k"}, {"k": [], "other": ["e"]})) == [FindingKind.LOST]


def test_what_is_called_delivered_was_received_and_nothing_else_was() -> None:
    books = [{"id": "1", "status": "delivered"}, {"id": "2", "status": "failed"}]
    assert kinds(recount_webhooks(books, ["1"], 0)) == []
    assert kinds(recount_webhooks(books, ["1", "2"], 0)) == []
    assert kinds(recount_webhooks(books, [], 0)) == [FindingKind.LOST]
    assert kinds(recount_webhooks(books, ["1", "3"], 0)) == [FindingKind.UNEXPLAINED]
    assert kinds(recount_webhooks(books, ["1"], 1)) == [FindingKind.BROKEN]


def test_a_recount_that_finds_something_makes_the_verdict_bad() -> None:
    bad = recount_awards(reading(results([], 50)), {})
    verdict = check([], [published("a", 5)], recounts=(bad,))
    assert bad.findings[0] in verdict.findings
    assert verdict.checked.recounted == {"awards": 1}
