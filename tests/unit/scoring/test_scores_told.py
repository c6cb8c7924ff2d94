"""Scores are told again exactly, or not at all."""

from datetime import UTC, datetime, timedelta

from services.scoring.domain.entries import Correction, Entry, Participation, Score
from services.scoring.domain.scores_told import Given, scores_told

START = datetime(2026, 9, 22, 8, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return START + timedelta(minutes=minutes)


def score(judge: str, criterion: str, points: int, minutes: int) -> Score:
    return Score(judge_id=judge, criterion_id=criterion, points=points, scored_at=at(minutes))


def correction(judge: str, criterion: str, before: int, after: int, minutes: int) -> Correction:
    return Correction(
        judge_id=judge,
        criterion_id=criterion,
        before=before,
        after=after,
        reason="misread",
        corrected_at=at(minutes),
    )


def entry(*scores: Score, corrections: tuple[Correction, ...] = ()) -> Entry:
    return Entry(
        entry_id="entry",
        competition_id="competition",
        kim_id="kim",
        region_code="36.71",
        title="t",
        summary="s",
        links=(),
        submitted_at=START,
        stages=(Participation(number=1, scores=scores, corrections=corrections),),
    )


def given(minutes: int, *, corrects: bool = False) -> Given:
    return Given(f"at-{minutes}", at(minutes), corrects)


def words(one: Entry, *decisions: Given) -> tuple[dict[str, dict[str, int]], int]:
    told, untold = scores_told(one, decisions)
    assert all(each.event.scored_at == each.given.at for each in told)
    assert all(each.event.corrects == each.given.corrects for each in told)
    return {each.given.id: each.event.points for each in told}, untold


def test_what_was_never_corrected_is_told_as_it_was() -> None:
    scored = entry(score("a", "x", 7, 1), score("a", "y", 8, 1), score("b", "x", 5, 2))
    assert words(scored, given(1), given(2)) == ({"at-1": {"x": 7, "y": 8}, "at-2": {"x": 5}}, 0)


def test_a_correction_gives_back_what_was_before() -> None:
    scored = entry(
        score("a", "x", 9, 3),
        score("a", "y", 8, 1),
        corrections=(correction("a", "x", 7, 8, 2), correction("a", "x", 8, 9, 3)),
    )
    assert words(scored, given(1), given(2, corrects=True), given(3, corrects=True)) == (
        {"at-1": {"x": 7, "y": 8}, "at-2": {"x": 8}, "at-3": {"x": 9}},
        0,
    )


def test_the_only_submission_without_points_of_its_own_is_the_one() -> None:
    scored = entry(
        score("a", "x", 9, 2), score("b", "x", 4, 3), corrections=(correction("a", "x", 7, 9, 2),)
    )
    assert words(scored, given(1), given(2, corrects=True), given(3)) == (
        {"at-1": {"x": 7}, "at-2": {"x": 9}, "at-3": {"x": 4}},
        0,
    )


def test_what_may_have_been_in_either_is_not_told() -> None:
    in_two_steps = entry(
        score("a", "x", 9, 5),
        score("a", "y", 8, 1),
        score("a", "z", 6, 2),
        corrections=(correction("a", "x", 7, 9, 5),),
    )
    assert words(in_two_steps, given(1), given(2), given(5, corrects=True)) == (
        {"at-5": {"x": 9}},
        2,
    )
    two_judges = entry(
        score("a", "x", 9, 5),
        score("b", "x", 8, 6),
        corrections=(correction("a", "x", 7, 9, 5), correction("b", "x", 3, 8, 6)),
    )
    told, untold = words(
        two_judges, given(1), given(2), given(5, corrects=True), given(6, corrects=True)
    )
    assert (set(told), untold) == ({"at-5", "at-6"}, 2)
