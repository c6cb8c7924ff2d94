from datetime import timedelta

import pytest

from services.scoring.domain import errors
from services.scoring.domain.competitions import Closing
from services.scoring.domain.entries import Entry, Participation
from services.scoring.domain.scores import correct_score, declare_conflict, submit_score
from tests.unit.scoring.contests import (
    DEADLINE,
    NOW,
    competition,
    counted,
    criterion,
    entry,
    judging,
    score,
    stage,
)

TWO_STAGES = competition(stage(1), stage(2, criterion("dampak")))


def test_a_judge_scores_and_the_fact_names_nobody_but_the_judge() -> None:
    decision = submit_score(entry(), judging(), {"kreativitas": 84})

    assert decision.state.stages[0].scores == (score("juri-1", 84),)
    assert decision.event is not None
    assert decision.event.model_dump() == {
        "entry_id": "e1",
        "competition_id": "c1",
        "stage": 1,
        "judge_id": "juri-1",
        "points": {"kreativitas": 84},
        "corrects": False,
        "scored_at": NOW,
    }


def test_each_criterion_is_scored_once() -> None:
    contest = competition(stage(1, criterion(), criterion("dampak")))
    scored = entry(score("juri-1", 84), score("juri-2", 70, "dampak"))
    with pytest.raises(errors.AlreadyScored) as refusal:
        submit_score(scored, judging(competition=contest), {"dampak": 1, "kreativitas": 90})
    assert refusal.value.field == "/points/kreativitas"
    more = submit_score(scored, judging(competition=contest), {"dampak": 70})
    assert len(more.state.stages[0].scores) == 3


@pytest.mark.parametrize("points", [-1, 101])
def test_points_lie_on_the_scale(points: int) -> None:
    with pytest.raises(errors.PointsOffScale):
        submit_score(entry(), judging(), {"kreativitas": points})


def test_a_counted_criterion_takes_no_points() -> None:
    contest = competition(stage(1, criterion(), counted()))
    for unknown in ("keaktifan", "lain"):
        with pytest.raises(errors.CriterionUnknown):
            submit_score(entry(), judging(competition=contest), {unknown: 1})


def test_a_correction_leaves_a_trail() -> None:
    scored = entry(score("juri-1", 84), score("juri-2", 60))
    later = judging(now=NOW + timedelta(hours=1))

    decision = correct_score(scored, later, {"kreativitas": 88}, "Tautan baru terbuka.")
    again = correct_score(decision.state, later, {"kreativitas": 86}, "Salah ketik.")

    part = again.state.stages[0]
    assert {(each.judge_id, each.points) for each in part.scores} == {
        ("juri-1", 86),
        ("juri-2", 60),
    }
    assert [(each.before, each.after, each.reason) for each in part.corrections] == [
        (84, 88, "Tautan baru terbuka."),
        (88, 86, "Salah ketik."),
    ]
    assert decision.event is not None
    assert decision.event.model_dump()["corrects"] is True
    assert "Tautan" not in decision.event.model_dump_json()
    assert decision.note is None


def test_a_score_may_be_corrected_after_the_deadline_until_the_stage_closes() -> None:
    scored = entry(score("juri-1", 84))
    late = judging(now=DEADLINE + timedelta(days=1))
    corrected = correct_score(scored, late, {"kreativitas": 88}, "Salah ketik.").state
    assert corrected.stages[0].scores[0].points == 88
    with pytest.raises(errors.DeadlinePassed):
        submit_score(entry(), late, {"kreativitas": 88})
    closing = competition(closing=Closing(stage=1, started_at=late.now))
    with pytest.raises(errors.StageIsClosed):
        ended = judging(now=late.now, competition=closing)
        correct_score(scored, ended, {"kreativitas": 88}, "Salah ketik.")
    with pytest.raises(errors.StageIsClosed):
        sealed = entry(score("juri-1", 84), sealed_stage=1)
        correct_score(sealed, late, {"kreativitas": 88}, "Salah ketik.")


def test_only_what_was_scored_by_oneself_is_corrected() -> None:
    with pytest.raises(errors.NotScoredYet):
        correct_score(entry(score("juri-2", 60)), judging(), {"kreativitas": 88}, "Salah.")


def test_whom_and_when_a_judge_may_not_score() -> None:
    points = {"kreativitas": 50}
    with pytest.raises(errors.ForeignJudge):
        submit_score(entry(), judging("juri-9"), points)
    with pytest.raises(errors.StageUnknown):
        submit_score(entry(), judging(number=2), points)
    with pytest.raises(errors.StageNotOpen):
        submit_score(entry(), judging(number=2, competition=TWO_STAGES), {"dampak": 1})
    submit_score(entry(), judging(now=DEADLINE), points)
    with pytest.raises(errors.DeadlinePassed):
        submit_score(entry(), judging(now=DEADLINE + timedelta(milliseconds=1)), points)


def test_a_sealed_entry_takes_no_score_even_where_the_competition_is_not_known_to_be_closing() -> (
    None
):
    with pytest.raises(errors.StageIsClosed):
        submit_score(entry(sealed_stage=1), judging(), {"kreativitas": 50})


def test_a_closing_that_is_known_of_ends_scoring() -> None:
    closing = competition(closing=Closing(stage=1, started_at=NOW))
    with pytest.raises(errors.StageIsClosed):
        submit_score(entry(), judging(competition=closing), {"kreativitas": 50})


def test_who_left_is_scored_no_more() -> None:
    second = TWO_STAGES.with_stage(stage(1, closed_at=NOW))
    left = entry(sealed_stage=1, ranked_stage=1)
    with pytest.raises(errors.NotQualified):
        submit_score(left, judging(number=2, competition=second), {"dampak": 1})


def declared(given: Entry, stage_number: int | None, judge_id: str = "juri-1") -> Entry:
    return declare_conflict(TWO_STAGES, given, stage_number, judge_id, NOW).state


def test_a_conflicted_judge_is_refused_in_that_stage_or_in_all() -> None:
    one, every = declared(entry(), 1), declared(entry(), None)
    assert not one.is_conflicted("juri-1", 2)
    assert every.is_conflicted("juri-1", 2)
    for conflicted in (one, every):
        with pytest.raises(errors.ConflictDeclared):
            submit_score(conflicted, judging(), {"kreativitas": 50})
        submit_score(conflicted, judging("juri-2"), {"kreativitas": 50})


def test_a_conflict_is_declared_once_before_scoring_and_before_the_seal() -> None:
    with pytest.raises(errors.ConflictDeclared):
        declared(declared(entry(), None), 1)
    with pytest.raises(errors.AlreadyScored):
        declared(entry(score("juri-1", 50)), None)
    with pytest.raises(errors.StageIsClosed):
        declared(entry(sealed_stage=1), 1)
    with pytest.raises(errors.ForeignJudge):
        declared(entry(), None, "juri-9")
    further = entry(
        score("juri-1", 50),
        stages=(Participation(number=1, scores=(score("juri-1", 50),)), Participation(number=2)),
        sealed_stage=1,
        stage=2,
    )
    assert declared(further, None).is_conflicted("juri-1", 2)
