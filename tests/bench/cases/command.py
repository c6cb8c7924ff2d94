"""A command: create a group, and change one, each with an event and an idempotency key.

32 callers at once, each on groups of its own, 3,000 commands a run; no HTTP. Kit: AggregateStore.
Bare create: insert_one. Bare change: find_one by id (state, version, the matching key), pydantic
validation of the state, and one update_one guarded by the version. Both write the same document
with state, outbox, key and decision (the case fails where the two differ in shape), majority and
journalled.
"""

import itertools
from collections.abc import Sequence
from typing import Any

from kentongan.contracts.registry import KimRegistered, KimUpdated
from kentongan.domain import CommandContext, Decision, IdempotencyKey
from kentongan.domain.clock import utc_now
from kentongan.storage.aggregates.store import AggregateStore, Stored
from kentongan.storage.driver import Database
from tests.bench import group
from tests.bench.calling import called, on_new_numbers
from tests.bench.commanding_bare import BareGroups
from tests.bench.data import TRACE, identity
from tests.bench.likeness import refuse_different
from tests.bench.measuring import Comparison, alternate
from tests.bench.workbench import Workbench

COMMANDS = 3_000
CALLERS = 32
AIM = 0.9


async def run(workbench: Workbench) -> Sequence[Comparison]:
    amount = workbench.amount(COMMANDS)
    pairs = workbench.pairs
    async with (
        workbench.kit_database(lambda database: [store_in(database).layout]) as database,
        workbench.bare_database(lambda database: [store_in(database).layout]) as plain,
    ):
        kit, bare = KitGroups(store_in(database)), BareGroups(plain["kims"])
        kit_creates, bare_creates = await alternate(
            pairs,
            on_new_numbers(kit.create, amount, callers=CALLERS),
            on_new_numbers(bare.create, amount, callers=CALLERS),
        )
        kit_changes, bare_changes = await alternate(
            pairs,
            lambda: called(kit.change, range(amount), callers=CALLERS),
            lambda: called(bare.change, range(amount), callers=CALLERS),
        )
        refuse_different(await database["kims"].find_one({}), await plain["kims"].find_one({}))
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
            now=utc_now(),
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
