"""Publishing again what a service has told, from what it has stored: for topics that were lost.

Through the outboxes, so that order, acknowledgement and retries are the relay's as ever. A state
event is the aggregate's public state of now, under its version of now: who knows it passes it over,
who lost it learns it. A fact is told under the id of the decision that recorded it, so a ledger
that has it keeps it once.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import NAMESPACE_URL, uuid4, uuid5

from pydantic import BaseModel

from kentongan.contracts.event import Event, Topic
from kentongan.domain import CommandContext
from kentongan.storage import outbox
from kentongan.storage.aggregates.document import DecisionEntry
from kentongan.storage.aggregates.republishing import Republishing, WithDecisions
from kentongan.storage.aggregates.store import AggregateStore
from kentongan.storage.driver import Database, Document

S = TypeVar("S", bound=BaseModel)
TRIES = 20
PAUSE_SECONDS = 0.5
"""Between two looks at aggregates that were busy: within this the relay clears what waits."""
_IDS = uuid5(NAMESPACE_URL, "urn:kentongan:republished")


@dataclass(frozen=True, slots=True)
class Told:
    """An event that the stored aggregate tells once more."""

    event: Event
    decision: DecisionEntry | None = None
    """Of a fact: what recorded it. A state needs none: it is that of now."""


@dataclass(slots=True)
class Telling:
    """All that one aggregate tells, in the order of its decisions; and facts that it can't."""

    events: list[Told] = field(default_factory=list)
    untold: int = 0
    """Facts whose exact words, or the decision they belong to, are not kept."""


Tell = Callable[[S, Sequence[DecisionEntry]], Awaitable[Telling]]


@dataclass(frozen=True, slots=True)
class Retelling(Generic[S]):
    """How the aggregates of one store tell again what `topics` held."""

    store: AggregateStore[S]
    state: type[S]
    topics: tuple[Topic, ...]
    tell: Tell[S]


@dataclass(slots=True)
class Republished:
    """What became of a run."""

    run: str
    events: Counter[str] = field(default_factory=Counter)
    """By topic, handed to the relay."""
    untold: Counter[str] = field(default_factory=Counter)
    """By topic, facts that can't be told exactly."""
    busy: list[str] = field(default_factory=list)
    """Keys of aggregates that had no quiet moment."""
    aggregates: int = 0


class Republisher:
    """Goes over a service's aggregates. The service may run; run it again as often as you like."""

    def __init__(
        self, database: Database, retellings: Sequence[Retelling[Any]], command: CommandContext
    ) -> None:
        self._database = database
        self._retellings = retellings
        self._command = command
        self._run = f"republish:{uuid4()}"

    async def run(self, only: str | None = None) -> Republished:
        """Hand everything, or one aggregate, to the relay. Raises StorageError."""
        report = Republished(self._run)
        for retelling in self._retellings:
            source = self._source(retelling)
            async for page in source.pages(only):
                await self._page(retelling, source, page, report)
        return report

    async def waiting(self) -> int:
        """How many aggregates of this run the relay has still to publish."""
        counts = [await self._source(one).waiting(self._run) for one in self._retellings]
        return sum(counts)

    def _source(self, retelling: Retelling[Any]) -> Republishing[Any]:
        return Republishing(self._database, retelling.store.name, retelling.state)

    async def _page(
        self,
        retelling: Retelling[Any],
        source: Republishing[Any],
        page: list[WithDecisions[Any]],
        report: Republished,
    ) -> None:
        for attempt in range(TRIES):
            if attempt:
                await asyncio.sleep(PAUSE_SECONDS)
                page = await source.again([one.stored.id for one in page])
            tellings: dict[str, Telling] = {}
            entries: dict[str, tuple[int, list[Document]]] = {}
            for one in page:
                telling = await retelling.tell(one.stored.state, one.decisions)
                tellings[one.stored.id] = telling
                if telling.events and not one.waits:
                    told = [self._entry(one, each) for each in telling.events]
                    entries[one.stored.id] = (one.stored.version, told)
            landed = await source.hand_over(entries, self._command.now, self._run)
            done = {key for key, telling in tellings.items() if not telling.events or key in landed}
            for key in done:
                _count(report, retelling, tellings[key])
            page = [one for one in page if one.stored.id not in done]
            if not page:
                return
        report.busy += [one.stored.id for one in page]

    def _entry(self, one: WithDecisions[Any], told: Told) -> Document:
        event_id, sequence, time = _identity(one, told)
        command = CommandContext(
            name=self._command.name,
            actor=self._command.actor,
            now=time,
            correlation_id=self._command.correlation_id,
            causation_id=self._run,
            traceparent=self._command.traceparent,
        )
        return outbox.record(
            told.event,
            command,
            event_id=event_id,
            sequence=sequence,
            size_limit=1_000_000,
            republished_at=self._command.now,
        )


def _identity(one: WithDecisions[Any], told: Told) -> tuple[str, int, datetime]:
    """Id, sequence and time of an event: a fact's own; a state's are those of its version."""
    if told.decision is not None:
        return told.decision.id, told.decision.version, told.decision.at
    stored, last = one.stored, one.decisions[-1]
    # The decision of this version may have recorded a fact, whose id is taken, in another topic.
    topic = told.event.contract.topic.name
    event_id = uuid5(_IDS, f"{topic}:{stored.id}:{stored.version}")
    return str(event_id), stored.version, last.at


def _count(report: Republished, retelling: Retelling[Any], telling: Telling) -> None:
    report.aggregates += bool(telling.events)
    report.events.update(told.event.contract.topic.name for told in telling.events)
    if telling.untold:
        facts = [topic.name for topic in retelling.topics if topic.kind == "fact"]
        report.untold[facts[0]] += telling.untold
