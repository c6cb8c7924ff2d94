"""Asks are answered together, and never by a call that began before them."""

import asyncio
from collections.abc import Sequence

import pytest

from services.broadcast.courier.batching import Batching


class Database:
    """Answers with the state at the moment the call began; each call waits for its turn."""

    def __init__(self) -> None:
        self.state = "published"
        self.calls: list[list[str]] = []
        self.turn = asyncio.Semaphore(0)
        self.broken = False

    async def look(self, asks: Sequence[str]) -> list[str]:
        self.calls.append(list(asks))
        seen = self.state
        await self.turn.acquire()
        if self.broken:
            raise ConnectionError
        return [f"{ask}:{seen}" for ask in asks]


async def test_an_ask_is_not_answered_by_a_call_that_began_before_it() -> None:
    database = Database()
    batching = Batching(database.look)
    early = asyncio.create_task(batching.ask("a"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    database.state = "retracted"
    late = [asyncio.create_task(batching.ask(name)) for name in ("b", "c")]
    await asyncio.sleep(0)
    database.turn.release()
    database.turn.release()
    assert await early == "a:published"
    assert [await each for each in late] == ["b:retracted", "c:retracted"]
    assert database.calls == [["a"], ["b", "c"]]


async def test_a_failure_is_everyones_in_the_batch_and_nobodys_after() -> None:
    database = Database()
    batching = Batching(database.look)
    database.broken = True
    asks = [asyncio.create_task(batching.ask(name)) for name in ("a", "b")]
    database.turn.release()
    for each in asks:
        with pytest.raises(ConnectionError):
            await each
    database.broken = False
    database.turn.release()
    assert await batching.ask("c") == "c:published"


async def test_who_gives_up_waiting_hinders_nobody() -> None:
    database = Database()
    batching = Batching(database.look)
    first = asyncio.create_task(batching.ask("a"))
    second = asyncio.create_task(batching.ask("b"))
    await asyncio.sleep(0)
    first.cancel()
    database.turn.release()
    assert await second == "b:published"
