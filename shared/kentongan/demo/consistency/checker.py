"""The consistency check: what clients were promised, held against topics and read models.

Pure and free of I/O, so that the demo and the fault tests judge by the same rules: every
acknowledged command is found exactly once, per aggregate all see one order, no event comes from
nowhere, and every view holds what the topics fold to.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kentongan.demo.consistency.findings import Finding, FindingKind
from kentongan.demo.consistency.journal import Entry, Expectation
from kentongan.demo.consistency.recounting import Recount
from kentongan.demo.consistency.topics import ObservedEvent, TopicReading
from kentongan.demo.consistency.trails import Trail, check_trail

_MISSING = object()


@dataclass(frozen=True, slots=True)
class Held:
    """What a view holds about an aggregate; `fields` by dotted path into the event's data."""

    version: int | None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """A read model, or the owner's own public state, as its HTTP interface shows it.

    `exact` views hold just what the newest event says. An owner is ahead of its events where a
    command publishes none, and may hold aggregates that were never published.
    """

    name: str
    topic: str
    held: Mapping[str, Held]
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Checked:
    """How much was looked at, so that an empty check can't pass for a good one."""

    acknowledged: int
    refused: int
    unanswered: int
    expectations: int
    records: int
    events: int
    repeats: int
    unprompted: int
    """Events that reactions issued: no client was promised them."""
    compared: int
    """Entries of views held against the topics."""
    decisions: int
    """Entries of the owners' trails held against the journal."""
    recounted: Mapping[str, int] = field(default_factory=dict)
    """Single things counted again, by name: votes, scores, awards, webhooks."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The findings, none where all is well."""

    findings: tuple[Finding, ...]
    checked: Checked

    @property
    def good(self) -> bool:
        """Whether nothing was found, though something was looked at."""
        return not self.findings and self.checked.expectations > 0


@dataclass(slots=True)
class _Log:
    """The topics, folded: distinct events in order of first occurrence."""

    events: list[ObservedEvent] = field(default_factory=list)
    newest: dict[tuple[str, str], ObservedEvent] = field(default_factory=dict)
    repeats: int = 0
    findings: list[Finding] = field(default_factory=list)


def check_consistency(
    entries: Iterable[Entry],
    reading: TopicReading,
    views: Sequence[View],
    *,
    trails: Sequence[Trail] = (),
    recounts: Sequence[Recount] = (),
    unprompted: frozenset[str] = frozenset(),
) -> Verdict:
    """Judge a run that has settled. `unprompted` names events that reactions issue, not clients."""
    journal = list(entries)
    log = _fold(reading)
    accepted = [entry for entry in journal if entry.answer is not None and entry.answer.accepted]
    unanswered = [entry for entry in journal if entry.answer is None]
    expectations = [expectation for entry in accepted for expectation in entry.expectations]
    findings = [*log.findings, *_promises(expectations, unanswered, log, unprompted)]
    for view in views:
        findings.extend(_compare(view, log))
    for trail in trails:
        findings.extend(check_trail(trail, journal))
    for recount in recounts:
        findings.extend(recount.findings)
    return Verdict(
        findings=tuple(findings),
        checked=Checked(
            acknowledged=len(accepted),
            refused=len(journal) - len(accepted) - len(unanswered),
            unanswered=len(unanswered),
            expectations=len(expectations),
            records=len(reading.events) + len(reading.broken),
            events=len(log.events),
            repeats=log.repeats,
            unprompted=sum(event.name in unprompted for event in log.events),
            compared=sum(len(view.held) for view in views),
            decisions=sum(len(one) for trail in trails for one in trail.decisions.values()),
            recounted={recount.name: recount.counted for recount in recounts},
        ),
    )


