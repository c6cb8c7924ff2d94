"""A command: create a group, and change one, each with an event and an idempotency key.

32 callers at once, each on groups of its own, 3,000 commands a run; no HTTP. Kit: AggregateStore.
Bare create: insert_one. Bare change: find_one by id (state, version, the matching key), pydantic
validation of the state, and one update_one guarded by the version. Both write the same document
with state, outbox, key and decision (the case fails where the two differ in shape), majority and
journalled.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from kentongan.contracts.registry import KimRegistered, KimUpdated
from kentongan.domain import CommandContext, Decision, IdempotencyKey
from kentongan.storage.aggregates.store import AggregateStore, Stored
from kentongan.storage.driver import Database
from tests.bench import group
from tests.bench.commanding_bare import BareGroups
from tests.bench.data import TRACE, identity
from tests.bench.measuring import Comparison, Contender, Run, Stopwatch, alternate
from tests.bench.workbench import Workbench

COMMANDS = 3_000
CALLERS = 32
AIM = 0.9
Command = Callable[[int], Awaitable[object]]


async def run(workbench: Workbench) -> Sequence[Comparison]:
    amount = workbench.amount(COMMANDS)
    pairs = workbench.pairs
    async with (
        workbench.kit_database(lambda database: [store_in(database).layout]) as database,
        workbench.bare_database(lambda database: [store_in(database).layout]) as plain,
    ):
        kit, bare = KitGroups(store_in(database)), BareGroups(plain["kims"])
        kit_creates, bare_creates = await alternate(
            pairs, _creating(kit.create, amount), _creating(bare.create, amount)
        )
        kit_changes, bare_changes = await alternate(
            pairs, _changing(kit.change, amount), _changing(bare.change, amount)
        )
        _refuse_different(await database["kims"].find_one({}), await plain["kims"].find_one({}))
    note = f"{CALLERS} callers"
    return [
        Comparison("command: create", kit_creates, bare_creates, AIM, "commands", note),
        Comparison("command: change", kit_changes, bare_changes, AIM, "commands", note),
    ]


class KitGroups:
    """Commands as a service issues them."""

    def __init__(self, store: AggregateStore[group.Group]) -> None:
        self._store = store
        self._numbers = itertools.count()

    async def create(self, number: int) -> None:
        """Register a group."""
        state = group.new(number)
        event = KimRegistered.model_validate(state.model_dump())
        decision = Decision(state, "kim.register", event)
        await self._store.create(state.kim_id, decision, self._command("kim.register"), receipt)

    async def change(self, number: int) -> None:
        """Change a group's profile."""
        await self._store.change(identity(number), decide, self._command("kim.profile"), receipt)

    def _command(self, name: str) -> CommandContext:
        key = identity(10**10 + next(self._numbers))
        return CommandContext(
            name=name,
            actor="diskominfo-1",
            now=datetime.now(UTC),
            correlation_id=key,
            causation_id=key,
            traceparent=TRACE,
            idempotency=IdempotencyKey(key, key),
        )


def store_in(database: Database) -> AggregateStore[group.Group]:
    """The store under measurement."""
    return AggregateStore(database, "kims", group.Group)


def decide(state: group.Group) -> Decision[group.Group]:
    """One more member."""
    changed = group.grown(state)
    return Decision(changed, "kim.profile", KimUpdated.model_validate(changed.model_dump()))


def receipt(stored: Stored[group.Group]) -> dict[str, Any]:
    """What the caller is answered."""
    return {"id": stored.id, "version": stored.version, "status": stored.state.status}


def _creating(command: Command, amount: int) -> Contender:
    """Groups that are not there yet, in each run."""
    firsts = itertools.count(step=amount)

    async def run() -> Run:
        first = next(firsts)
        return await _called(command, range(first, first + amount))

    return run


def _changing(command: Command, amount: int) -> Contender:
    """The groups of the first run."""
    return lambda: _called(command, range(amount))


async def _called(command: Command, groups: range) -> Run:
    numbers = iter(groups)

    async def caller() -> None:
        for number in numbers:
            await command(number)

    watch = Stopwatch()
    watch.start()
    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    watch.stop()
    return watch.run(len(groups))


def _refuse_different(kit: Any, bare: Any) -> None:
    if _shape(kit) != _shape(bare):
        raise AssertionError(f"kit and bare write different documents:\n{kit}\n{bare}")


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shape(one) for name, one in sorted(value.items())}
    if isinstance(value, list):
        return [_shape(value[0])] if value else []
    return type(value).__name__
