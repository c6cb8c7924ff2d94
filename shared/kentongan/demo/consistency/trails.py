"""The owner's trail of decisions against the journal: commands without an event count too."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kentongan.demo.consistency.findings import Finding, FindingKind
from kentongan.demo.consistency.journal import Entry

Decided = tuple[int, str]
"""The version that a decision led to, and the command's name."""


@dataclass(frozen=True, slots=True)
class Trail:
    """Who-decided-what of some aggregates, as their owner's query tells it.

    `complete` says that nobody but the journal's clients commands these aggregates.
    """

    name: str
    decisions: Mapping[str, Sequence[Decided]]
    complete: bool = True


def check_trail(trail: Trail, journal: Sequence[Entry]) -> Iterable[Finding]:
    """Every acknowledged command stands in the trail once, under the version it was told."""
    expected: dict[str, set[Decided]] = defaultdict(set)
    possible: dict[str, set[str]] = defaultdict(set)
    for entry in journal:
        if entry.answer is None and entry.aggregate is not None:
            possible[entry.aggregate].add(entry.name)
        elif entry.answer is not None and entry.answer.accepted and entry.answer.aggregate:
            expected[entry.answer.aggregate].add((entry.answer.version or 0, entry.name))
    for aggregate, decisions in trail.decisions.items():
        found = Counter(decisions)
        for version, name in sorted(expected[aggregate] - found.keys()):
            detail = f"{name}, acknowledged with version {version}, is not in the trail"
            yield Finding(FindingKind.LOST, trail.name, aggregate, detail)
        for (version, name), count in found.items():
            if count > 1:
                detail = f"{name} stands {count} times under version {version}"
                yield Finding(FindingKind.DOUBLED, trail.name, aggregate, detail)
            unknown = (version, name) not in expected[aggregate]
            if trail.complete and unknown and name not in possible[aggregate]:
                detail = f"{name}, version {version}, that no client was told of"
                yield Finding(FindingKind.UNEXPLAINED, trail.name, aggregate, detail)
