"""How the bench calls, receives, and runs in processes of their own."""

import asyncio
from collections import Counter

import httpx
import pytest

from tests.bench.apart import run_apart
from tests.bench.calling import called, on_new_numbers
from tests.bench.measuring import Run
from tests.bench.receiving import receiver, request_length


async def sleepless(items: str) -> Run:
    """Measures nothing, in whatever process it runs."""
    return Run(int(items), 1.0, 0.5)


async def test_callers_share_the_numbers_and_are_as_many_as_wanted() -> None:
    seen: Counter[int] = Counter()
    at_once: list[int] = [0]

    async def call(number: int) -> None:
        at_once.append(at_once[-1] + 1)
        await asyncio.sleep(0)
        seen[number] += 1
        at_once.append(at_once[-1] - 1)

    run = await called(call, range(5, 25), callers=4)
    assert seen == Counter(range(5, 25))
    assert run.items == 20
    assert max(at_once) == 4


async def test_no_two_runs_take_the_same_numbers() -> None:
    seen: list[int] = []

    async def call(number: int) -> None:
        seen.append(number)

    contender = on_new_numbers(call, 10, callers=3)
    assert [(await contender()).items for _ in range(2)] == [10, 10]
    assert sorted(seen) == list(range(20))


@pytest.mark.parametrize(
    ("unread", "length"),
    [
        (b"", None),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab", None),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcPOST", 41),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 27),
    ],
)
def test_the_receiver_knows_where_a_request_ends(unread: bytes, length: int | None) -> None:
    assert request_length(unread) == length


async def test_the_receiver_answers_every_request_of_a_connection() -> None:
    async with receiver() as url, httpx.AsyncClient() as client:
        for body in (b"", b"x" * 100_000, b"y"):
            assert (await client.post(url, content=body)).status_code == 204


async def test_a_run_apart_has_its_own_peak_of_memory() -> None:
    run = await run_apart(sleepless, "7")
    assert (run.items, run.seconds, run.cpu_seconds) == (7, 1.0, 0.5)
    assert run.peak_bytes is not None
    assert run.peak_bytes > 10_000_000


async def test_a_run_apart_that_fails_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match="sleepless"):
        await run_apart(sleepless, "seven")
