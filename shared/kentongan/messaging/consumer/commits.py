"""Commits follow the writes, in the background: no record waits for one."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from kentongan.observability import metrics

_log = structlog.get_logger(__name__)


class Commits:
    """Commits what was written, one request at a time; what is noted meanwhile goes with the next.

    A commit that fails is no loss: the records are read again, and are there already.
    """

    def __init__(self, service: str, consumer: Callable[[], Any]) -> None:
        self._service = service
        self._consumer = consumer
        self._noted: dict[TopicPartition, int] = {}
        self._committing: asyncio.Task[None] | None = None

    def note(self, reached: Mapping[TopicPartition, int]) -> None:
        """All records before these offsets are written."""
        self._noted.update(reached)
        if self._committing is None or self._committing.done():
            self._committing = asyncio.create_task(self._commit_all(), name="commit")

    async def flush(self) -> None:
        """Until all that was noted is committed, or was refused."""
        if self._committing is not None:
            await asyncio.wait((self._committing,))

    async def abandon(self) -> None:
        """Commit no more."""
        if self._committing is not None:
            self._committing.cancel()
            await asyncio.gather(self._committing, return_exceptions=True)

    async def _commit_all(self) -> None:
        while self._noted:
            noted, self._noted = self._noted, {}
            consumer = self._consumer()
            assigned = consumer.assignment() if consumer is not None else frozenset()
            offsets = {one: offset for one, offset in noted.items() if one in assigned}
            if not offsets:
                continue
            try:
                await consumer.commit(offsets)
            except KafkaError as error:
                _log.warning("consumer.commit_refused", error=repr(error))
            else:
                metrics.CONSUMER_LAST_COMMIT.labels(self._service).set_to_current_time()
