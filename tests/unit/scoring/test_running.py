from datetime import datetime, timedelta

import pytest

from services.scoring.domain import errors
from services.scoring.domain.activity import Doings
from services.scoring.domain.awarding import PrizeOffered, award, publish_results
from services.scoring.domain.competitions import Competition, CompetitionStatus
from services.scoring.domain.entries import Entry
from services.scoring.domain.running import (
    assign_judges,
    begin_closing,
    begin_judging,
    change_rubric,
    finish_closing,
    open_competition,
)
from services.scoring.domain.sealing import place, seal
from tests.unit.scoring.contests import (
    DEADLINE,
    JUDGES,
    NOW,
    competition,
    counted,
    criterion,
    entry,
    score,
    stage,
)

TWO = competition(stage(1), stage(2))


def closed(contest: Competition, number: int = 1) -> Competition:
    closing = begin_closing(contest, number, 0, NOW, None).state
    return finish_closing(closing, number, 3, 2, NOW).state


def opened(contest: Competition, now: datetime = NOW) -> Competition:
    return open_competition(contest, now).state


def test_what_a_competition_is_opened_with_must_fit_together() -> None:
    with pytest.raises(errors.PeriodReversed):
        opened(competition(period_end=competition().period_start - timedelta(days=1)))
    with pytest.raises(errors.DeadlinesUnordered) as refusal:
        opened(competition(stage(1), stage(2, deadline=DEADLINE - timedelta(days=1))))
    assert refusal.value.field == "/stages/1/deadline"
    with pytest.raises(errors.DeadlinesUnordered):
        opened(competition(submissions_until=DEADLINE + timedelta(days=1)))
    with pytest.raises(errors.JudgeRepeated):
        opened(competition(stage(1, judges=("a", "b", "a"))))


def test_a_first_stage_that_nobody_could_score_is_not_opened() -> None:
    opened(competition(), now=DEADLINE)
    with pytest.raises(errors.DeadlinePassed) as refusal:
        opened(competition(), now=DEADLINE + timedelta(milliseconds=1))
    assert refusal.value.field == "/stages/0/deadline"


def test_a_rubric_stands_from_the_first_score_on() -> None:
    changed = change_rubric(TWO, 1, (criterion("lain"),)).state
    assert changed.stages[0].criteria == (criterion("lain"),)
    begun = begin_judging(changed, 1, NOW).state
    with pytest.raises(errors.JudgingBegun):
        change_rubric(begun, 1, (criterion(),))
    change_rubric(begun, 2, (criterion("lain"),))


def test_judges_may_come_but_not_go_once_judging_has_begun() -> None:
    assign_judges(TWO, 1, ("x",))
    begun = begin_judging(TWO, 1, NOW).state
    assert assign_judges(begun, 1, (*JUDGES, "x")).state.stages[0].judges == (*JUDGES, "x")
    with pytest.raises(errors.JudgingBegun):
        assign_judges(begun, 1, ("juri-1", "x"))


def test_stages_are_judged_and_closed_in_order() -> None:
    with pytest.raises(errors.StageNotOpen):
        begin_judging(TWO, 2, NOW)
    with pytest.raises(errors.StageNotOpen):
        begin_closing(TWO, 2, 0, NOW, None)
    second = closed(TWO)
    assert second.open_stage is not None
    assert second.open_stage.number == 2
    with pytest.raises(errors.StageIsClosed):
        begin_closing(second, 1, 0, NOW, None)
    with pytest.raises(errors.StageIsClosed):
        change_rubric(second, 1, (criterion(),))
    assert closed(second, 2).open_stage is None


def test_a_closing_under_way_holds_everything_up() -> None:
    closing = begin_closing(TWO, 1, 0, NOW, None).state
    assert closing.status is CompetitionStatus.CLOSING
    with pytest.raises(errors.StageIsClosing):
        begin_closing(closing, 1, 0, NOW, None)
    with pytest.raises(errors.StageIsClosing):
        begin_judging(closing, 1, NOW)
    with pytest.raises(errors.StageIsClosing):
        assign_judges(closing, 1, JUDGES)


