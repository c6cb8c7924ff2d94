"""Many small asks of the database as few large ones, without anyone waiting for a clock."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Ask = TypeVar("Ask")
Answer = TypeVar("Answer")


class Batching(Generic[Ask, Answer]):
    """Answers all that were asked while the database was busy with those before, at once.

    An ask is always answered by a call that began after it, so a read is as fresh as one's own.
    """

    def __init__(self, answer_all: Callable[[Sequence[Ask]], Awaitable[Sequence[Answer]]]) -> None:
        self._answer_all = answer_all
        self._waiting: list[tuple[Ask, asyncio.Future[Answer]]] = []
        self._task: asyncio.Task[None] | None = None

    async def ask(self, ask: Ask) -> Answer:
        """The answer to one ask. Raises what answering the whole batch raised."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((ask, future))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._answer_waiting(), name="courier-batch")
        return await future

    async def _answer_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                answers = await self._answer_all([ask for ask, _ in batch])
            except Exception as error:  # noqa: BLE001 - each asker hears it
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            else:
                for (_, future), answer in zip(batch, answers, strict=True):
                    if not future.done():
                        future.set_result(answer)
