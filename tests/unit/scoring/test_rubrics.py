import pytest

from services.scoring.domain import errors
from services.scoring.domain.rubrics import by_importance, check_rubric, judged
from tests.unit.scoring.contests import counted, criterion


def test_a_rubric_of_judged_and_counted_criteria_is_fine() -> None:
    rubric = (criterion(), counted())
    check_rubric(rubric, "/criteria")
    assert [each.criterion_id for each in judged(rubric)] == ["kreativitas"]


def test_criteria_have_names_of_their_own() -> None:
    with pytest.raises(errors.CriterionRepeated) as refusal:
        check_rubric((criterion(), counted(), criterion()), "/criteria")
    assert refusal.value.field == "/criteria/2/id"


@pytest.mark.parametrize("most", [5, 4])
def test_a_scale_goes_up(most: int) -> None:
    with pytest.raises(errors.ScaleReversed) as refusal:
        check_rubric((criterion(scale_min=5, scale_max=most),), "/stages/1/criteria")
    assert refusal.value.field == "/stages/1/criteria/0/scale_max"


def test_what_is_counted_needs_a_formula_and_what_is_judged_has_none() -> None:
    with pytest.raises(errors.CriterionMisdescribed):
        check_rubric((counted(activity=None),), "/criteria")
    with pytest.raises(errors.CriterionMisdescribed):
        check_rubric((criterion(activity=counted().activity),), "/criteria")


def test_equal_weights_keep_the_order_of_the_rubric() -> None:
    rubric = tuple(
        criterion(name, weight=weight) for name, weight in (("a", 1), ("b", 2), ("c", 2))
    )
    assert [each.criterion_id for each in by_importance(rubric)] == ["b", "c", "a"]