def test_missing_scores_need_a_reason_that_stays_inside() -> None:
    with pytest.raises(errors.ScoresMissing) as refusal:
        begin_closing(TWO, 1, 7, NOW, None)
    assert refusal.value.facts == {"missing": 7}
    decision = begin_closing(TWO, 1, 7, NOW, "Juri sakit.")
    assert (decision.note, decision.event) == ("Juri sakit.", None)
    finished = finish_closing(decision.state, 1, 3, 2, NOW)
    assert finished.event is not None
    assert "Juri sakit." not in finished.event.model_dump_json()
    assert not any(judge in finished.event.model_dump_json() for judge in JUDGES)
    with pytest.raises(errors.StageIsClosed):
        finish_closing(finished.state, 1, 3, 2, NOW)


def test_an_entry_is_sealed_once_and_ranked_once() -> None:
    rubric = stage(1, criterion(), counted(), qualifying=1)
    sealed = seal(entry(score("juri-1", 80)), rubric, Doings(contents=2, activities=1)).state
    assert sealed.is_sealed(1)
    assert sealed.stages[0].total == 73.0
    assert sealed.stages[0].counted[0].hundredths == 6250
    with pytest.raises(errors.StageIsClosed):
        seal(sealed, rubric, Doings())
    placed = place(sealed, rubric, 1, last=False).state
    assert (placed.stage, placed.rank, placed.stages[0].qualified) == (2, 1, True)
    assert [part.number for part in placed.stages] == [1, 2]
    with pytest.raises(errors.StageIsClosed):
        place(placed, rubric, 1, last=False)
    left = place(sealed, rubric, 2, last=False).state
    assert (left.stage, left.rank, left.stages[0].qualified) == (1, 2, False)
    assert place(sealed, rubric, 1, last=True).state.stage == 1


def ranked(entry_id: str, rank: int) -> Entry:
    scored = entry(score("juri-1", 100 - rank), entry_id=entry_id, kim_id=f"kim-{entry_id}")
    return place(seal(scored, stage(), Doings()).state, stage(), rank, last=True).state


def test_all_who_share_a_rank_win_its_prize() -> None:
    first, second = ranked("a", 1), ranked("b", 1)
    by_rank = {1: [first, second]}
    prizes = award(
        [PrizeOffered(name="Juara 1", rank=1), PrizeOffered(name="Favorit", entry_id="b")],
        by_rank,
        {"b": second},
    )
    assert [(each.name, each.entry_id, each.rank) for each in prizes] == [
        ("Juara 1", "a", 1),
        ("Juara 1", "b", 1),
        ("Favorit", "b", None),
    ]
    with pytest.raises(errors.RankEmpty):
        award([PrizeOffered(name="Juara 2", rank=2)], by_rank, {})
    with pytest.raises(errors.EntryUnknown):
        award([PrizeOffered(name="Favorit", entry_id="c")], by_rank, {})
    with pytest.raises(errors.TooManyWinners):
        award([PrizeOffered(name="Semua", rank=1)], {1: [first] * 201}, {})


def test_results_are_published_once_every_stage_is_closed() -> None:
    with pytest.raises(errors.StagesOpen):
        publish_results(closed(TWO), (), 0, [], NOW)
    contest = closed(competition())
    decision = publish_results(contest, (), 1, [ranked("a", 1)], NOW)
    assert decision.event is not None
    facts = decision.event.model_dump(mode="json")
    assert (facts["status"], facts["results"]["ranking"][0]["entry_id"]) == ("published", "a")
    with pytest.raises(errors.AlreadyPublished):
        publish_results(decision.state, (), 1, [], NOW)


def test_an_event_lists_as_many_as_it_has_room_for() -> None:
    rubric = [criterion(f"kriteria-{number:02}") for number in range(12)]
    contest = competition(*(stage(number, *rubric) for number in range(1, 7)))
    judges = [f"juri-{number}" for number in range(9)]
    scores = [score(judge, 77, each.criterion_id) for judge in judges for each in rubric]
    given = entry(*scores)
    for number in range(1, 7):
        given = place(
            seal(given, contest.stage(number), Doings()).state, contest.stage(number), 1, last=False
        ).state
        part = given.stages[0].model_copy(update={"number": number + 1})
        given = given.with_participation(part)
        contest = closed(contest, number)
    decision = publish_results(contest, (), 200, [given] * 200, NOW)
    assert decision.event is not None
    assert 0 < len(decision.event.model_dump()["results"]["ranking"]) < 200
    assert len(decision.event.model_dump_json()) < 700_000
