"""Many small queries, some at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from kentongan.demo.clients.endpoint import AT_ONCE

Item = TypeVar("Item")
Found = TypeVar("Found")


async def read_each(items: Iterable[Item], read: Callable[[Item], Awaitable[Found]]) -> list[Found]:
    """The answers in the order of the items."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(item: Item) -> Found:
        async with gate:
            return await read(item)

    return await asyncio.gather(*(one(item) for item in items))
