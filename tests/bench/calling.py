"""Many callers at once, each with the next number as soon as it is through with one."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable

from tests.bench.measuring import Contender, Run, Stopwatch

Call = Callable[[int], Awaitable[object]]


async def called(call: Call, numbers: range, *, callers: int) -> Run:
    """Call with every number once, so many at a time."""
    left = iter(numbers)

    async def caller() -> None:
        for number in left:
            await call(number)

    watch = Stopwatch()
    watch.start()
    await asyncio.gather(*(caller() for _ in range(callers)))
    watch.stop()
    return watch.run(len(numbers))


def on_new_numbers(call: Call, amount: int, *, callers: int) -> Contender:
    """Each run takes numbers that no run before it had."""
    firsts = itertools.count(step=amount)

    async def run() -> Run:
        first = next(firsts)
        return await called(call, range(first, first + amount), callers=callers)

    return run
