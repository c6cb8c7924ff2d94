import asyncio
from collections.abc import Mapping

from aiokafka.errors import CommitFailedError
from aiokafka.structs import TopicPartition

from kentongan.messaging.consumer.commits import Commits

ONE, OTHER = TopicPartition("test.drums", 0), TopicPartition("test.drums", 1)


class Consumer:
    """Notes what is committed, one request at a time, each as long as it is held."""

    def __init__(self) -> None:
        self.committed: list[dict[TopicPartition, int]] = []
        self.assigned = frozenset({ONE, OTHER})
        self.free = asyncio.Event()
        self.free.set()
        self.refusing = 0

    def assignment(self) -> frozenset[TopicPartition]:
        return self.assigned

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        await self.free.wait()
        if self.refusing:
            self.refusing -= 1
            raise CommitFailedError
        self.committed.append(dict(offsets))


async def test_what_comes_during_a_commit_goes_with_the_next_one() -> None:
    consumer = Consumer()
    commits = Commits("test", lambda: consumer)
    consumer.free.clear()
    commits.note({ONE: 1})
    await asyncio.sleep(0)
    commits.note({ONE: 2})
    commits.note({ONE: 3, OTHER: 7})

    consumer.free.set()
    await commits.flush()

    assert consumer.committed == [{ONE: 1}, {ONE: 3, OTHER: 7}]


async def test_partitions_that_went_elsewhere_are_left_to_their_new_owner() -> None:
    consumer = Consumer()
    consumer.assigned = frozenset({OTHER})
    commits = Commits("test", lambda: consumer)

    commits.note({ONE: 1, OTHER: 2})
    await commits.flush()
    commits.note({ONE: 3})
    await commits.flush()

    assert consumer.committed == [{OTHER: 2}]


async def test_a_refused_commit_ends_nothing() -> None:
    consumer = Consumer()
    consumer.refusing = 1
    commits = Commits("test", lambda: consumer)

    commits.note({ONE: 1})
    await commits.flush()
    commits.note({ONE: 2})
    await commits.flush()

    assert consumer.committed == [{ONE: 2}]


async def test_nothing_to_commit_is_flushed_at_once() -> None:
    await Commits("test", Consumer).flush()
