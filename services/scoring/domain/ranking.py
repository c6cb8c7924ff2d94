"""The ranking's rules, computed exactly: no rounding decides who wins.

The total is the weighted mean of the criteria, each as a share of its scale, times 100; a
criterion's points are the mean over the judges who gave some. Where nobody did, the entry has the
fewest. Equal totals are told apart by the tie rule; what is still equal shares its rank, and the
ranks after it are left out (1, 2, 2, 4).

The last stage's ranks come first and those who left earlier follow by the stage they reached, so
an entry's place in the end is its rank in the last stage that it took part in: whoever went on
was ranked before everybody who didn't.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from services.scoring.domain.entries import Participation
from services.scoring.domain.rubrics import CriterionKind, Rubric, by_importance

TIE_RULE = (
    "Equal totals: the higher mean in the criterion of greatest weight, then in the next; equal "
    "weights in the order of the rubric. What is still equal shares its rank, and the ranks after "
    "it are left out."
)
JUDGES = 9
"""The most judges of a stage."""
_SPLITS = lcm(*range(1, JUDGES + 1))
PARTS = 100 * _SPLITS
"""Of a point: every mean of up to nine whole points, or of one in hundredths, is a whole number of
them. So all is reckoned in whole numbers, exactly and fast."""

Hundredths = Mapping[str, Sequence[int]]
"""Points in hundredths, by criterion."""
Parts = Mapping[str, int]
"""Means in parts of a point, by criterion."""


def points_of(criteria: Rubric, part: Participation) -> dict[str, list[int]]:
    """The points of every criterion in hundredths: one a judge, or the one that was counted."""
    points: dict[str, list[int]] = {each.criterion_id: [] for each in criteria}
    for score in part.scores:
        points[score.criterion_id].append(100 * score.points)
    for count in part.counted:
        points[count.criterion_id].append(count.hundredths)
    return points


def means_of(criteria: Rubric, points: Hundredths) -> dict[str, int]:
    """The mean of every criterion's points, in parts; the fewest where there are none.

    Raises ValueError for points that are finer than the order allows for.
    """
    means = {}
    for each in criteria:
        given = points[each.criterion_id]
        mean, rest = divmod(sum(given) * _SPLITS, len(given)) if given else (0, 0)
        if rest:
            raise ValueError(f"more than {JUDGES} judges: {len(given)}")
        means[each.criterion_id] = mean if given else each.scale_min * PARTS
    return means


def total_of(criteria: Rubric, means: Parts) -> Fraction:
    """0 to 100."""
    total, most = _total(criteria, means)
    return Fraction(100 * total, most)


def order_key(criteria: Rubric, means: Parts) -> str:
    """A text that sorts as total and tie rule do, the greatest last: exact, of a fixed width.

    With it the database hands entries over in the order of their ranks, so that ranking needs no
    more memory than a chunk.
    """
    numbers = [_total(criteria, means)]
    for each in by_importance(criteria):
        above_fewest = means[each.criterion_id] - each.scale_min * PARTS
        numbers.append((above_fewest, each.range * PARTS))
    return "-".join(str(number).zfill(len(str(most))) for number, most in numbers)


def _total(criteria: Rubric, means: Parts) -> tuple[int, int]:
    """The weighted sum of the shares, and the most that it may be, in one unit."""
    ranges = lcm(*(each.range for each in criteria))
    total = sum(
        each.weight * (means[each.criterion_id] - each.scale_min * PARTS) * (ranges // each.range)
        for each in criteria
    )
    return total, sum(each.weight for each in criteria) * PARTS * ranges


@dataclass(frozen=True, slots=True)
class Ranker:
    """Gives ranks to entries that come in descending order, chunk after chunk."""

    placed: int = 0
    key: str = ""
    rank: int = 0

    def next(self, key: str) -> "Ranker":
        """With one entry more, whose rank is then `rank`. Raises ValueError out of order."""
        if self.placed and key > self.key:
            raise ValueError("entries must come in descending order")
        shared = self.placed > 0 and key == self.key
        return Ranker(self.placed + 1, key, self.rank if shared else self.placed + 1)


def goes_on(rank: int, qualifying: int | None) -> bool:
    """Whether a rank is within the cut: all who share the last qualifying rank go on."""
    return qualifying is None or rank <= qualifying


def counted(criteria: Rubric) -> Rubric:
    """The criteria that are counted from what groups did."""
    return tuple(each for each in criteria if each.kind is CriterionKind.ACTIVITY)
