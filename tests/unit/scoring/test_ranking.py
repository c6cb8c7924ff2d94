"""The ranking's rules, compared with plain sums over fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scoring.domain.entries import ActivityCount, Participation
from services.scoring.domain.ranking import (
    PARTS,
    Ranker,
    goes_on,
    means_of,
    order_key,
    points_of,
    total_of,
)
from services.scoring.domain.rubrics import Criterion, by_importance
from tests.unit.scoring.contests import counted, criterion, score


@st.composite
def rubrics(draw: st.DrawFn) -> tuple[Criterion, ...]:
    drawn = []
    for number in range(draw(st.integers(1, 4))):
        least = draw(st.integers(0, 20))
        drawn.append(
            criterion(
                f"c{number}",
                weight=draw(st.integers(1, 100)),
                scale_min=least,
                scale_max=least + draw(st.integers(1, 110)),
            )
        )
    return tuple(drawn)


@st.composite
def contests(draw: st.DrawFn) -> tuple[tuple[Criterion, ...], list[dict[str, list[int]]]]:
    """A rubric, and the points (in hundredths) that some entries were given under it."""
    rubric = draw(rubrics())
    entries = []
    for _ in range(draw(st.integers(1, 12))):
        points = {}
        for each in rubric:
            # Few distinct points, so that entries are equal often.
            some = st.integers(each.scale_min, min(each.scale_max, each.scale_min + 2))
            points[each.criterion_id] = [100 * value for value in draw(st.lists(some, max_size=9))]
        entries.append(points)
    return rubric, entries


def standing(rubric: tuple[Criterion, ...], points: dict[str, list[int]]) -> list[Fraction]:
    """What an entry is compared by, said plainly: the total, then criterion by criterion."""
    means = {
        each.criterion_id: Fraction(sum(some), 100 * len(some))
        if (some := points[each.criterion_id])
        else Fraction(each.scale_min)
        for each in rubric
    }
    weights = sum(each.weight for each in rubric)
    total = Fraction(0)
    for each in rubric:
        share = (means[each.criterion_id] - each.scale_min) / (each.scale_max - each.scale_min)
        total += Fraction(each.weight, weights) * share
    return [total * 100, *(means[each.criterion_id] for each in by_importance(rubric))]


@given(contests())
def test_the_order_key_sorts_as_total_and_tie_rule_do(
    contest: tuple[tuple[Criterion, ...], list[dict[str, list[int]]]],
) -> None:
    rubric, entries = contest
    plain = [standing(rubric, points) for points in entries]
    keys = [order_key(rubric, means_of(rubric, points)) for points in entries]
    for one, its_key in zip(plain, keys, strict=True):
        for other, other_key in zip(plain, keys, strict=True):
            assert (one < other) == (its_key < other_key)
            assert (one == other) == (its_key == other_key)
    assert len({len(key) for key in keys}) == 1


@given(contests())
def test_ranks_count_those_who_are_better(
    contest: tuple[tuple[Criterion, ...], list[dict[str, list[int]]]],
) -> None:
    rubric, entries = contest
    keys = sorted((order_key(rubric, means_of(rubric, points)) for points in entries), reverse=True)
    ranker, ranks = Ranker(), []
    for key in keys:
        ranker = ranker.next(key)
        ranks.append(ranker.rank)
    assert ranks == [1 + sum(other > key for other in keys) for key in keys]


@given(contests())
def test_a_total_lies_between_nothing_and_a_hundred(
    contest: tuple[tuple[Criterion, ...], list[dict[str, list[int]]]],
) -> None:
    rubric, entries = contest
    for points in entries:
        means = means_of(rubric, points)
        assert 0 <= total_of(rubric, means) <= 100
        assert total_of(rubric, means) == standing(rubric, points)[0]


@given(st.integers(1, 40), st.lists(st.integers(0, 5), min_size=1, max_size=40))
def test_a_cut_leaves_nobody_behind_who_shares_the_last_rank(
    qualifying: int, points: list[int]
) -> None:
    ranks = {value: 1 + sum(other > value for other in points) for value in points}
    on = [value for value in points if goes_on(ranks[value], qualifying)]
    out = [value for value in points if not goes_on(ranks[value], qualifying)]
    assert len(on) >= min(qualifying, len(points))
    assert not on or not out or min(on) > max(out)
    if len(on) > qualifying:
        assert sum(value > min(on) for value in points) < qualifying


def test_all_go_on_without_a_cut() -> None:
    assert goes_on(1_000, None)


def test_a_third_of_a_point_is_enough_to_win() -> None:
    rubric = (criterion("a", weight=1), criterion("b", weight=1, scale_max=7))
    better = {"a": [8000, 8000, 8100], "b": [300]}
    worse = {"a": [8000, 8000, 8000], "b": [300]}
    assert order_key(rubric, means_of(rubric, better)) > order_key(rubric, means_of(rubric, worse))


def test_equal_totals_are_told_apart_by_the_heavier_criterion() -> None:
    rubric = (criterion("light", weight=40), criterion("heavy", weight=60))
    first = {"light": [4000], "heavy": [6000]}
    second = {"light": [7000], "heavy": [4000]}
    means = [means_of(rubric, points) for points in (first, second)]
    assert total_of(rubric, means[0]) == total_of(rubric, means[1])
    assert order_key(rubric, means[0]) > order_key(rubric, means[1])


def test_counted_points_take_part_in_hundredths() -> None:
    rubric = (criterion(), counted())
    part = Participation(
        number=1,
        scores=(score("juri-1", 80), score("juri-2", 85)),
        counted=(
            ActivityCount(criterion_id="keaktifan", contents=1, activities=0, hundredths=3333),
        ),
    )
    means = means_of(rubric, points_of(rubric, part))
    assert means == {"kreativitas": PARTS * 165 // 2, "keaktifan": PARTS * 3333 // 100}
    assert float(round(total_of(rubric, means), 4)) == 62.832


def test_entries_out_of_order_are_a_defect() -> None:
    with pytest.raises(ValueError, match="descending"):
        Ranker().next("1").next("2")


def test_more_judges_than_the_order_allows_for_are_a_defect() -> None:
    with pytest.raises(ValueError, match="judges"):
        means_of((criterion(),), {"kreativitas": [100] * 10 + [200]})