def _fold(reading: TopicReading) -> _Log:
    log = _Log()
    seen: dict[tuple[str, str], ObservedEvent] = {}
    partitions: dict[tuple[str, str], int] = {}
    for where in reading.broken:
        log.findings.append(Finding(FindingKind.BROKEN, "topics", "-", where))
    for event in reading.events:
        aggregate = event.topic, event.key
        first = seen.setdefault(event.identity, event)
        if first is not event:
            log.repeats += 1
            if (first.type, first.key, first.sequence, first.data) != (
                *(event.type, event.key, event.sequence, event.data),
            ):
                log.findings.append(_about(event, FindingKind.DIVERGED, "a repeat differs"))
            continue
        if partitions.setdefault(aggregate, event.partition) != event.partition:
            log.findings.append(_about(event, FindingKind.DISORDERED, "key in two partitions"))
        before = log.newest.get(aggregate)
        if before is not None and before.sequence == event.sequence:
            log.findings.append(
                _about(event, FindingKind.DOUBLED, f"two events with sequence {event.sequence}")
            )
        if before is not None and before.sequence > event.sequence:
            detail = f"sequence {event.sequence} first seen after {before.sequence}"
            log.findings.append(_about(event, FindingKind.DISORDERED, detail))
        else:
            log.newest[aggregate] = event
        log.events.append(event)
    return log


def _promises(
    expectations: Sequence[Expectation],
    unanswered: Sequence[Entry],
    log: _Log,
    unprompted: frozenset[str],
) -> Iterable[Finding]:
    by_key: dict[tuple[str, str], list[ObservedEvent]] = defaultdict(list)
    for event in log.events:
        by_key[event.name, event.key].append(event)
    explained: set[tuple[str, str]] = set()
    for expectation in expectations:
        candidates = by_key[expectation.event, expectation.key]
        matching = [event for event in candidates if _matches(event, expectation)]
        explained.update(event.identity for event in matching)
        if len(matching) != 1:
            kind = FindingKind.DOUBLED if matching else FindingKind.LOST
            detail = f"{expectation.event} found {len(matching)} times, sequence expected: "
            yield Finding(kind, "topics", expectation.key, f"{detail}{expectation.sequence}")
    possible = {(entry.publishes, entry.aggregate) for entry in unanswered if entry.publishes}
    for event in log.events:
        if event.identity in explained or event.name in unprompted:
            continue
        if (event.name, event.key) in possible or (event.name, None) in possible:
            continue
        yield _about(event, FindingKind.UNEXPLAINED, f"{event.name} that no command asked for")


def _matches(event: ObservedEvent, expectation: Expectation) -> bool:
    if expectation.sequence is not None and event.sequence != expectation.sequence:
        return False
    return all(_dig(event.data, path) == value for path, value in expectation.fields.items())


def _compare(view: View, log: _Log) -> Iterable[Finding]:
    newest = {key: event for (topic, key), event in log.newest.items() if topic == view.topic}
    for key, event in newest.items():
        held = view.held.get(key)
        if held is None:
            yield Finding(FindingKind.LOST, view.name, key, f"{event.name} never arrived")
            continue
        if held.version is not None and held.version < event.sequence:
            detail = f"version {held.version}, the topic is at {event.sequence}"
            yield Finding(FindingKind.LOST, view.name, key, detail)
            continue
        if view.exact and held.version is not None and held.version > event.sequence:
            detail = f"version {held.version}, beyond the topic's {event.sequence}"
            yield Finding(FindingKind.UNEXPLAINED, view.name, key, detail)
        for path, value in held.fields.items():
            published = _dig(event.data, path)
            if published != value:
                detail = f"{path} differs from the event of sequence {event.sequence}"
                yield Finding(FindingKind.DIVERGED, view.name, key, detail)
    if view.exact:
        for key in view.held.keys() - newest.keys():
            yield Finding(FindingKind.UNEXPLAINED, view.name, key, "held, but never published")


def _dig(data: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path; a number in it is a place in a list."""
    value: Any = data
    for name in path.split("."):
        if isinstance(value, list):
            value = value[int(name)] if name.isdigit() and int(name) < len(value) else _MISSING
        else:
            value = value.get(name, _MISSING) if isinstance(value, Mapping) else _MISSING
    return value


def _about(event: ObservedEvent, kind: FindingKind, detail: str) -> Finding:
    return Finding(kind, event.topic, event.key, detail)
