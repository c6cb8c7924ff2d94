"""Figures counted again from what lies in the topics, and held against what services publish.

Pure, like the checker. Views compare aggregate by aggregate; here it is sums that must agree:
votes and their tally, scores and the result, prizes and awards, webhooks sent and received.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from kentongan.demo.consistency.findings import Finding, FindingKind
from kentongan.demo.consistency.journal import Entry
from kentongan.demo.consistency.topics import TopicReading

CLOSE_ENOUGH = 0.001
"""Of a total of 0 to 100: published points and totals are rounded to 4 places."""


@dataclass(frozen=True, slots=True)
class Recount:
    """How many single things were counted again, and what did not agree."""

    name: str
    """votes, scores, awards, reach, notices, webhooks."""
    counted: int
    findings: tuple[Finding, ...]


Choice = tuple[str, str, str]
"""Campaign, option, day (ISO)."""


def recount_votes(
    entries: Iterable[Entry], reading: TopicReading, tally: Mapping[Choice, int]
) -> Recount:
    """Votes acknowledged, votes on the topic and votes of the tally: one figure a choice."""
    events = [event.data for event in reading.distinct("scoring.votes")]
    published = Counter((one["campaign_id"], one["option_id"], one["day"]) for one in events)
    promised = Counter(
        (str(expectation.fields["campaign_id"]), str(expectation.fields["option_id"]))
        for entry in entries
        if entry.answer is not None and entry.answer.accepted
        for expectation in entry.expectations
        if expectation.event == "VoteCast"
    )
    found: list[Finding] = []
    for choice in sorted({*published, *tally}):
        events_of, shown = published[choice], tally.get(choice, 0)
        if events_of != shown:
            detail = f"{choice[1:]}: {events_of} events, {shown} in the tally"
            found.append(Finding(FindingKind.DIVERGED, "scoring: tally", choice[0], detail))
    by_option: Counter[tuple[str, str]] = Counter()
    for (campaign, option, _day), count in published.items():
        by_option[campaign, option] += count
    for campaign, option in sorted({*by_option, *promised}):
        events_of, votes_of = by_option[campaign, option], promised[campaign, option]
        if events_of != votes_of:
            kind = FindingKind.LOST if events_of < votes_of else FindingKind.DOUBLED
            detail = f"{option}: {votes_of} votes acknowledged, {events_of} events"
            found.append(Finding(kind, "scoring.votes", campaign, detail))
    return Recount("votes", len(events), tuple(found))


def recount_scores(reading: TopicReading) -> Recount:
    """The published results, recomputed from the scores that were submitted, as anyone may.

    Activity points are made anew from the counts and the formula in the result itself.
    """
    given: dict[tuple[str, int, str], dict[str, int]] = defaultdict(dict)
    for event in reading.distinct("scoring.scores"):
        points: Mapping[str, int] = event.data["points"]
        for criterion, value in points.items():
            place = event.key, int(event.data["stage"]), criterion
            given[place][event.data["judge_id"]] = value
    found: list[Finding] = []
    counted = 0
    for event in reading.distinct("scoring.competitions"):
        if event.name != "ResultsPublished":
            continue
        rubrics = {stage["number"]: stage["criteria"] for stage in event.data["stages"]}
        ranking = event.data["results"]["ranking"]
        for ranked in ranking:
            for stage in ranked["stages"]:
                rubric = rubrics[stage["number"]]
                counted += sum(len(one["points"]) for one in stage["criteria"])
                found.extend(_stage_findings(ranked["entry_id"], stage, rubric, given))
        if len(ranking) == event.data["results"]["entries"]:
            scored = {entry for entry, _stage, _criterion in given}
            for entry in sorted(scored - {ranked["entry_id"] for ranked in ranking}):
                detail = "scored, but not in the ranking"
                found.append(Finding(FindingKind.LOST, "scoring: results", entry, detail))
    return Recount("scores", counted, tuple(found))


def _stage_findings(
    entry: str,
    stage: Mapping[str, Any],
    rubric: Sequence[Mapping[str, Any]],
    given: Mapping[tuple[str, int, str], Mapping[str, int]],
) -> Iterable[Finding]:
    where, number = "scoring: results", stage["number"]
    published = {one["criterion_id"]: one for one in stage["criteria"]}
    weighed, weights = 0.0, 0
    for criterion in rubric:
        name = criterion["criterion_id"]
        result = published.get(name, {"points": []})
        points = result["points"]
        if criterion["kind"] == "activity":
            earned = _earned(criterion, result.get("counted"))
            if points != [earned]:
                detail = f"stage {number}, {name}: its count makes {earned}, not {points}"
                yield Finding(FindingKind.DIVERGED, where, entry, detail)
        else:
            submitted = sorted(given.get((entry, number, name), {}).values())
            if [float(point) for point in submitted] != [float(point) for point in points]:
                detail = f"stage {number}, {name}: {submitted} submitted, {points} in the result"
                yield Finding(FindingKind.DIVERGED, where, entry, detail)
        lowest, highest = criterion["scale_min"], criterion["scale_max"]
        mean = sum(points) / len(points) if points else lowest
        weighed += criterion["weight"] * (mean - lowest) / (highest - lowest)
        weights += criterion["weight"]
    total = 100 * weighed / weights
    if abs(total - stage["total"]) > CLOSE_ENOUGH:
        detail = f"stage {number}: its points make {total:.4f}, not {stage['total']}"
        yield Finding(FindingKind.DIVERGED, where, entry, detail)


def _earned(criterion: Mapping[str, Any], counted: Mapping[str, int] | None) -> float | None:
    """The points that a group's doings make by the published formula; none without a count."""
    formula = criterion.get("activity")
    if formula is None or counted is None:
        return None
    doings = counted["contents"] * formula["per_content"]
    doings += counted["activities"] * formula["per_activity"]
    lowest, highest = criterion["scale_min"], criterion["scale_max"]
    share = min(Fraction(1), Fraction(doings, formula["target"]))
    hundredths: int = round(100 * (lowest + (highest - lowest) * share))
    return hundredths / 100


