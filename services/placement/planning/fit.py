"""How well a study programme fits a group's potentials, from the table in the settings."""

import re
from collections.abc import Iterable
from functools import cached_property

from services.placement.planning.problem import FitTable


class Fit:
    """Looks programmes up by the words in them: "S1 Ilmu Gizi" matches the word "gizi"."""

    def __init__(self, table: FitTable) -> None:
        self._table = {_words(word): points for word, points in sorted(table.items())}
        self._rows: dict[str, dict[str, int]] = {}

    @cached_property
    def highest(self) -> int:
        """The most points that any programme can have."""
        return max((most for row in self._table.values() for most in row.values()), default=0)

    def row(self, programme: str) -> dict[str, int]:
        """A programme's points by potential; where several words match, the best of each."""
        if programme not in self._rows:
            text = _words(programme)
            row: dict[str, int] = {}
            for word, points in self._table.items():
                if word in text:
                    for potential, value in points.items():
                        row[potential] = max(value, row.get(potential, 0))
            self._rows[programme] = dict(sorted(row.items()))
        return self._rows[programme]


def points(row: dict[str, int], potentials: Iterable[str]) -> int:
    """The best single match: a group with many potentials isn't thereby a better one."""
    best = 0
    for potential in potentials:
        best = max(best, row.get(potential, 0))
    return best


def matches(row: dict[str, int], potentials: Iterable[str]) -> list[str]:
    """The potentials that made the points, in order; none where the fit is nil."""
    listed = sorted(potentials)
    best = points(row, listed)
    return [potential for potential in listed if best > 0 and row.get(potential, 0) == best]


def _words(text: str) -> str:
    """Words with a blank before each, so that a match begins at a word's beginning."""
    return "".join(f" {word}" for word in re.findall(r"\w+", text.casefold()))
