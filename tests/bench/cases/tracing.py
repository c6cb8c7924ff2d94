"""What traces cost: spans at 1 in 100, exported to a collector, against none, in the same run.

Kit: with spans. Bare: the same code without. Command: the request's span and its command's around
a change of a group by AggregateStore, 32 callers at once, no HTTP. Consumer: the whole loop into
placement's directory, 1 in 100 records sampled. Compared by
the CPU of the process, exporting included: the clock of a busy machine doesn't show 3 %.
"""

import dataclasses
import itertools
import random
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext

from kentongan.contracts.recorded import RecordedEvent
from kentongan.observability.tracing.contexts import current_traceparent
from kentongan.observability.tracing.export import exporting
from kentongan.observability.tracing.requests import RequestSpan
from kentongan.settings import ServiceSettings, TracingSettings
from kentongan.storage.driver import Database
from tests.bench import consuming_kit
from tests.bench.calling import called
from tests.bench.cases.command import CALLERS, COMMANDS, KitGroups, decide, receipt, store_in
from tests.bench.cases.directory import AGGREGATES, EVENTS
from tests.bench.data import SEED, identity, kim_events
from tests.bench.measuring import Comparison, Contender, Run, alternate
from tests.bench.read_models import DIRECTORY, KIMS
from tests.bench.receiving import receiver
from tests.bench.workbench import Workbench

RATIO = 0.01
AIM = 0.97


async def run(workbench: Workbench) -> Sequence[Comparison]:
    pairs = workbench.pairs
    kafka = await workbench.filled("traced-kims", KIMS, lambda: _sampled_events(workbench))
    async with receiver() as address:
        endpoint = address.removesuffix("/hook")
        on_commands, off_commands = await alternate(
            pairs, _commands(workbench, endpoint), _commands(workbench, None)
        )

        def consuming(endpoint: str | None) -> Contender:
            async def consume() -> Run:
                with spans(endpoint):
                    amount = workbench.amount(EVENTS)
                    return _by_cpu(await consuming_kit.consume(workbench, kafka, DIRECTORY, amount))

            return consume

        on_events, off_events = await alternate(pairs, consuming(endpoint), consuming(None))
    note = "at 1 in 100 / without, by CPU"
    return [
        Comparison("command, traced", on_commands, off_commands, AIM, "commands", note),
        Comparison("apply into a directory, traced", on_events, off_events, AIM, note=note),
    ]


def spans(endpoint: str | None) -> AbstractContextManager[object]:
    """With an endpoint, as a service process exports them; without, none."""
    if endpoint is None:
        return nullcontext()
    tracing = TracingSettings(otlp_endpoint=endpoint, sample_ratio=RATIO)
    settings = ServiceSettings(environment="development", tracing=tracing)
    return exporting(settings, service="bench")


def _commands(workbench: Workbench, endpoint: str | None) -> Contender:
    """Changes of groups that were created before, each in a request of its own."""

    async def measured() -> Run:
        amount = workbench.amount(COMMANDS)
        with spans(endpoint):
            # The client is told to report its calls only where spans are recorded.
            async with workbench.kit_database(lambda one: [store_in(one).layout]) as database:
                groups = TracedGroups(database)
                await called(groups.create, range(amount), callers=CALLERS)
                return _by_cpu(await called(groups.change, range(amount), callers=CALLERS))

    return measured


class TracedGroups(KitGroups):
    """Commands as they come in by HTTP, without HTTP."""

    def __init__(self, database: Database) -> None:
        self._groups = store_in(database)
        super().__init__(self._groups)

    async def change(self, number: int) -> None:
        with RequestSpan("PUT", "") as span:
            span.begin_command("kim.profile")
            command = dataclasses.replace(
                self._command("kim.profile"), traceparent=current_traceparent()
            )
            await self._groups.change(identity(number), decide, command, receipt)
            span.answered("/v1/kims/{kim_id}/profile", 200, None, None)


def _sampled_events(workbench: Workbench) -> Iterator[RecordedEvent]:
    """The events of the case `directory`, each of a trace of its own, 1 in 100 of them sampled."""
    chance = random.Random(SEED)
    events = kim_events(workbench.amount(EVENTS), workbench.amount(AGGREGATES))
    for number, event in zip(itertools.count(1), events, strict=False):
        sampled = int(chance.random() < RATIO)
        traceparent = f"00-{number:032x}-{number:016x}-{sampled:02x}"
        yield dataclasses.replace(event, traceparent=traceparent)


def _by_cpu(run: Run) -> Run:
    return dataclasses.replace(run, seconds=run.cpu_seconds)