def recount_awards(
    reading: TopicReading, awards: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Recount:
    """Every prize that was published stands on its group's page, and no other does."""
    prizes: Counter[tuple[str, str, str, int | None]] = Counter()
    competitions = set()
    for event in reading.distinct("scoring.competitions"):
        if event.name == "ResultsPublished":
            competitions.add(event.key)
            for prize in event.data["results"]["prizes"]:
                prizes[prize["kim_id"], event.key, prize["name"], prize["rank"]] += 1
    shown = Counter(
        (kim_id, award["competition_id"], award["prize"], award["rank"])
        for kim_id, listed in awards.items()
        for award in listed
    )
    found = [
        Finding(FindingKind.LOST, "registry: awards", kim_id, f"{prize} is not shown")
        for kim_id, _competition, prize, _rank in prizes - shown
    ]
    found += [
        Finding(FindingKind.UNEXPLAINED, "registry: awards", kim_id, f"{prize} was not published")
        for kim_id, _competition, prize, _rank in shown - prizes
    ]
    return Recount("awards", prizes.total(), tuple(found))


def recount_reach(reading: TopicReading, reaches: Mapping[str, Mapping[str, int]]) -> Recount:
    """Every newest edition's reach was published once, with the figures of its deliveries.

    `reaches` by content, as broadcast counts them now: delivered, failed, cancelled, late, groups.
    """
    newest: dict[str, int] = {}
    told: dict[tuple[str, int], list[Mapping[str, int]]] = defaultdict(list)
    for event in reading.distinct("broadcast.contents"):
        newest[event.key] = event.data["edition"]
        if event.name == "ContentDelivered":
            told[event.key, event.data["reach"]["edition"]].append(event.data["reach"])
    found: list[Finding] = []
    for content, edition in newest.items():
        figures = told[content, edition]
        if len(figures) != 1:
            kind = FindingKind.DOUBLED if figures else FindingKind.LOST
            detail = f"the reach of edition {edition} was published {len(figures)} times"
            found.append(Finding(kind, "broadcast: reach", content, detail))
            continue
        for name, value in reaches.get(content, {}).items():
            if figures[0][name] != value:
                detail = f"{name}: {figures[0][name]} published, {value} counted"
                found.append(Finding(FindingKind.DIVERGED, "broadcast: reach", content, detail))
    return Recount("reach", len(newest), tuple(found))


def recount_notices(
    assignments: Mapping[str, str], inboxes: Mapping[str, Sequence[str]]
) -> Recount:
    """Every active assignment (enrolment to group) has its notice in the group's inbox."""
    found = [
        Finding(FindingKind.LOST, "broadcast: inbox", enrolment, f"no notice in that of {kim_id}")
        for enrolment, kim_id in sorted(assignments.items())
        if enrolment not in inboxes.get(kim_id, ())
    ]
    return Recount("notices", sum(len(notices) for notices in inboxes.values()), tuple(found))


def recount_webhooks(
    deliveries: Sequence[Mapping[str, Any]], received: Iterable[str], unverified: int
) -> Recount:
    """What broadcast calls delivered is what the receiver took; its signatures held, every one.

    A delivery that was taken may be failed or cancelled in broadcast's books: the answer that
    took it may have come too late, or not at all.
    """
    taken = set(received)
    known = {one["id"]: one["status"] for one in deliveries}
    found = [
        Finding(FindingKind.LOST, "webhooks", one, "called delivered, but never received")
        for one, status in known.items()
        if status == "delivered" and one not in taken
    ]
    found += [
        Finding(FindingKind.UNEXPLAINED, "webhooks", one, "received, but never planned")
        for one in sorted(taken - known.keys())
    ]
    if unverified:
        detail = f"{unverified} requests whose signature did not hold"
        found.append(Finding(FindingKind.BROKEN, "webhooks", "-", detail))
    return Recount("webhooks", len(known), tuple(found))
