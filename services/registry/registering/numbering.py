"""Registration across groups: a number without gaps or repeats in its city, one group a seat.

There is no counter, for a crash between counting and writing would leave a gap. The registering
update itself writes the highest number + 1 under a unique index; whoever comes second reads again.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable

import structlog

from kentongan.domain import CommandContext, Decision
from kentongan.storage.aggregates.store import AggregateStore, Answer, Outcome
from kentongan.storage.errors import DuplicateValue, TooManyConflicts
from services.registry.domain.errors import SeatTaken
from services.registry.domain.kim import Kim
from services.registry.stores import NUMBER_INDEX, SEAT_INDEX

_TRIES = 60
_PAUSE_SECONDS = 0.02
_log = structlog.get_logger(__name__)

Registering = Callable[[Kim, int], Decision[Kim]]
"""The pure decision, given the number that seems free."""


class Numbering:
    """Registers groups. One per process: its turns keep the process from racing against itself."""

    def __init__(self, store: AggregateStore[Kim]) -> None:
        self._store = store
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def register(
        self, kim_id: str, registering: Registering, command: CommandContext, answer: Answer[Kim]
    ) -> Outcome:
        """Change the group by `registering`, under the next number of its city.

        Raises SeatTaken, TooManyConflicts when other processes win every time, and whatever
        `AggregateStore.change` and the decision raise.
        """
        city = (await self._store.load(kim_id)).state.city_code

        async def decide(kim: Kim) -> Decision[Kim]:
            return registering(kim, await self._highest(city) + 1)

        async with self._turns[city]:
            for _ in range(_TRIES):
                outcome = await self._try(kim_id, decide, command, answer)
                if outcome is not None:
                    return outcome
                await asyncio.sleep(random.uniform(0, _PAUSE_SECONDS))
        raise TooManyConflicts(kim_id, _TRIES)

    async def seat_holder(self, seat: str) -> str | None:
        """The id of the group that holds a seat, if any does."""
        found = await self._store.aggregate(
            [{"$match": {"state.seat": seat}}, {"$limit": 1}, {"$project": {"_id": 1}}]
        )
        return str(found[0]["_id"]) if found else None

    async def _try(
        self,
        kim_id: str,
        decide: Callable[[Kim], Awaitable[Decision[Kim]]],
        command: CommandContext,
        answer: Answer[Kim],
    ) -> Outcome | None:
        """None where another process took the number first; the index that spoke tells."""
        try:
            return await self._store.change(kim_id, decide, command, answer)
        except DuplicateValue as taken:
            if taken.index == SEAT_INDEX.name:
                kim = (await self._store.load(kim_id)).state
                raise SeatTaken(region=kim.region.name, level=kim.level.value) from taken
            if taken.index != NUMBER_INDEX.name:
                raise
            _log.info("number.taken", kim_id=kim_id)
            return None

    async def _highest(self, city: str) -> int:
        found = await self._store.aggregate(
            [
                {"$match": {"state.city_code": city, "state.number": {"$gt": 0}}},
                {"$sort": {"state.number": -1}},
                {"$limit": 1},
                {"$project": {"number": "$state.number"}},
            ]
        )
        return int(found[0]["number"]) if found else 0
